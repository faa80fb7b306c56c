// The frame in which everything is sealed. Python's half, and what a frame is: disclosures/rules/padding.py.
import { hmac, sha256 } from "./vendor/age-0.3.1/crypto.js";

const KIB = 1024;
const MIB = 1024 * KIB;
export const LARGEST_BODY = 20 * MIB;
export const BUCKETS = [4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 5 * MIB, LARGEST_BODY + 4 * KIB];

const MAGIC = "BKB1";
const HEADER_LIMIT = 4000;
const [START, TAG, LENGTH] = [8, 32, 8];

export class TooLarge extends Error {}
export class Broken extends Error {}

export const bytes = (text) => new TextEncoder().encode(text);
export const text = (read) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(read);
export const hex = (read) => [...read].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export function fromHex(said) {
  if (!/^([0-9a-f]{2})*$/.test(said)) throw new Broken();
  return Uint8Array.from(said.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** Whether two byte strings are the same; takes as long either way. */
export function same(one, other) {
  let differs = one.length ^ other.length;
  for (let at = 0; at < one.length; at++) differs |= one[at] ^ other[at];
  return differs === 0;
}

/** JSON with its names in order: the one spelling that is signed and proven. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

function bucket(size) {
  const fits = BUCKETS.find((one) => size <= one);
  if (!fits) throw new TooLarge();
  return fits;
}

export function framed(header, body, voice) {
  const said = bytes(canonical(header));
  if (said.length > HEADER_LIMIT || body.length > LARGEST_BODY) throw new TooLarge();
  const zerosAt = START + said.length + body.length;
  const frame = new Uint8Array(bucket(zerosAt + TAG + LENGTH));
  const view = new DataView(frame.buffer);
  frame.set(bytes(MAGIC));
  view.setUint32(MAGIC.length, said.length);
  frame.set(said, START);
  frame.set(body, START + said.length);
  frame.set(hmac(sha256, voice, frame.subarray(0, zerosAt)), frame.length - LENGTH - TAG);
  view.setBigUint64(frame.length - LENGTH, BigInt(body.length));
  return frame;
}

/** {header, body}, or Broken if anything at all does not fit. A custodian has no voice (null). */
export function unframed(frame, voice) {
  if (!BUCKETS.includes(frame.length) || !same(frame.subarray(0, MAGIC.length), bytes(MAGIC))) throw new Broken();
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const bodyAt = START + view.getUint32(MAGIC.length);
  const length = view.getBigUint64(frame.length - LENGTH);
  const tagAt = frame.length - LENGTH - TAG;
  if (length > BigInt(tagAt)) throw new Broken();
  const zerosAt = bodyAt + Number(length);
  if (zerosAt > tagAt || bucket(zerosAt + TAG + LENGTH) !== frame.length) throw new Broken();
  if (frame.subarray(zerosAt, tagAt).some((byte) => byte !== 0)) throw new Broken();
  const tag = frame.subarray(tagAt, tagAt + TAG);
  if (voice && !same(hmac(sha256, voice, frame.subarray(0, zerosAt)), tag)) throw new Broken();
  return { header: read(frame.subarray(START, bodyAt)), body: frame.slice(bodyAt, zerosAt) };
}

/** What JSON says, an object or nothing. */
export function read(said) {
  let value;
  try {
    value = JSON.parse(text(said));
  } catch {
    throw new Broken();
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Broken();
  return value;
}
