// The key of somebody of the Commission: made in this browser, kept under a passphrase, never sent anywhere.
import { CorruptData, encodeText, hex, fromHex } from "../crypto/frame.js";
import { encodeIdentity, generateReceipt, stretchPassphrase } from "../crypto/receipt.js";
import { decrypt, encrypt, generateKey, deriveSigningPublicKey } from "../crypto/encryption.js";
import { identityToRecipient } from "../vendor/age-0.3.1/crypto.js";

const KIND = "bekhedmetkom box key 1";
const MIN_PASSPHRASE_LENGTH = 16;

/** A passphrase that nobody guesses: six of the receipts' words, 66 bits before Argon2id. */
export const suggestPassphrase = () => generateReceipt().slice(0, 6).join(" ");

export const isWeak = (passphrase) => [...passphrase.trim()].length < MIN_PASSPHRASE_LENGTH;

/** A new key: `kept` is what a file or this browser keeps, `open` what the root's keeper is given. */
export async function createKey({ id, name, office }, passphrase) {
  const { secret, recipient } = await generateKey();
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const lock = await identityToRecipient(await deriveIdentity(passphrase, salt));
  const wrapped = hex(await encrypt(encodeText(secret), [lock]));
  return {
    kept: { kind: KIND, id, name, recipient, salt: hex(salt), wrapped },
    open: { id, name, office, recipient, ...(office === "custodian" ? {} : { signs: deriveSigningPublicKey(secret) }) },
  };
}

/** The secret of a kept key; Broken with another passphrase. */
export async function unlockKey(kept, passphrase) {
  const secret = await decrypt(fromHex(kept.wrapped), await deriveIdentity(passphrase, fromHex(kept.salt)));
  return new TextDecoder().decode(secret);
}

/** A kept key out of a file; Broken if it is none. */
export function parseKeyFile(text) {
  try {
    const kept = JSON.parse(text);
    if (kept.kind === KIND && [kept.id, kept.salt, kept.wrapped].every((one) => typeof one === "string")) return kept;
  } catch {
    // said below
  }
  throw new CorruptData();
}

const deriveIdentity = async (passphrase, salt) =>
  encodeIdentity(await stretchPassphrase(passphrase.normalize("NFKC").trim().split(/\s+/).join(" "), salt));

/** The keys that this browser keeps, wrapped. */
export const listStoredKeys = () => withStore("readonly", (keys) => keys.getAll());
export const storeKey = (kept) => withStore("readwrite", (keys) => keys.put(kept));
export const deleteStoredKey = (id) => withStore("readwrite", (keys) => keys.delete(id));

function withStore(mode, act) {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("box", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys", { keyPath: "id" });
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const asked = act(opening.result.transaction("keys", mode).objectStore("keys"));
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    };
  });
}
