// The Commission's own page: who has a key opens it here, in memory, for as long as they work; then it is locked.
import { Broken, hex } from "./frame.js";
import * as custodian from "./custodian.js";
import { forgetHere, isWeak, keepHere, keptHere, made, read, suggested, unlocked } from "./key.js";
import { Refused } from "./manifest.js";
import * as officer from "./officer.js";
import { Answered, ask, base64, complain, copy, download, fill, manifest, onSubmit, say } from "./pieces.js";
import { answered } from "./sealing.js";

const IDLE = 10 * 60_000;
const main = document.getElementById("main");
const bar = document.querySelector("[data-signed-in]");

let idle = 0;

function show(piece) {
  main.replaceChildren(piece);
  window.scrollTo(0, 0);
  piece.querySelector("h1")?.focus();
}

async function signIn(notice = "") {
  bar.hidden = true;
  const page = copy("sign-in");
  const form = page.querySelector("form");
  const kept = await keptHere().catch(() => []);
  const list = page.querySelector("[data-list]");
  for (const one of kept) list.append(choice(one));
  page.querySelector("[data-kept]").hidden = kept.length === 0;
  page.querySelector("[data-make]").addEventListener("click", makeKey);
  onSubmit(form, () => opens(form, kept));
  show(page);
  if (notice) complain(form, [notice]);
}

function choice(kept) {
  const line = fill(copy("kept"), { name: kept.name || kept.id });
  line.querySelector("input").value = kept.id;
  line.querySelector("input").checked = true;
  line.querySelector("button").addEventListener("click", async () => {
    await forgetHere(kept.id);
    signIn();
  });
  return line;
}

async function opens(form, kept) {
  const [file] = form.elements.file.files;
  const chosen = new FormData(form).get("kept");
  try {
    const key = file ? read(await file.text()) : kept.find((one) => one.id === chosen);
    if (!key) return complain(form, [say("which-key")]);
    const secret = await unlocked(key, form.elements.passphrase.value);
    const chain = await manifest();
    await provenTo(key.id, secret);
    if (file && form.elements.keep.checked) await keepHere(key);
    form.reset();
    return begin({ id: key.id, secret, chain });
  } catch (error) {
    return complain(form, [why(error)]);
  }
}

/** Shows the server that this key is here, without the key: it sends what only the key opens. */
async function provenTo(id, secret) {
  const { challenge, ticket } = await (await ask("/commission/challenge", { id })).json();
  let answer;
  try {
    answer = hex(await answered(base64(challenge), secret));
  } catch {
    throw new Answered({ status: 403 }); // the manifest has another key under this name, or none
  }
  await ask("/commission/session", { ticket, answer });
}

function why(error) {
  if (error instanceof Broken) return say("wrong-passphrase");
  if (error instanceof Refused) return say("chain");
  if (error instanceof Answered && error.status === 403) return say("not-named");
  return say("unreached");
}

function begin(person) {
  const officers = person.chain.officers.some((one) => one.id === person.id);
  const named = [...person.chain.officers, ...person.chain.custodians].find((one) => one.id === person.id);
  fill(bar, { name: named.name });
  bar.hidden = false;
  stay();
  (officers ? officer : custodian).begin({ ...person, name: named.name, show, lock });
}

function stay() {
  if (bar.hidden) return;
  clearTimeout(idle);
  idle = setTimeout(() => lock("locked-idle"), IDLE);
}

/** The key leaves memory with the page that held it; the server forgets the session. */
async function lock(reason = "locked") {
  clearTimeout(idle);
  main.replaceChildren();
  await ask("/commission/session", undefined, { method: "DELETE" }).catch(() => undefined);
  sessionStorage.setItem("notice", reason); // a word of ours, nobody's data
  location.reload();
}

function makeKey() {
  const page = copy("make-key");
  const form = page.querySelector("form");
  const suggest = () => (page.querySelector("[data-suggestion]").textContent = suggested());
  suggest();
  page.querySelector("[data-again]").addEventListener("click", suggest);
  for (const back of page.querySelectorAll("[data-back]")) back.addEventListener("click", () => signIn());
  onSubmit(form, () => makes(form));
  show(page);
}

async function makes(form) {
  const said = Object.fromEntries(new FormData(form));
  const faults = [
    !/^[a-z0-9-]{2,40}$/.test(said.id) && say("id"),
    !said.name.trim() && say("your-name"),
    !said.office && say("office"),
    isWeak(said.passphrase) && say("weak"),
    said.passphrase.trim() !== said.again.trim() && say("twice"),
  ].filter(Boolean);
  if (faults.length) return complain(form, faults);
  const { kept, open } = await made({ ...said, name: said.name.trim() }, said.passphrase);
  if (said.keep) await keepHere(kept);
  form.reset();
  const page = fill(copy("made-key"), { recipient: kept.recipient });
  const json = (value) => new TextEncoder().encode(JSON.stringify(value, null, 1));
  page.querySelector("[data-backup]").addEventListener("click", () => download(`${kept.id}.key.json`, json(kept)));
  page.querySelector("[data-public]").addEventListener("click", () => download(`${kept.id}.public.json`, json(open)));
  for (const back of page.querySelectorAll("[data-back]")) back.addEventListener("click", () => signIn());
  return show(page);
}

for (const event of ["pointerdown", "keydown", "scroll"]) document.addEventListener(event, stay, { passive: true });
bar.querySelector("[data-lock]").addEventListener("click", () => lock());

const notice = sessionStorage.getItem("notice");
sessionStorage.removeItem("notice");
signIn(notice ? say(notice) : "");
