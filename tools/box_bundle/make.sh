#!/bin/sh
# Makes the one vendored module of the sealed box: age-encryption and what it needs, Argon2id, Bech32 and Ed25519.
# Needs Node 20 or newer with npm, once, on the machine of whoever changes a version; building and running do not.
# The same lock file gives the same bytes: tests/box/test_crypto_bundle.py holds their hash.
#
#     sh tools/box_bundle/make.sh            writes the module, its licences and its hash
#     sh tools/box_bundle/make.sh --check    makes it elsewhere and compares
set -eu
here=$(cd "$(dirname "$0")" && pwd)
vendor="$here/../../bekhedmetkom/interfaces/box/static/box/vendor/age-0.3.1"
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
cp "$here/package.json" "$here/package-lock.json" "$here/entry.js" "$made"
cd "$made"
npm ci --ignore-scripts --no-audit --no-fund --silent
./node_modules/.bin/esbuild entry.js --bundle --format=esm --minify --charset=utf8 --target=es2022 \
    --legal-comments=none --log-level=warning --outfile=crypto.js
for package in age-encryption @noble/ciphers @noble/curves @noble/hashes @noble/post-quantum @scure/base hash-wasm; do
    version=$(node -p "require('./node_modules/$package/package.json').version")
    printf '== %s %s ==\n\n' "$package" "$version"
    cat node_modules/"$package"/LICENSE*
    printf '\n'
done > LICENSES.txt
if [ "${1:-}" = --check ]; then
    cmp crypto.js "$vendor/crypto.js" && cmp LICENSES.txt "$vendor/LICENSES.txt" && echo "the same bytes"
else
    mkdir -p "$vendor"
    cp crypto.js LICENSES.txt "$vendor"
    openssl dgst -sha384 -binary crypto.js | openssl base64 -A
    echo
fi
