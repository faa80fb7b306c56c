// A Commission member's key: generated in this browser, stored under a passphrase, never sent.
import { CorruptData, encodeText, fromHex, hex } from "../crypto/frame.js";
import { encodeIdentity, generateReceipt, stretchPassphrase } from "../crypto/receipt.js";
import { decrypt, deriveSigningPublicKey, encrypt, generateKey } from "../crypto/encryption.js";
import { identityToRecipient } from "../vendor/age-0.3.1/crypto.js";

const KIND = "bekhedmetkom box key 1";
const MIN_PASSPHRASE_LENGTH = 16;

/** Returns a random passphrase of six receipt words: 66 bits before Argon2id. */
export const suggestPassphrase = () => generateReceipt().slice(0, 6).join(" ");

export const isWeak = (passphrase) => [...passphrase.trim()].length < MIN_PASSPHRASE_LENGTH;

/** Generates a key: `stored` for a file or this browser, `publicKey` for whoever signs the manifest. */
export async function createKey({ id, name, office }, passphrase) {
  const { secret, recipient } = await generateKey();
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const wrappingRecipient = await identityToRecipient(await deriveIdentity(passphrase, salt));
  const wrapped = hex(await encrypt(encodeText(secret), [wrappingRecipient]));
  return {
    stored: { kind: KIND, id, name, recipient, salt: hex(salt), wrapped },
    publicKey: { id, name, office, recipient, ...(office === "custodian" ? {} : { signs: deriveSigningPublicKey(secret) }) },
  };
}

/** Returns the private key of a stored key. Throws CorruptData if the passphrase is wrong. */
export async function unlockKey(stored, passphrase) {
  const secret = await decrypt(fromHex(stored.wrapped), await deriveIdentity(passphrase, fromHex(stored.salt)));
  return new TextDecoder().decode(secret);
}

/** Parses a key file. Throws CorruptData. */
export function parseKeyFile(text) {
  try {
    const stored = JSON.parse(text);
    if (stored.kind === KIND && [stored.id, stored.salt, stored.wrapped].every((value) => typeof value === "string")) return stored;
  } catch {
    // malformed: rejected below
  }
  throw new CorruptData();
}

const deriveIdentity = async (passphrase, salt) =>
  encodeIdentity(await stretchPassphrase(passphrase.normalize("NFKC").trim().split(/\s+/).join(" "), salt));

/** Returns the encrypted keys that this browser stores. */
export const listStoredKeys = () => withStore("readonly", (keys) => keys.getAll());
export const storeKey = (stored) => withStore("readwrite", (keys) => keys.put(stored));
export const deleteStoredKey = (id) => withStore("readwrite", (keys) => keys.delete(id));

function withStore(mode, act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("box", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys", { keyPath: "id" });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const request = act(opening.result.transaction("keys", mode).objectStore("keys"));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    };
  });
}
