// Way B of coming back: the words never leave this browser. It asks with a look-up id and opens what is answered.
import { CorruptData, LARGEST_BODY, encodeText, fromHex, hex } from "../crypto/frame.js";
import { ManifestError, fromBase64 } from "../crypto/manifest.js";
import {
  HttpError, CleaningFailed, sendRequest, formatMaxSize, showErrors, readFile, cloneTemplate, formatDay, saveFile, fillPlaces, fetchManifest, readBytes, handleSubmit,
  getSentence, describeFiles,
} from "../page_helpers.js";
import { WORD_COUNT, deriveKeys, foldWords, findUnknownWords } from "../crypto/receipt.js";
import { isAnchorValid, decryptPart, decryptConversation, encryptPart, getText } from "../crypto/encryption.js";

const MAX_FILES = 10;
const SESSION_MINUTES = 15;

let keys = null; // of the words that were typed; gone with this page, and after a quarter of an hour
let exitTimer = 0;

for (const form of document.querySelectorAll('form[data-box="open"]')) {
  if (window.isSecureContext && "WebAssembly" in window) handleSubmit(form, () => openWithReceipt(form));
}

async function openWithReceipt(form) {
  const words = form.elements.words.value;
  const fault = validateWords(words);
  if (fault) return showErrors(form, [fault]);
  try {
    keys = await deriveKeys(words);
    restartTimer();
    await showConversation();
  } catch (error) {
    showErrors(form, [error instanceof CorruptData ? getSentence("nothing") : getSentence("unreached")]);
  }
}

function validateWords(words) {
  const n = foldWords(words).length;
  if (n !== WORD_COUNT) return n === 0 ? getSentence("ten") : getSentence("count", { n });
  const places = findUnknownWords(words);
  return places.length ? getSentence("unknown", { places: places.join(getSentence("comma")) }) : null;
}

function restartTimer() {
  clearTimeout(exitTimer);
  exitTimer = setTimeout(() => location.replace(document.querySelector("[data-exit]").href), SESSION_MINUTES * 60_000);
}

async function showConversation(sent = false) {
  const answer = await readBytes(await sendRequest("/open", { lookup: hex(keys.lookup) }));
  const conversation = await decryptConversation(answer, keys.reader);
  const page = cloneTemplate("talk");
  fillPlaces(page, {
    status: `${getSentence(`status-${conversation.status}`)} ${conversation.closed_reason ? getSentence(`reason-${conversation.closed_reason}`) : ""}`,
    day: formatDay(conversation.day),
    due: conversation.due ? formatDay(conversation.due.by) : "",
    promise: conversation.due ? getSentence(`due-${conversation.due.promise}`) : "",
  });
  page.querySelector("[data-due]").hidden = !conversation.due;
  page.querySelector("[data-sent]").hidden = !sent;
  const list = page.querySelector("[data-turns]");
  for (const turn of groupByTurn(conversation)) list.append(await renderTurn(turn));
  page.querySelector("[data-none]").hidden = list.children.length > 0;
  bindMessageForm(page, conversation);
  document.getElementById("main").replaceChildren(page);
  window.scrollTo(0, 0);
  page.querySelector("h1").focus();
}

function groupByTurn(conversation) {
  const turns = new Map();
  for (const part of conversation.messages) turns.set(part.turn, [...(turns.get(part.turn) ?? []), part]);
  return [...turns.values()].map((parts) => parts.sort((one, other) => one.place - other.place));
}

/** What the Commission said at once; or that it did not say it, and nothing of it. */
async function renderTurn([message, ...files]) {
  const piece = cloneTemplate("turn");
  fillPlaces(piece, { day: formatDay(message.day) });
  const expect = { kind: "message", turn: message.turn, place: 0, from: "commission", files: files.length };
  try {
    const said = await decryptPart(fromBase64(message.bytes), keys.reader, keys.voice, expect);
    fillPlaces(piece, { text: getText(said) });
    piece.querySelector("[data-untrue]").remove();
  } catch {
    piece.querySelector('[data-fill="text"]').remove();
    return piece;
  }
  for (const file of files) piece.querySelector("ul").append(renderAttachment(file));
  return piece;
}

function renderAttachment({ id, turn, place, size }) {
  const line = cloneTemplate("attached");
  fillPlaces(line, { name: getSentence("file", { n: place }), size: formatMaxSize(size) });
  const button = line.querySelector("button");
  button.addEventListener("click", async () => {
    restartTimer();
    try {
      const file = await readBytes(await sendRequest("/file", { lookup: hex(keys.lookup), id }));
      const piece = await decryptPart(file, keys.reader, keys.voice, { kind: "file", turn, place });
      saveFile(piece.header.name, piece.body);
    } catch (error) {
      fillPlaces(line, { size: getSentence(error instanceof CorruptData ? "untrue" : "unreached") });
    }
  });
  return line;
}

function bindMessageForm(page, conversation) {
  const form = page.querySelector('form[data-box="answer"]');
  const trusted = isAnchorValid(keys.voice, conversation.recipient, fromHex(conversation.anchor));
  const over = conversation.status === "closed";
  page.querySelector("[data-changed]").hidden = trusted;
  page.querySelector("[data-over]").hidden = !trusted || !over;
  describeFiles(form);
  if (trusted && !over) return handleSubmit(form, () => sendMessage(form, conversation));
  return form.remove();
}

async function sendMessage(form, conversation) {
  restartTimer();
  const text = form.elements.text.value.trim();
  const files = [...form.elements.files.files];
  const faults = [
    !text && getSentence("write"),
    [...text].length > 20000 && getSentence("shorter"),
    files.length > MAX_FILES && getSentence("files"),
    ...files.filter((file) => file.size > LARGEST_BODY).map((file) => getSentence("large", { name: file.name })),
  ].filter(Boolean);
  if (faults.length) return showErrors(form, faults);
  try {
    await fetchManifest(); // where the chain of keys does not hold, nothing is sealed
    const seal = (header, body) => encryptPart({ turn: conversation.turn, ...header }, body, keys.voice, [conversation.recipient]);
    const data = new FormData();
    const about = { kind: "message", place: 0, files: files.length, from: "discloser" };
    data.append("turn", String(conversation.turn));
    data.append("message", new Blob([await seal(about, encodeText(text))]));
    for (const [index, file] of files.entries()) {
      const { body, ...name } = await readFile(file, form.elements.clean.checked ? index + 1 : 0);
      data.append("file", new Blob([await seal({ kind: "file", place: index + 1, ...name }, body)]));
    }
    await sendRequest("/answer", data, { headers: { "X-Lookup": hex(keys.lookup) } });
  } catch (error) {
    if (!(error instanceof HttpError && error.status === 409)) return showErrors(form, [explainError(error)]);
    await showConversation();
    const again = document.querySelector('form[data-box="answer"]');
    if (again) {
      again.elements.text.value = text;
      showErrors(again, [getSentence("another")]);
    }
    return undefined;
  }
  return showConversation(true);
}

function explainError(error) {
  if (error instanceof ManifestError) return getSentence("closed");
  if (error instanceof CleaningFailed) return getSentence("not-cleaned", { name: error.file.name });
  if (error instanceof HttpError && error.status === 413) return getSentence("too-much");
  return getSentence("unreached");
}
