// The manifest: the public keys that reports are encrypted to. It is verified with the page's root key before every
// encryption. Python's half: disclosures/rules/manifest.py.
import { bech32, ed25519 } from "../vendor/age-0.3.1/crypto.js";
import { encodeText, canonical, fromHex, parseJsonObject, equalBytes } from "./frame.js";

export class ManifestError extends Error {}
export class MissingManifest extends ManifestError {}
export class BadSignature extends ManifestError {}
export class ExpiredManifest extends ManifestError {}
export class RolledBackManifest extends ManifestError {}
export class InvalidManifest extends ManifestError {}

const CONTEXT = encodeText("bekhedmetkom box manifest\n");
const MIN_PEOPLE = 2;
const DATE = /^\d{4}-\d\d-\d\d$/;
const SIGNING_KEY = /^[0-9a-f]{64}$/;
const PARTS = ["custodians", "epoch", "escrow", "expires", "issued", "officers", "version"];

/** Returns today's date in Amman, as 2026-11-27. */
export const getToday = () => new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Amman" }).format(new Date());

export const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** Returns the manifest or throws a ManifestError. Takes the response of GET /manifest and the root key in hex. */
export function verifyManifest({ manifest, signature, epoch }, root, day = getToday()) {
  if (!manifest || !signature || !root) throw new MissingManifest();
  const signedBytes = fromBase64(manifest);
  if (!isSignatureValid(signedBytes, fromBase64(signature), fromHex(root))) throw new BadSignature();
  const body = parseManifest(signedBytes);
  if (!(body.issued <= day && day <= body.expires)) throw new ExpiredManifest();
  if (body.epoch < epoch) throw new RolledBackManifest();
  return body;
}

function isSignatureValid(body, signature, root) {
  const whole = new Uint8Array(CONTEXT.length + body.length);
  whole.set(CONTEXT);
  whole.set(body, CONTEXT.length);
  try {
    return ed25519.verify(signature, whole, root, { zip215: false });
  } catch {
    return false;
  }
}

export function parseManifest(signedBytes) {
  try {
    const body = parseJsonObject(signedBytes);
    if (equalBytes(encodeText(canonical(body)), signedBytes) && isValidManifest(body)) return body;
  } catch {
    // malformed: rejected below
  }
  throw new InvalidManifest();
}

function isValidManifest(body) {
  const people = [...body.officers, ...body.custodians];
  const keys = [...people.map((person) => person.recipient), body.escrow];
  return (
    equalBytes(encodeText(Object.keys(body).join()), encodeText(PARTS.join())) &&
    body.version === 1 &&
    Number.isInteger(body.epoch) &&
    body.epoch >= 1 &&
    [body.issued, body.expires].every((day) => DATE.test(day)) &&
    body.issued <= body.expires &&
    Math.min(body.officers.length, body.custodians.length) >= MIN_PEOPLE &&
    people.every(({ id, name }) => id && name && typeof id === "string" && typeof name === "string") &&
    body.officers.every((person) => Object.keys(person).join() === "id,name,recipient,role,signs") &&
    body.officers.every((person) => SIGNING_KEY.test(person.signs)) &&
    body.custodians.every((person) => Object.keys(person).join() === "id,name,recipient") &&
    body.officers.every((person) => person.role === "officer" || person.role === "chief") &&
    new Set(people.map((person) => person.id)).size === people.length &&
    new Set(keys).size === keys.length &&
    new Set(body.officers.map((person) => person.signs)).size === body.officers.length &&
    keys.every(isRecipient)
  );
}

function isRecipient(key) {
  const { prefix, bytes: point } = bech32.decodeToBytes(key);
  return prefix === "age" && point.length === 32;
}
