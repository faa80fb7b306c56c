// The Commission's page: a member unlocks their key in memory; it is locked again on request or when idle.
import { CorruptData, hex } from "../crypto/frame.js";
import * as custodian from "./custodian.js";
import {
  createKey, deleteStoredKey, isWeak, listStoredKeys, parseKeyFile, storeKey, suggestPassphrase, unlockKey,
} from "./commission_keys.js";
import { ManifestError, fromBase64 } from "../crypto/manifest.js";
import * as officer from "./officer.js";
import {
  HttpError, cloneTemplate, fetchManifest, fillPlaces, getSentence, handleSubmit, saveFile, sendRequest, showErrors,
} from "../page_helpers.js";
import { answerChallenge } from "../crypto/encryption.js";

const IDLE_MILLISECONDS = 10 * 60_000;
const main = document.getElementById("main");
const signedInBar = document.querySelector("[data-signed-in]");

let idleTimer = 0;

function show(element) {
  main.replaceChildren(element);
  window.scrollTo(0, 0);
  element.querySelector("h1")?.focus();
}

async function signIn(notice = "") {
  signedInBar.hidden = true;
  const page = cloneTemplate("sign-in");
  const form = page.querySelector("form");
  const storedKeys = await listStoredKeys().catch(() => []);
  const list = page.querySelector("[data-list]");
  for (const key of storedKeys) list.append(renderStoredKey(key));
  page.querySelector("[data-kept]").hidden = storedKeys.length === 0;
  page.querySelector("[data-make]").addEventListener("click", showKeyForm);
  handleSubmit(form, () => openSelectedKey(form, storedKeys));
  show(page);
  if (notice) showErrors(form, [notice]);
}

function renderStoredKey(key) {
  const line = fillPlaces(cloneTemplate("kept"), { name: key.name || key.id });
  line.querySelector("input").value = key.id;
  line.querySelector("input").checked = true;
  line.querySelector("button").addEventListener("click", async () => {
    await deleteStoredKey(key.id);
    signIn();
  });
  return line;
}

async function openSelectedKey(form, storedKeys) {
  const [file] = form.elements.file.files;
  const chosen = new FormData(form).get("kept");
  try {
    const key = file ? parseKeyFile(await file.text()) : storedKeys.find((candidate) => candidate.id === chosen);
    if (!key) return showErrors(form, [getSentence("which-key")]);
    const secret = await unlockKey(key, form.elements.passphrase.value);
    const manifest = await fetchManifest();
    await proveKeyPossession(key.id, secret);
    if (file && form.elements.keep.checked) await storeKey(key);
    form.reset();
    return startSession({ id: key.id, secret, manifest });
  } catch (error) {
    return showErrors(form, [explainError(error)]);
  }
}

/** Proves possession of the private key to the server by answering its challenge. */
async function proveKeyPossession(id, secret) {
  const { challenge, ticket } = await (await sendRequest("/commission/challenge", { id })).json();
  let answer;
  try {
    answer = hex(await answerChallenge(fromBase64(challenge), secret));
  } catch {
    throw new HttpError({ status: 403 }); // the manifest has another key for this id, or none
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
  const isOfficer = person.manifest.officers.some(({ id }) => id === person.id);
  const member = [...person.manifest.officers, ...person.manifest.custodians].find(({ id }) => id === person.id);
  fillPlaces(signedInBar, { name: member.name });
  signedInBar.hidden = false;
  restartIdleTimer();
  (isOfficer ? officer : custodian).begin({ ...person, name: member.name, show, lock });
}

function restartIdleTimer() {
  if (signedInBar.hidden) return;
  clearTimeout(idleTimer);
  idleTimer = setTimeout(() => lock("locked-idle"), IDLE_MILLISECONDS);
}

/** Ends the session and reloads the page, which removes the key from memory. */
async function lock(reason = "locked") {
  clearTimeout(idleTimer);
  main.replaceChildren();
  await sendRequest("/commission/session", undefined, { method: "DELETE" }).catch(() => undefined);
  sessionStorage.setItem("notice", reason); // the name of one of our sentences
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
  const fields = Object.fromEntries(new FormData(form));
  const errors = [
    !/^[a-z0-9-]{2,40}$/.test(fields.id) && getSentence("id"),
    !fields.name.trim() && getSentence("your-name"),
    !fields.office && getSentence("office"),
    isWeak(fields.passphrase) && getSentence("weak"),
    fields.passphrase.trim() !== fields.again.trim() && getSentence("twice"),
  ].filter(Boolean);
  if (errors.length) return showErrors(form, errors);
  const { stored, publicKey } = await createKey({ ...fields, name: fields.name.trim() }, fields.passphrase);
  if (fields.keep) await storeKey(stored);
  form.reset();
  const page = fillPlaces(cloneTemplate("made-key"), { recipient: stored.recipient });
  const json = (value) => new TextEncoder().encode(JSON.stringify(value, null, 1));
  page.querySelector("[data-backup]").addEventListener("click", () => saveFile(`${stored.id}.key.json`, json(stored)));
  page.querySelector("[data-public]").addEventListener("click", () => saveFile(`${stored.id}.public.json`, json(publicKey)));
  for (const back of page.querySelectorAll("[data-back]")) back.addEventListener("click", () => signIn());
  return show(page);
}

for (const event of ["pointerdown", "keydown", "scroll"]) document.addEventListener(event, restartIdleTimer, { passive: true });
signedInBar.querySelector("[data-lock]").addEventListener("click", () => lock());

const notice = sessionStorage.getItem("notice");
sessionStorage.removeItem("notice");
signIn(notice ? getSentence(notice) : "");
