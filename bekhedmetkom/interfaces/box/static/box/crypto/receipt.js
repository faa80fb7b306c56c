// The receipt: ten words from which the discloser's keys are derived. Python's half: disclosures/rules/receipts.py;
// tests/box/vectors.json fixes both to the byte.
import { argon2id, bech32, hkdf, identityToRecipient, sha256 } from "../vendor/age-0.3.1/crypto.js";
import { WORDS } from "./receipt_words.js";

export const WORD_COUNT = 10;
export const CHECKED_POSITIONS = [3, 7];

const bytes = (text) => new TextEncoder().encode(text);

const LETTER_FOLDS = new Map([
  ...[..."ةىٱیېےکڪہھەۃ"].map((letter, place) => [letter, "هيايييككهههه"[place]]),
  ["ء", ""],
  ["ـ", ""],
]);
const MARKS =
  /[\u0300-\u036f\u0610-\u061a\u061c\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]/g;
const WORD = /[ابتثجحخدذرزسشصضطظعغفقكلمنهوي]+/g;
const KEYBOARD_LETTERS = new Map([
  ...[..."qwertyuiop[]asdfghjkl;'zxcvnm,./`"].map((key, place) => [
    key,
    "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظذ"[place],
  ]),
  ["b", "لا"],
]);

const foldLetters = (text) => [...text.normalize("NFKD").replace(MARKS, "")].map((l) => LETTER_FOLDS.get(l) ?? l).join("");

/** Returns the words of a typed text in their normalised spelling. */
export function foldWords(text) {
  const found = foldLetters(text).match(WORD);
  if (found) return found;
  const typed = [...text.toLowerCase()].map((key) => KEYBOARD_LETTERS.get(key) ?? key).join("");
  return foldLetters(typed).match(WORD) ?? [];
}

const foldWord = (word) => foldWords(word).join(" ");
const known = new Set(WORDS.map(foldWord));

/** Which of the typed words (the first is 1) no receipt has. */
export const findUnknownWords = (text) => foldWords(text).flatMap((word, place) => (known.has(word) ? [] : [place + 1]));

export class InvalidReceipt extends Error {}

/** Returns the text that keys are derived from, or throws InvalidReceipt. */
export function encodeReceipt(typed) {
  const words = foldWords(typed);
  if (words.length !== WORD_COUNT) throw new InvalidReceipt();
  return words.join(" ");
}

/** Returns ten random words. */
export function generateReceipt() {
  const drawn = crypto.getRandomValues(new Uint16Array(WORD_COUNT));
  return [...drawn].map((number) => WORDS[number % WORDS.length]); // 65,536 is a multiple of 2,048
}

/** Returns 32 bytes derived from a receipt or passphrase with Argon2id. */
export const stretchPassphrase = (password, salt) =>
  argon2id({ password, salt, iterations: 3, memorySize: 65536, parallelism: 1, hashLength: 32, outputType: "binary" });

/** Returns 32 bytes as an age identity. */
export const encodeIdentity = (secret) => bech32.encodeFromBytes("age-secret-key-", secret).toUpperCase();

/** Derives a receipt's keys: {lookup, reader, recipient, voice}. */
export async function deriveKeys(typed) {
  const root = await stretchPassphrase(encodeReceipt(typed), sha256(bytes("bekhedmetkom box 1")).slice(0, 16));
  const part = (info, length) => hkdf(sha256, root, undefined, bytes(info), length);
  const reader = encodeIdentity(part("reader", 32));
  return { lookup: part("lookup", 16), reader, recipient: await identityToRecipient(reader), voice: part("voice", 32) };
}

/** Returns whether the third and seventh word of the receipt were typed correctly. */
export const isWrittenDown = (receipt, typed) =>
  CHECKED_POSITIONS.every((place, index) => foldWord(receipt[place - 1]) === foldWord(typed[index]));
