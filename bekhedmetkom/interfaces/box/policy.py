"""What a page of the box may load: its own files."""

# Nothing from anywhere else, and nothing inline. WebAssembly is Argon2id's, of our own files. One page shows a frame of
# ours: the check of two words, beside which the words must stay.
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
)
