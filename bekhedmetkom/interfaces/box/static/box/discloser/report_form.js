// Way B of intake: a report is sealed in this browser before it leaves it. Without this script, or where the browser
// lacks what it needs, the same form goes the other way, and the page says which way is in use.
import { LARGEST_BODY, bytes, hex } from "./frame.js";
import { Refused } from "./manifest.js";
import {
  Answered, NotCleaned, ask, complain, contents, copy, manifest, onSubmit, say, tellOfFiles,
} from "./pieces.js";
import { derive, newReceipt, writtenDown } from "./receipt.js";
import { NobodyLeft, anchor, newKey, sealed, sealedIdentity, sealedRing } from "./sealing.js";

const MOST_FILES = 10;
const PAUSES = [1000, 4000]; // a network that fails for a moment is asked again, with the same sealed bytes

const form = document.querySelector('form[data-box="send"]');
if (form && window.isSecureContext && "WebAssembly" in window) {
  tellOfFiles(form);
  for (const way of form.querySelectorAll("[data-way]")) way.hidden = way.dataset.way !== "browser";
  onSubmit(form, () => submitted(form));
}

let waiting = null; // what was sealed and may not have arrived: sent again as it is if nothing was changed

async function submitted() {
  const written = fields();
  const faults = faultsOf(written);
  if (faults.length) return complain(form, faults);
  try {
    if (waiting?.mark !== written.mark) waiting = { ...(await sealedUp(written)), mark: written.mark };
    await delivered(waiting.data);
  } catch (error) {
    if (error instanceof Answered && error.status === 409) waiting = null;
    return complain(form, [why(error)]);
  }
  showReceipt(waiting.receipt);
  waiting = null;
}

function fields() {
  const said = new FormData(form);
  const files = said.getAll("files").filter((file) => file.name);
  const written = {
    text: said.get("text").trim(),
    files,
    known: said.get("identity") === "yes",
    name: said.get("name").trim(),
    phone: said.get("phone").trim(),
    excluded: said.getAll("exclude"),
    clean: said.has("clean"),
  };
  const mark = JSON.stringify([written, files.map((file) => [file.name, file.size, file.lastModified])]);
  return { ...written, mark };
}

function faultsOf({ text, files, known, name, phone, excluded }) {
  const offered = form.querySelectorAll('[name="exclude"]').length;
  return [
    !text && say("write"),
    [...text].length > Number(form.elements.text.maxLength > 0 ? form.elements.text.maxLength : 20000) && say("shorter"),
    files.length > MOST_FILES && say("files"),
    ...files.filter((file) => file.size > LARGEST_BODY).map((file) => say("large", { name: file.name })),
    known && !name && !phone && say("who"),
    [...name].length > 120 && say("name"),
    [...phone].length > 40 && say("phone"),
    offered > 0 && excluded.length === offered && say("nobody"),
  ].filter(Boolean);
}

async function sealedUp({ text, files, known, name, phone, excluded, clean }) {
  const chain = await manifest();
  if (!excluded.every((id) => offers(chain, id))) throw new Refused();
  const receipt = newReceipt();
  const keys = await derive(receipt.join(" "));
  const report = await newKey();
  const seal = (header, body) => sealed({ turn: 0, ...header }, body, keys.voice, [report.recipient]);
  const ring = { secret: report.secret, voice: keys.voice, reader: keys.recipient, excluded };
  const data = new FormData();
  const add = (name, value) => data.append(name, value instanceof Uint8Array ? new Blob([value]) : value);
  add("lookup", hex(keys.lookup));
  add("reader", keys.recipient);
  add("recipient", report.recipient);
  add("anchor", hex(anchor(keys.voice, report.recipient)));
  add("epoch", String(chain.epoch));
  for (const id of excluded) add("exclude", id);
  add("ring", await sealedRing(ring, chain));
  add("identity", await sealedIdentity(known ? { name, phone } : {}, keys.voice, report.recipient, chain));
  add("text", await seal({ kind: "text", place: 0, files: files.length }, bytes(text)));
  for (const [index, file] of files.entries()) {
    const { body, ...about } = await contents(file, clean ? index + 1 : 0);
    add("file", await seal({ kind: "file", place: index + 1, ...about }, body));
  }
  return { receipt, data };
}

/** Whether the page shows an officer under the name that the signed manifest gives them: else it names another. */
function offers(chain, id) {
  const shown = form.querySelector(`[name="exclude"][value="${CSS.escape(id)}"]`)?.closest("label").textContent.trim();
  return chain.officers.some((officer) => officer.id === id && officer.name === shown);
}

async function delivered(data) {
  for (const pause of [...PAUSES, null]) {
    try {
      return await ask("/sealed", data);
    } catch (error) {
      if (error instanceof Answered || pause === null) throw error;
      await new Promise((over) => setTimeout(over, pause));
    }
  }
}

function why(error) {
  if (error instanceof Refused) return say("closed");
  if (error instanceof NobodyLeft) return say("nobody");
  if (error instanceof NotCleaned) return say("not-cleaned", { name: error.file.name });
  if (!(error instanceof Answered)) return say(error instanceof TypeError ? "unreached" : "unsealed");
  return say({ 409: "moved", 413: "too-much", 503: "closed" }[error.status] ?? "unreached");
}

function showReceipt(receipt) {
  form.reset();
  const page = copy("receipt");
  page.querySelector("[data-tools]").hidden = false;
  document.querySelector(".site-nav")?.remove(); // the other language would be a page without the words
  const list = page.querySelector("[data-words]");
  for (const word of receipt) {
    const line = document.createElement("li");
    line.textContent = word;
    list.append(line);
  }
  const check = page.querySelector('form[data-box="check"]');
  onSubmit(check, () => {
    const typed = [check.elements.third.value, check.elements.seventh.value];
    const right = writtenDown(receipt, typed);
    check.querySelector("[data-checked]").textContent = say(right ? "words-right" : "words-wrong");
  });
  document.getElementById("main").replaceChildren(page);
  window.scrollTo(0, 0);
  page.querySelector("h1").focus();
}
