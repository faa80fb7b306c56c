// Report form with JavaScript: the browser encrypts the report. Without this script, or in a browser that lacks what it
// needs, the server encrypts the same form; the page says which applies.
import { hex } from "../crypto/frame.js";
import { ManifestError } from "../crypto/manifest.js";
import {
  CleaningFailed, HttpError, cloneTemplate, describeFiles, fetchManifest, getSentence, handleSubmit, sendRequest, showErrors,
} from "../page_helpers.js";
import { appendTurn, validateTurn } from "../message_parts.js";
import { deriveKeys, generateReceipt, isWrittenDown } from "../crypto/receipt.js";
import { NoRecipients, computeAnchor, encryptIdentity, encryptKeyRing, generateKey } from "../crypto/encryption.js";

const RETRY_DELAYS = [1000, 4000]; // retries after a network error send the same encrypted bytes

const form = document.querySelector('form[data-box="send"]');
if (form && window.isSecureContext && "WebAssembly" in window) {
  describeFiles(form);
  for (const way of form.querySelectorAll("[data-way]")) way.hidden = way.dataset.way !== "browser";
  handleSubmit(form, () => submitReport(form));
}

let pending = null; // an encrypted report that may not have arrived: sent again unchanged if the form is the same

async function submitReport() {
  const written = readFields();
  const errors = validate(written);
  if (errors.length) return showErrors(form, errors);
  try {
    if (pending?.mark !== written.mark) pending = { ...(await encryptReport(written)), mark: written.mark };
    await sendWithRetry(pending.data);
  } catch (error) {
    if (error instanceof HttpError && error.status === 409) pending = null;
    return showErrors(form, [explainError(error)]);
  }
  showReceipt(pending.receipt);
  pending = null;
}

function readFields() {
  const data = new FormData(form);
  const files = data.getAll("files").filter((file) => file.name);
  const written = {
    text: data.get("text").trim(),
    files,
    known: data.get("identity") === "yes",
    name: data.get("name").trim(),
    phone: data.get("phone").trim(),
    excluded: data.getAll("exclude"),
    clean: data.has("clean"),
  };
  const mark = JSON.stringify([written, files.map((file) => [file.name, file.size, file.lastModified])]);
  return { ...written, mark };
}

function validate({ text, files, known, name, phone, excluded }) {
  const { maxLength } = form.elements.text;
  const offered = form.querySelectorAll('[name="exclude"]').length;
  return [
    ...validateTurn(text, files, maxLength > 0 ? maxLength : undefined),
    known && !name && !phone && getSentence("who"),
    [...name].length > 120 && getSentence("name"),
    [...phone].length > 40 && getSentence("phone"),
    offered > 0 && excluded.length === offered && getSentence("nobody"),
  ].filter(Boolean);
}

async function encryptReport({ text, files, known, name, phone, excluded, clean }) {
  const manifest = await fetchManifest();
  if (!excluded.every((id) => isOfferedOfficer(manifest, id))) throw new ManifestError();
  const receipt = generateReceipt();
  const keys = await deriveKeys(receipt.join(" "));
  const report = await generateKey();
  const ring = { secret: report.secret, voice: keys.voice, reader: keys.recipient, excluded };
  const data = new FormData();
  const add = (name, value) => data.append(name, value instanceof Uint8Array ? new Blob([value]) : value);
  add("lookup", hex(keys.lookup));
  add("reader", keys.recipient);
  add("recipient", report.recipient);
  add("anchor", hex(computeAnchor(keys.voice, report.recipient)));
  add("epoch", String(manifest.epoch));
  for (const id of excluded) add("exclude", id);
  add("ring", await encryptKeyRing(ring, manifest));
  add("identity", await encryptIdentity(known ? { name, phone } : {}, keys.voice, report.recipient, manifest));
  await appendTurn(data, { kind: "text", turn: 0 }, { text, files, clean }, keys.voice, [report.recipient]);
  return { receipt, data };
}

/** Returns whether the page shows the officer under the name in the signed manifest. */
function isOfferedOfficer(manifest, id) {
  const shown = form.querySelector(`[name="exclude"][value="${CSS.escape(id)}"]`)?.closest("label").textContent.trim();
  return manifest.officers.some((officer) => officer.id === id && officer.name === shown);
}

async function sendWithRetry(data) {
  for (const pause of [...RETRY_DELAYS, null]) {
    try {
      return await sendRequest("/sealed", data);
    } catch (error) {
      if (error instanceof HttpError || pause === null) throw error;
      await new Promise((over) => setTimeout(over, pause));
    }
  }
}

function explainError(error) {
  if (error instanceof ManifestError) return getSentence("closed");
  if (error instanceof NoRecipients) return getSentence("nobody");
  if (error instanceof CleaningFailed) return getSentence("not-cleaned", { name: error.file.name });
  if (!(error instanceof HttpError)) return getSentence(error instanceof TypeError ? "unreached" : "unsealed");
  return getSentence({ 409: "moved", 413: "too-much", 503: "closed" }[error.status] ?? "unreached");
}

function showReceipt(receipt) {
  form.reset();
  const page = cloneTemplate("receipt");
  page.querySelector("[data-tools]").hidden = false;
  document.querySelector(".site-nav")?.remove(); // the other language's page would not have the words
  const list = page.querySelector("[data-words]");
  for (const word of receipt) {
    const line = document.createElement("li");
    line.textContent = word;
    list.append(line);
  }
  const check = page.querySelector('form[data-box="check"]');
  handleSubmit(check, () => {
    const typed = [check.elements.third.value, check.elements.seventh.value];
    const right = isWrittenDown(receipt, typed);
    check.querySelector("[data-checked]").textContent = getSentence(right ? "words-right" : "words-wrong");
  });
  document.getElementById("main").replaceChildren(page);
  window.scrollTo(0, 0);
  page.querySelector("h1").focus();
}
