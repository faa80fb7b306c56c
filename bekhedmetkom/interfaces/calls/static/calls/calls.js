// The call console: polls ringing calls and the current line, saves the draft after a pause, and shows the script of
// the chosen kind. Without it the pages work by reloading and submitting forms.

const RINGS_EVERY = 2_000, LINE_EVERY = 4_000, PAUSE = 900; // ms
const rings = document.querySelector("[data-rings]");
const form = document.querySelector("[data-draft]");
const title = document.title;

const takes = () => [...rings.querySelectorAll("button[id]")].map(({ id }) => id);

// Focus stays on its call, or moves to the list's heading when the call has gone.
function show(piece) {
  const known = takes(), standsOn = rings.contains(document.activeElement) ? document.activeElement.id : "";
  rings.replaceChildren(...piece.childNodes);
  if (standsOn) (document.getElementById(standsOn) ?? document.getElementById("rings-h")).focus({ preventScroll: true });
  const told = document.querySelector("[data-told]"), ringing = takes();
  document.title = ringing.length ? `(${ringing.length}) ${title}` : title;
  if (!ringing.length) told.textContent = "";
  const fresh = ringing.filter((id) => !known.includes(id)).map((id) => document.getElementById(id).closest("li"));
  if (fresh.length) told.textContent = fresh.map((line) => `${told.dataset.words}: ${line.querySelector(".rings__who").innerText}`).join(" ");
}

async function ask() {
  if (document.hidden) return;
  try {
    const answer = await fetch(rings.dataset.rings, { headers: { "X-By-Itself": "1" } }); // does not extend the session
    if (answer.redirected || answer.status === 403) return clearInterval(again); // signed out
    if (!answer.ok) return;
    const piece = new DOMParser().parseFromString(await answer.text(), "text/html");
    const mine = piece.querySelector("[data-mine]");
    if (mine) return location.assign(mine.dataset.mine);
    show(piece.body);
  } catch {
    // No network: the next poll tries again.
  }
}

const again = rings ? setInterval(ask, RINGS_EVERY) : undefined;

let clock;
const ticking = document.querySelector("[data-ticks] bdi");
if (ticking) {
  const began = Date.now() - 1000 * Number(ticking.parentElement.dataset.ticks);
  clock = setInterval(() => {
    const s = Math.floor((Date.now() - began) / 1000), two = (n) => String(n).padStart(2, "0");
    ticking.textContent = s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  }, 1000);
}

// When the caller hangs up the clock stops and it is announced.
const line = document.querySelector("[data-line]");
const listening = line && setInterval(async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(line.dataset.line, { headers: { "X-By-Itself": "1" } });
    if (answer.redirected || answer.status === 403) return clearInterval(listening); // signed out
    if (!answer.ok) return;
    const now = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".call");
    if (now.dataset.line) return;
    clearInterval(listening);
    clearInterval(clock);
    for (const part of [".call__who", ".call__time"]) line.querySelector(part).replaceWith(now.querySelector(part));
    document.querySelector("[data-ended]").textContent = line.querySelector(".call__who").innerText;
  } catch {
    // No network: the next poll tries again.
  }
}, LINE_EVERY);

let waiting, sent = 0;

async function keep() {
  waiting = clearTimeout(waiting);
  const turn = ++sent;
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", keepalive: true, body: new URLSearchParams(new FormData(form)) });
    if (turn !== sent || !(answer.headers.get("Content-Type") ?? "").includes("json")) return;
    const said = await answer.json();
    form.querySelector("[data-stopped]").hidden = !said.stopped;
    const saved = form.querySelector("[data-saved]"), foreseen = form.querySelector("[data-foreseen]");
    saved.textContent = said.at ? `${saved.dataset.words} ${said.at}` : "";
    foreseen.textContent = said.due ? `${said.to ? `${foreseen.dataset.to} ${said.to} · ` : ""}${foreseen.dataset.due}: ${said.due}` : "";
    form.querySelector("[data-urgent]").hidden = !said.urgent;
  } catch {
    // The text stays in the page; the next pause saves it.
  }
}

form?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(keep, PAUSE);
});
// Leaving the form may mean leaving the page, so the draft is saved at once.
form?.addEventListener("focusout", ({ relatedTarget }) => waiting && !form.contains(relatedTarget) && keep());
form?.addEventListener("change", (event) => {
  if (event.target.name !== "kind") return;
  const steps = document.querySelector(`[data-script-of="${event.target.value}"]`);
  if (steps) document.querySelector("[data-script]").replaceChildren(steps.content.cloneNode(true));
});
form?.addEventListener("submit", () => { waiting = clearTimeout(waiting); });

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") return (event.target.closest("form") ?? form)?.requestSubmit();
  if (event.ctrlKey || event.metaKey || event.target.closest("input:not([type=radio]), textarea, select")) return;
  const kind = form?.querySelectorAll("[name=kind]")[Number(/^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1]) - 1];
  kind?.focus();
  kind?.click();
});
