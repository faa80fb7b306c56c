// A turn's text and files: validation, encryption into form data, and grouping of received parts.
import { encryptPart } from "./crypto/encryption.js";
import { LARGEST_BODY, encodeText } from "./crypto/frame.js";
import { getSentence, readFile } from "./page_helpers.js";

const MAX_FILES = 10;
const MAX_TEXT_LENGTH = 20_000;

/** Returns the errors of a text and its files as sentences. */
export const validateTurn = (text, files, maxLength = MAX_TEXT_LENGTH) =>
  [
    !text && getSentence("write"),
    [...text].length > maxLength && getSentence("shorter"),
    files.length > MAX_FILES && getSentence("files"),
    ...files.filter((file) => file.size > LARGEST_BODY).map((file) => getSentence("large", { name: file.name })),
  ].filter(Boolean);

/** Encrypts a turn and appends it to form data: its text as the header's kind, then its files. Throws CleaningFailed. */
export async function appendTurn(data, header, { text, files, clean = false }, voice, to) {
  const append = async (name, part, body) =>
    data.append(name, new Blob([await encryptPart({ ...part, turn: header.turn }, body, voice, to)]));
  await append(header.kind, { ...header, place: 0, files: files.length }, encodeText(text));
  for (const [index, file] of files.entries()) {
    const { body, ...about } = await readFile(file, clean ? index + 1 : 0);
    await append("file", { kind: "file", place: index + 1, ...about }, body);
  }
}

/** Returns parts grouped by turn, each turn's parts in order. */
export function groupByTurn(parts) {
  const turns = new Map();
  for (const part of parts) turns.set(part.turn, [...(turns.get(part.turn) ?? []), part]);
  return [...turns.values()].map((turn) => turn.sort((a, b) => a.place - b.place));
}
