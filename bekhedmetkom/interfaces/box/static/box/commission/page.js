// The Commission's own page: who has a key opens it here, in memory, for as long as they work; then it is locked.
import { CorruptData, hex } from "../crypto/frame.js";
import * as custodian from "./custodian.js";
import { deleteStoredKey, isWeak, storeKey, listStoredKeys, createKey, parseKeyFile, suggestPassphrase, unlockKey } from "./commission_keys.js";
import { ManifestError, fromBase64 } from "../crypto/manifest.js";
import * as officer from "./officer.js";
import { HttpError, sendRequest, showErrors, cloneTemplate, saveFile, fillPlaces, fetchManifest, handleSubmit, getSentence } from "../page_helpers.js";
import { answerChallenge } from "../crypto/encryption.js";

const IDLE_MILLISECONDS = 10 * 60_000;
const main = document.getElementById("main");
const signedInBar = document.querySelector("[data-signed-in]");

let idleTimer = 0;

function show(piece) {
  main.replaceChildren(piece);
  window.scrollTo(0, 0);
  piece.querySelector("h1")?.focus();
}

async function signIn(notice = "") {
  signedInBar.hidden = true;
  const page = cloneTemplate("sign-in");
  const form = page.querySelector("form");
  const kept = await listStoredKeys().catch(() => []);
  const list = page.querySelector("[data-list]");
  for (const one of kept) list.append(renderStoredKey(one));
  page.querySelector("[data-kept]").hidden = kept.length === 0;
  page.querySelector("[data-make]").addEventListener("click", showKeyForm);
  handleSubmit(form, () => openSelectedKey(form, kept));
  show(page);
  if (notice) showErrors(form, [notice]);
}

function renderStoredKey(kept) {
  const line = fillPlaces(cloneTemplate("kept"), { name: kept.name || kept.id });
  line.querySelector("input").value = kept.id;
  line.querySelector("input").checked = true;
  line.querySelector("button").addEventListener("click", async () => {
    await deleteStoredKey(kept.id);
    signIn();
  });
  return line;
}

async function openSelectedKey(form, kept) {
  const [file] = form.elements.file.files;
  const chosen = new FormData(form).get("kept");
  try {
    const key = file ? parseKeyFile(await file.text()) : kept.find((one) => one.id === chosen);
    if (!key) return showErrors(form, [getSentence("which-key")]);
    const secret = await unlockKey(key, form.elements.passphrase.value);
    const chain = await fetchManifest();
    await proveKeyPossession(key.id, secret);
    if (file && form.elements.keep.checked) await storeKey(key);
    form.reset();
    return startSession({ id: key.id, secret, chain });
  } catch (error) {
    return showErrors(form, [explainError(error)]);
  }
}

/** Shows the server that this key is here, without the key: it sends what only the key opens. */
async function proveKeyPossession(id, secret) {
  const { challenge, ticket } = await (await sendRequest("/commission/challenge", { id })).json();
  let answer;
  try {
    answer = hex(await answerChallenge(fromBase64(challenge), secret));
  } catch {
    throw new HttpError({ status: 403 }); // the manifest has another key under this name, or none
  }
  await sendRequest("/commission/session", { ticket, answer });
}

function explainError(error) {
  if (error instanceof CorruptData) return getSentence("wrong-passphrase");
  if (error instanceof ManifestError) return getSentence("chain");
  if (error instanceof HttpError && error.status === 403) return getSentence("not-named");
  return getSentence("unreached");
}

function startSession(person) {
  const officers = person.chain.officers.some((one) => one.id === person.id);
  const named = [...person.chain.officers, ...person.chain.custodians].find((one) => one.id === person.id);
  fillPlaces(signedInBar, { name: named.name });
  signedInBar.hidden = false;
  restartIdleTimer();
  (officers ? officer : custodian).begin({ ...person, name: named.name, show, lock });
}

function restartIdleTimer() {
  if (signedInBar.hidden) return;
  clearTimeout(idleTimer);
  idleTimer = setTimeout(() => lock("locked-idle"), IDLE_MILLISECONDS);
}

/** The key leaves memory with the page that held it; the server forgets the session. */
async function lock(reason = "locked") {
  clearTimeout(idleTimer);
  main.replaceChildren();
  await sendRequest("/commission/session", undefined, { method: "DELETE" }).catch(() => undefined);
  sessionStorage.setItem("notice", reason); // a word of ours, nobody's data
  location.reload();
}

function showKeyForm() {
  const page = cloneTemplate("make-key");
  const form = page.querySelector("form");
  const suggest = () => (page.querySelector("[data-suggestion]").textContent = suggestPassphrase());
  suggest();
  page.querySelector("[data-again]").addEventListener("click", suggest);
  for (const back of page.querySelectorAll("[data-back]")) back.addEventListener("click", () => signIn());
  handleSubmit(form, () => createKeyFromForm(form));
  show(page);
}

async function createKeyFromForm(form) {
  const said = Object.fromEntries(new FormData(form));
  const faults = [
    !/^[a-z0-9-]{2,40}$/.test(said.id) && getSentence("id"),
    !said.name.trim() && getSentence("your-name"),
    !said.office && getSentence("office"),
    isWeak(said.passphrase) && getSentence("weak"),
    said.passphrase.trim() !== said.again.trim() && getSentence("twice"),
  ].filter(Boolean);
  if (faults.length) return showErrors(form, faults);
  const { kept, open } = await createKey({ ...said, name: said.name.trim() }, said.passphrase);
  if (said.keep) await storeKey(kept);
  form.reset();
  const page = fillPlaces(cloneTemplate("made-key"), { recipient: kept.recipient });
  const json = (value) => new TextEncoder().encode(JSON.stringify(value, null, 1));
  page.querySelector("[data-backup]").addEventListener("click", () => saveFile(`${kept.id}.key.json`, json(kept)));
  page.querySelector("[data-public]").addEventListener("click", () => saveFile(`${kept.id}.public.json`, json(open)));
  for (const back of page.querySelectorAll("[data-back]")) back.addEventListener("click", () => signIn());
  return show(page);
}

for (const event of ["pointerdown", "keydown", "scroll"]) document.addEventListener(event, restartIdleTimer, { passive: true });
signedInBar.querySelector("[data-lock]").addEventListener("click", () => lock());

const notice = sessionStorage.getItem("notice");
sessionStorage.removeItem("notice");
signIn(notice ? getSentence(notice) : "");
