// The receipt: ten words, and the keys that they stand for. Python's half is disclosures/rules/receipts.py; the
// vectors in tests/box hold both to the byte.
import { argon2id, bech32, hkdf, identityToRecipient, sha256 } from "./vendor/age-0.3.1/crypto.js";
import { WORDS } from "./words.js";

export const COUNT = 10;
export const CHECKED = [3, 7];

const bytes = (text) => new TextEncoder().encode(text);

const SAME = new Map([
  ...[..."ةىٱیېےکڪہھەۃ"].map((letter, place) => [letter, "هيايييككهههه"[place]]),
  ["ء", ""],
  ["ـ", ""],
]);
const MARKS =
  /[\u0300-\u036f\u0610-\u061a\u061c\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]/g;
const WORD = /[ابتثجحخدذرزسشصضطظعغفقكلمنهوي]+/g;
const KEYS = new Map([
  ...[..."qwertyuiop[]asdfghjkl;'zxcvnm,./`"].map((key, place) => [
    key,
    "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظذ"[place],
  ]),
  ["b", "لا"],
]);

const letters = (text) => [...text.normalize("NFKD").replace(MARKS, "")].map((l) => SAME.get(l) ?? l).join("");

/** The words of what a person typed, in the one spelling that counts. */
export function folded(text) {
  const found = letters(text).match(WORD);
  if (found) return found;
  const typed = [...text.toLowerCase()].map((key) => KEYS.get(key) ?? key).join("");
  return letters(typed).match(WORD) ?? [];
}

const one = (word) => folded(word).join(" ");
const known = new Set(WORDS.map(one));

/** Which of the typed words (the first is 1) no receipt has. */
export const unknown = (text) => folded(text).flatMap((word, place) => (known.has(word) ? [] : [place + 1]));

export class NotAReceipt extends Error {}

/** What the keys are derived from. */
export function canonical(typed) {
  const words = folded(typed);
  if (words.length !== COUNT) throw new NotAReceipt();
  return words.join(" ");
}

/** Ten words by chance. */
export function newReceipt() {
  const drawn = crypto.getRandomValues(new Uint16Array(COUNT));
  return [...drawn].map((number) => WORDS[number % WORDS.length]); // 65,536 is a multiple of 2,048
}

/** Argon2id of what somebody knows by heart: 32 bytes. */
export const stretched = (password, salt) =>
  argon2id({ password, salt, iterations: 3, memorySize: 65536, parallelism: 1, hashLength: 32, outputType: "binary" });

/** 32 bytes as an age identity. */
export const identity = (secret) => bech32.encodeFromBytes("age-secret-key-", secret).toUpperCase();

/** The keys of a receipt: {lookup, reader, recipient, voice}. */
export async function derive(typed) {
  const root = await stretched(canonical(typed), sha256(bytes("bekhedmetkom box 1")).slice(0, 16));
  const part = (info, length) => hkdf(sha256, root, undefined, bytes(info), length);
  const reader = identity(part("reader", 32));
  return { lookup: part("lookup", 16), reader, recipient: await identityToRecipient(reader), voice: part("voice", 32) };
}

/** Whether somebody has their receipt before them. */
export const writtenDown = (receipt, typed) =>
  CHECKED.every((place, index) => one(receipt[place - 1]) === one(typed[index]));
