// The key of somebody of the Commission: made in this browser, kept under a passphrase, never sent anywhere.
import { Broken, bytes, hex, fromHex } from "./frame.js";
import { identity, newReceipt, stretched } from "./receipt.js";
import { decrypted, encrypted, newKey, signsOf } from "./sealing.js";
import { identityToRecipient } from "./vendor/age-0.3.1/crypto.js";

const KIND = "bekhedmetkom box key 1";
const LEAST_LETTERS = 16;

/** A passphrase that nobody guesses: six of the receipts' words, 66 bits before Argon2id. */
export const suggested = () => newReceipt().slice(0, 6).join(" ");

export const isWeak = (passphrase) => [...passphrase.trim()].length < LEAST_LETTERS;

/** A new key: `kept` is what a file or this browser keeps, `open` what the root's keeper is given. */
export async function made({ id, name, office }, passphrase) {
  const { secret, recipient } = await newKey();
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const lock = await identityToRecipient(await under(passphrase, salt));
  const wrapped = hex(await encrypted(bytes(secret), [lock]));
  return {
    kept: { kind: KIND, id, name, recipient, salt: hex(salt), wrapped },
    open: { id, name, office, recipient, ...(office === "custodian" ? {} : { signs: signsOf(secret) }) },
  };
}

/** The secret of a kept key; Broken with another passphrase. */
export async function unlocked(kept, passphrase) {
  const secret = await decrypted(fromHex(kept.wrapped), await under(passphrase, fromHex(kept.salt)));
  return new TextDecoder().decode(secret);
}

/** A kept key out of a file; Broken if it is none. */
export function read(text) {
  try {
    const kept = JSON.parse(text);
    if (kept.kind === KIND && [kept.id, kept.salt, kept.wrapped].every((one) => typeof one === "string")) return kept;
  } catch {
    // said below
  }
  throw new Broken();
}

const under = async (passphrase, salt) =>
  identity(await stretched(passphrase.normalize("NFKC").trim().split(/\s+/).join(" "), salt));

/** The keys that this browser keeps, wrapped. */
export const keptHere = () => inStore("readonly", (keys) => keys.getAll());
export const keepHere = (kept) => inStore("readwrite", (keys) => keys.put(kept));
export const forgetHere = (id) => inStore("readwrite", (keys) => keys.delete(id));

function inStore(mode, act) {
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
