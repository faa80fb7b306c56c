// A page that listens. On one element `{% stream "indicators,feed" %}` ({% load live %}; attributes data-stream and
// data-renew), and then, anywhere on the page:
//
//   data-on="indicators" data-fragment="/dashboard/now?…"
//       when a topic (or one of several: "indicators feed") has news, the address is fetched and takes the place of what
//       is in the element; at most every `data-every` seconds (5). Focus and open <details> with an id stay.
//   data-on="feed" data-most="12", with a <template> of one entry in it
//       each thing that happens is put first, from the stream itself and without a request: what stands in the
//       template's [data-time], [data-said], [data-topic] and [data-where] is filled in the page's language, and what
//       stays empty is hidden. `data-what` of the entry is the kind of event. With data-fragment too, the address is
//       fetched where something was missed.
//
// Scripts hear `live:TOPIC` on the document (detail: what the stream said), `live:again` where something was missed, and
// `live:state` when <html data-live> changes: "stream"; "asking" while there is no stream, and every piece is asked for each
// 15 seconds; "over" once its officer is signed out or may not listen any more. Without this script the page is as it was
// drawn.

const ASK_EVERY = 15_000, GRACE = 5_000, JITTER = 500; // ms
const place = document.querySelector("[data-stream]");
const pieces = () => document.querySelectorAll("[data-on]");
const language = document.documentElement.lang;
let address = place?.dataset.stream, source, last, asking, grace, renewals = 0, over = false;

function open() {
  if (!address || source || over || document.hidden) return;
  const url = new URL(address);
  if (last) url.searchParams.set("after", last);
  source = new EventSource(url);
  source.addEventListener("hello", (told) => { renewals = 0; note(told); state("stream"); });
  source.addEventListener("again", (told) => { note(told); everything(); document.dispatchEvent(new CustomEvent("live:again")); });
  source.addEventListener("renew", (told) => { note(told); renew(); });
  for (const topic of url.searchParams.get("topics").split(",")) source.addEventListener(topic, (told) => { note(told); hear(topic, JSON.parse(told.data)); });
  source.addEventListener("error", () => {
    grace ??= setTimeout(() => state("asking"), GRACE); // it may be back at once: then nobody needs to ask
    if (source?.readyState === EventSource.CLOSED) renew();
  });
}

const note = (told) => { last = told.lastEventId || last; };

function close() {
  source?.close();
  source = undefined;
}

// The token is over, or was refused: a new one, if the officer is still signed in. The longer it fails, the later again.
async function renew() {
  close();
  const wait = renewals++ ? Math.min(60_000, 1_000 * 2 ** renewals) : 0;
  await new Promise((go) => setTimeout(go, wait + Math.random() * JITTER));
  try {
    const answer = await fetch(place.dataset.renew, { headers: { "X-By-Itself": "1" } }); // does not keep a session alive
    if (answer.redirected || answer.status === 403) return finish(); // signed out, or not theirs any more
    if (answer.ok) address = (await answer.json()).address;
  } catch {
    // The network is away: the old address is tried, fails, and this is asked again.
  }
  open();
}

function finish() {
  over = true;
  close();
  state("over");
}

function state(now) {
  clearTimeout(grace);
  grace = undefined;
  clearInterval(asking);
  if (now === "asking" && !over) asking = setInterval(everything, ASK_EVERY);
  if (document.documentElement.dataset.live === now) return;
  document.documentElement.dataset.live = now;
  document.dispatchEvent(new CustomEvent("live:state", { detail: now }));
}

function hear(topic, said) {
  for (const piece of pieces()) {
    if (!piece.dataset.on.split(" ").includes(topic)) continue;
    const entry = piece.querySelector("template");
    if (entry) add(piece, entry, said);
    else if (piece.dataset.fragment) soon(piece);
  }
  document.dispatchEvent(new CustomEvent(`live:${topic}`, { detail: said }));
}

function everything() {
  if (document.hidden) return;
  for (const piece of pieces()) if (piece.dataset.fragment) soon(piece);
}

function add(piece, entry, said) {
  const made = entry.content.firstElementChild.cloneNode(true);
  made.dataset.what = said.what;
  const words = { time: said.time, said: said.said[language], topic: said.topic?.[language], where: said.where?.[language] };
  for (const [name, word] of Object.entries(words)) {
    for (const spot of made.querySelectorAll(`[data-${name}]`)) {
      spot.textContent = word ?? "";
      spot.hidden = !word;
    }
  }
  entry.before(made); // the template stands first among its entries, or …
  const entries = [...piece.children].filter((child) => child !== entry);
  if (entries[0] !== made) piece.prepend(made); // … after them
  entries.slice(Number(piece.dataset.most ?? 12)).forEach((old) => old.remove());
}

const asked = new WeakMap(); // piece -> when it may be asked for again

// Not all pages in the same instant, and one page not too often.
function soon(piece) {
  if (piece.dataset.waiting) return;
  piece.dataset.waiting = "1";
  const pause = Math.max(0, (asked.get(piece) ?? 0) - Date.now());
  setTimeout(() => fetchInto(piece), pause + Math.random() * JITTER);
}

async function fetchInto(piece) {
  delete piece.dataset.waiting;
  if (document.hidden || over) return;
  asked.set(piece, Date.now() + 1_000 * Number(piece.dataset.every ?? 5));
  try {
    const answer = await fetch(piece.dataset.fragment, { headers: { "X-By-Itself": "1" } });
    if (answer.redirected || answer.status === 403) return finish();
    if (answer.ok) swap(piece, await answer.text());
  } catch {
    // The network is away: the next news, or the next quarter of a minute, asks again.
  }
}

function swap(piece, html) {
  const focused = piece.contains(document.activeElement) ? document.activeElement.id : "";
  const opened = [...piece.querySelectorAll("details[open][id]")].map((one) => one.id);
  const template = piece.querySelector(":scope > template");
  piece.replaceChildren(...(template ? [template] : []), ...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

if (place) {
  // A browser opens six streams to one address, over all its windows: those that nobody sees give theirs back.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pageshow", (shown) => { if (shown.persisted) { close(); renew(); } });
  grace = setTimeout(() => state("asking"), GRACE);
  open();
}
