// What an officer writes is not lost, and what they send counts once. While they type, each form keeps its words in this
// browser at once, and on the server a moment after they pause; the browser forgets what the server has. A form is sent
// by this script, so that a cut connection leaves the page as it is, and says what is sure: its key makes sending it
// again safe. Without this script the same buttons send the same forms.

const PAUSE = 1000; // ms of silence before the server is asked to keep
const AGAIN = 10_000; // ms until it is asked again after it did not answer
const PATIENCE = 20_000; // ms for an answer
const A_DAY = 24 * 60 * 60 * 1000; // longer than that a shared computer should not remember
const NAMES = ["text", "reason", "quality_reason", "disposition", "template", "unit", "on", "objection"];
const STORE = "desk-writing ";

const remember = (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden */ } };
const recall = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const forget = (key) => { try { localStorage.removeItem(key); } catch { /* forbidden */ } };
const post = (to, body) => fetch(to, {
  method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE),
});

const writers = new WeakMap(); // form → what knows how its words are kept

function writes(form) {
  const line = form.querySelector("[data-kept]");
  const fields = NAMES.map((name) => form.elements[name]).filter(Boolean);
  const { version, key } = form.elements;
  if (!line || !fields.some((field) => field.matches("textarea, input"))) return;
  const place = STORE + form.dataset.whose;
  const values = () => Object.fromEntries(fields.map((field) => [field.name, field.value]));
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const say = (words) => { line.querySelector("[data-kept-said]").textContent = words; };
  let kept = form.hasAttribute("data-came-back") ? null : values();
  let waits, keeping = Promise.resolve(), moved = false, discarded = false;

  function look() {
    line.querySelector("[data-compare]").hidden = !moved;
    if (moved) say(line.dataset.wordsMoved);
  }

  async function keep() {
    clearTimeout(waits);
    const now = values();
    if (moved || discarded || same(now, kept)) return;
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "version"]) body.append(name, form.elements[name].value);
    for (const [name, value] of Object.entries(now)) body.append(name, value);
    try {
      const answer = await post(form.dataset.writes, body);
      if (!answer.ok && answer.status !== 409) throw new Error();
      const said = await answer.json();
      moved = answer.status === 409;
      if (moved) return look();
      kept = now;
      version.value = said.version;
      say(line.dataset.wordsKept.replace("{at}", said.at));
      line.querySelector("[data-discard]").hidden = false;
      if (same(now, values())) forget(place);
    } catch {
      say(line.dataset.wordsHere);
      later(AGAIN);
    }
  }

  function later(pause = PAUSE) {
    clearTimeout(waits);
    waits = setTimeout(() => { keeping = keeping.then(keep); }, pause);
  }

  function typed() {
    hold();
    later();
  }

  function hold(sent = false) {
    remember(place, { values: values(), key: key.value, version: version.value, at: Date.now(), sent });
  }

  // What is on its way is kept here alone: it may have become a fact, and then it is no draft any more.
  async function leave() {
    clearTimeout(waits);
    await keeping;
    kept = values();
    hold(true);
  }

  function takeUp() {
    const left = recall(place);
    if (!left || Date.now() - left.at > A_DAY || same(left.values, values())) return forget(place);
    for (const field of fields) field.value = left.values[field.name] ?? field.value;
    key.value = left.key; // if it had been sent after all, sending it again is recognised
    moved = left.version !== version.value && Number(version.value) > 0;
    say(line.dataset.wordsBack);
    line.querySelector("[data-discard]").hidden = false;
    look();
    if (left.sent) kept = values();
    else later();
  }

  // What is on its way arrives first, and nothing is kept after it: else the draft would be there again.
  async function discard(event) {
    if (discarded) return;
    event.preventDefault();
    discarded = true;
    clearTimeout(waits);
    await keeping;
    forget(place);
    form.requestSubmit(event.target);
  }

  writers.set(form, { leave, forget: () => forget(place) });
  if (!form.hasAttribute("data-came-back")) takeUp();
  for (const field of fields) field.addEventListener(field.matches("select") ? "change" : "input", typed);
  line.querySelector("[data-discard]").addEventListener("click", discard);
  addEventListener("online", () => later(0));
  document.addEventListener("visibilitychange", () => document.hidden && later(0));
}

// ---------- sending ----------

function cut(form, arrivedPerhaps, submitter) {
  const box = form.querySelector("[data-cut]");
  box.hidden = false;
  box.querySelector("[data-cut-before]").hidden = arrivedPerhaps;
  box.querySelector("[data-cut-after]").hidden = !arrivedPerhaps;
  box.querySelector("[data-again]").onclick = () => form.requestSubmit(submitter);
  box.focus();
}

async function send(form, submitter) {
  const to = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  if (!navigator.onLine) return cut(form, false, submitter);
  form.setAttribute("aria-busy", "true");
  form.querySelector("[data-cut]").hidden = true;
  try {
    await writers.get(form)?.leave();
    const answer = await post(to, new FormData(form));
    if (answer.status >= 502) throw new Error(); // what stands before the server says that it did not answer
    if (answer.ok && answer.headers.get("Content-Type")?.startsWith("application/json")) {
      writers.get(form)?.forget();
      location.assign((await answer.json()).to);
      return;
    }
    // Refused, and nothing was stored: the same once more, for the page that says why.
    form.setAttribute("action", to);
    HTMLFormElement.prototype.submit.call(form);
  } catch {
    form.removeAttribute("aria-busy");
    cut(form, true, submitter);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-sends]") || event.submitter?.name) return;
  event.preventDefault();
  if (!form.hasAttribute("aria-busy")) send(form, event.submitter);
});

for (const form of document.querySelectorAll("form[data-writes]")) writes(form);
