// Conversation with JavaScript: the receipt never leaves this browser, which decrypts the server's response.
import { CorruptData, fromHex, hex } from "../crypto/frame.js";
import { ManifestError, fromBase64 } from "../crypto/manifest.js";
import {
  CleaningFailed, HttpError, cloneTemplate, describeFiles, fetchManifest, fillPlaces, formatDay, formatMaxSize, getSentence,
  handleSubmit, readBytes, saveFile, sendRequest, showErrors,
} from "../page_helpers.js";
import { appendTurn, groupByTurn, validateTurn } from "../message_parts.js";
import { WORD_COUNT, deriveKeys, findUnknownWords, foldWords } from "../crypto/receipt.js";
import { decryptConversation, decryptPart, getText, isAnchorValid } from "../crypto/encryption.js";

const SESSION_MINUTES = 15;

let keys = null; // derived from the receipt; forgotten with this page, or after 15 minutes
let exitTimer = 0;

for (const form of document.querySelectorAll('form[data-box="open"]')) {
  if (window.isSecureContext && "WebAssembly" in window) handleSubmit(form, () => openWithReceipt(form));
}

async function openWithReceipt(form) {
  const words = form.elements.words.value;
  const problem = validateWords(words);
  if (problem) return showErrors(form, [problem]);
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
  const reason = conversation.closed_reason ? getSentence(`reason-${conversation.closed_reason}`) : "";
  const page = cloneTemplate("talk");
  fillPlaces(page, {
    status: `${getSentence(`status-${conversation.status}`)} ${reason}`,
    day: formatDay(conversation.day),
    due: conversation.due ? formatDay(conversation.due.by) : "",
    promise: conversation.due ? getSentence(`due-${conversation.due.promise}`) : "",
  });
  page.querySelector("[data-due]").hidden = !conversation.due;
  page.querySelector("[data-sent]").hidden = !sent;
  const list = page.querySelector("[data-turns]");
  for (const turn of groupByTurn(conversation.messages)) list.append(await renderTurn(turn));
  page.querySelector("[data-none]").hidden = list.children.length > 0;
  bindMessageForm(page, conversation);
  document.getElementById("main").replaceChildren(page);
  window.scrollTo(0, 0);
  page.querySelector("h1").focus();
}

/** Returns a turn of the Commission; only a warning if the message is not authentic. */
async function renderTurn([message, ...files]) {
  const element = cloneTemplate("turn");
  fillPlaces(element, { day: formatDay(message.day) });
  const expect = { kind: "message", turn: message.turn, place: 0, from: "commission", files: files.length };
  try {
    const frame = await decryptPart(fromBase64(message.bytes), keys.reader, keys.voice, expect);
    fillPlaces(element, { text: getText(frame) });
    element.querySelector("[data-untrue]").remove();
  } catch {
    element.querySelector('[data-fill="text"]').remove();
    return element;
  }
  for (const file of files) element.querySelector("ul").append(renderAttachment(file));
  return element;
}

function renderAttachment({ id, turn, place, size }) {
  const line = cloneTemplate("attached");
  fillPlaces(line, { name: getSentence("file", { n: place }), size: formatMaxSize(size) });
  const button = line.querySelector("button");
  button.addEventListener("click", async () => {
    restartTimer();
    try {
      const file = await readBytes(await sendRequest("/file", { lookup: hex(keys.lookup), id }));
      const frame = await decryptPart(file, keys.reader, keys.voice, { kind: "file", turn, place });
      saveFile(frame.header.name, frame.body);
    } catch (error) {
      fillPlaces(line, { size: getSentence(error instanceof CorruptData ? "untrue" : "unreached") });
    }
  });
  return line;
}

function bindMessageForm(page, conversation) {
  const form = page.querySelector('form[data-box="answer"]');
  const isTrusted = isAnchorValid(keys.voice, conversation.recipient, fromHex(conversation.anchor));
  const isClosed = conversation.status === "closed";
  page.querySelector("[data-changed]").hidden = isTrusted;
  page.querySelector("[data-over]").hidden = !isTrusted || !isClosed;
  describeFiles(form);
  if (isTrusted && !isClosed) return handleSubmit(form, () => sendMessage(form, conversation));
  return form.remove();
}

async function sendMessage(form, conversation) {
  restartTimer();
  const text = form.elements.text.value.trim();
  const files = [...form.elements.files.files];
  const errors = validateTurn(text, files);
  if (errors.length) return showErrors(form, errors);
  try {
    await fetchManifest(); // throws if the manifest is invalid: nothing is encrypted
    const data = new FormData();
    data.append("turn", String(conversation.turn));
    const header = { kind: "message", turn: conversation.turn, from: "discloser" };
    const turn = { text, files, clean: form.elements.clean.checked };
    await appendTurn(data, header, turn, keys.voice, [conversation.recipient]);
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
