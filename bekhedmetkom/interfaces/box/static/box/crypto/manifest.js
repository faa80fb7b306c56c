// The manifest: to whom reports are sealed. Verified before anything is encrypted, by a key that the page has of its
// own; Python's half, and what is refused: disclosures/rules/manifest.py.
import { bech32, ed25519 } from "./vendor/age-0.3.1/crypto.js";
import { bytes, canonical, fromHex, read, same } from "./frame.js";

export class Refused extends Error {}
export class Missing extends Refused {}
export class BadSignature extends Refused {}
export class Expired extends Refused {}
export class RolledBack extends Refused {}
export class Unfit extends Refused {}

const CONTEXT = bytes("bekhedmetkom box manifest\n");
const LEAST = 2;
const DATE = /^\d{4}-\d\d-\d\d$/;
const HAND = /^[0-9a-f]{64}$/;
const PARTS = ["custodians", "epoch", "escrow", "expires", "issued", "officers", "version"];

/** Today where the Commission sits, as 2026-11-27. */
export const today = () => new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Amman" }).format(new Date());

export const fromBase64 = (said) => Uint8Array.from(atob(said), (letter) => letter.charCodeAt(0));

/** The manifest if every link holds, else a Refused. Takes what GET /manifest answers, and the root in hex. */
export function verify({ manifest, signature, epoch }, root, day = today()) {
  if (!manifest || !signature || !root) throw new Missing();
  const body = fromBase64(manifest);
  if (!signed(body, fromBase64(signature), fromHex(root))) throw new BadSignature();
  const said = parsed(body);
  if (!(said.issued <= day && day <= said.expires)) throw new Expired();
  if (said.epoch < epoch) throw new RolledBack();
  return said;
}

function signed(body, signature, root) {
  const whole = new Uint8Array(CONTEXT.length + body.length);
  whole.set(CONTEXT);
  whole.set(body, CONTEXT.length);
  try {
    return ed25519.verify(signature, whole, root, { zip215: false });
  } catch {
    return false;
  }
}

export function parsed(body) {
  try {
    const said = read(body);
    if (same(bytes(canonical(said)), body) && fit(said)) return said;
  } catch {
    // said below: whatever was wrong with it, it is unfit
  }
  throw new Unfit();
}

function fit(said) {
  const people = [...said.officers, ...said.custodians];
  const keys = [...people.map((one) => one.recipient), said.escrow];
  return (
    same(bytes(Object.keys(said).join()), bytes(PARTS.join())) &&
    said.version === 1 &&
    Number.isInteger(said.epoch) &&
    said.epoch >= 1 &&
    [said.issued, said.expires].every((day) => DATE.test(day)) &&
    said.issued <= said.expires &&
    Math.min(said.officers.length, said.custodians.length) >= LEAST &&
    people.every((one) => one.id && one.name && typeof one.id === "string" && typeof one.name === "string") &&
    said.officers.every((one) => Object.keys(one).join() === "id,name,recipient,role,signs" && HAND.test(one.signs)) &&
    said.custodians.every((one) => Object.keys(one).join() === "id,name,recipient") &&
    said.officers.every((one) => one.role === "officer" || one.role === "chief") &&
    new Set(people.map((one) => one.id)).size === people.length &&
    new Set(keys).size === keys.length &&
    new Set(said.officers.map((one) => one.signs)).size === said.officers.length &&
    keys.every(recipient)
  );
}

function recipient(key) {
  const { prefix, bytes: point } = bech32.decodeToBytes(key);
  return prefix === "age" && point.length === 32;
}
