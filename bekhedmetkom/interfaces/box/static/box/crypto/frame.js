// The frame that every plaintext is put in. Python's half documents the format: disclosures/rules/frame.py.
import { hmac, sha256 } from "../vendor/age-0.3.1/crypto.js";

const KIB = 1024;
const MIB = 1024 * KIB;
export const LARGEST_BODY = 20 * MIB;
export const BUCKETS = [4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 5 * MIB, LARGEST_BODY + 4 * KIB];

const MAGIC = "BKB1";
const HEADER_LIMIT = 4000;
const [START, TAG, LENGTH] = [8, 32, 8];

export class TooLarge extends Error {}
export class CorruptData extends Error {}

export const encodeText = (value) => new TextEncoder().encode(value);
export const decodeText = (octets) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets);
export const hex = (octets) => [...octets].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export function fromHex(text) {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new CorruptData();
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** Returns whether two byte strings are equal, in constant time. */
export function equalBytes(first, second) {
  let differs = first.length ^ second.length;
  for (let at = 0; at < first.length; at++) differs |= first[at] ^ second[at];
  return differs === 0;
}

/** Returns canonical JSON with sorted keys: the encoding that is signed and authenticated. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

function chooseBucket(size) {
  const fits = BUCKETS.find((bucket) => size <= bucket);
  if (!fits) throw new TooLarge();
  return fits;
}

export function buildFrame(header, body, voice) {
  const headerBytes = encodeText(canonical(header));
  if (headerBytes.length > HEADER_LIMIT || body.length > LARGEST_BODY) throw new TooLarge();
  const zerosAt = START + headerBytes.length + body.length;
  const frame = new Uint8Array(chooseBucket(zerosAt + TAG + LENGTH));
  const view = new DataView(frame.buffer);
  frame.set(encodeText(MAGIC));
  view.setUint32(MAGIC.length, headerBytes.length);
  frame.set(headerBytes, START);
  frame.set(body, START + headerBytes.length);
  frame.set(hmac(sha256, voice, frame.subarray(0, zerosAt)), frame.length - LENGTH - TAG);
  view.setBigUint64(frame.length - LENGTH, BigInt(body.length));
  return frame;
}

/** Returns {header, body} or throws CorruptData. A custodian has no voice key (null). */
export function parseFrame(frame, voice) {
  if (!BUCKETS.includes(frame.length)) throw new CorruptData();
  if (!equalBytes(frame.subarray(0, MAGIC.length), encodeText(MAGIC))) throw new CorruptData();
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const bodyAt = START + view.getUint32(MAGIC.length);
  const length = view.getBigUint64(frame.length - LENGTH);
  const tagAt = frame.length - LENGTH - TAG;
  if (length > BigInt(tagAt)) throw new CorruptData();
  const zerosAt = bodyAt + Number(length);
  if (zerosAt > tagAt || chooseBucket(zerosAt + TAG + LENGTH) !== frame.length) throw new CorruptData();
  if (frame.subarray(zerosAt, tagAt).some((byte) => byte !== 0)) throw new CorruptData();
  const tag = frame.subarray(tagAt, tagAt + TAG);
  if (voice && !equalBytes(hmac(sha256, voice, frame.subarray(0, zerosAt)), tag)) throw new CorruptData();
  return { header: parseJsonObject(frame.subarray(START, bodyAt)), body: frame.slice(bodyAt, zerosAt) };
}

/** Returns the JSON object or throws CorruptData. */
export function parseJsonObject(octets) {
  let value;
  try {
    value = JSON.parse(decodeText(octets));
  } catch {
    throw new CorruptData();
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new CorruptData();
  return value;
}
