// What the sealed box's pages need of other people's cryptography; see make.sh.
export { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
export { ed25519 } from "@noble/curves/ed25519.js";
export { hkdf } from "@noble/hashes/hkdf.js";
export { hmac } from "@noble/hashes/hmac.js";
export { sha256 } from "@noble/hashes/sha2.js";
export { bech32 } from "@scure/base";
export { argon2id } from "hash-wasm";
