// Kiosk mode: every page replaces the previous one in a single history entry, and after a minute without input the
// first page is loaded again.

const IDLE = 60_000;
const WARNING = 10_000;
let timers = [];
let begun = false; // somebody has touched the page; an untouched first page reloads without a warning

const still = () => document.querySelector("[data-still]");
const start = () => still().dataset.startAt;

function again() {
  for (const form of document.forms) form.reset();
  location.replace(start());
}

function touched() {
  timers.forEach(clearTimeout);
  still().hidden = true;
  timers = [setTimeout(() => { still().hidden = !begun; }, IDLE - WARNING), setTimeout(again, IDLE)];
}

function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const { lang, dir } = page.documentElement;
  Object.assign(document.documentElement, { lang, dir });
  document.title = page.title;
  document.body.replaceWith(page.body);
  scrollTo(0, 0);
  (document.querySelector("[autofocus]") ?? document.getElementById("main"))?.focus({ preventScroll: true });
  touched();
}

async function go(address, options) {
  try {
    const answer = await fetch(address, { cache: "no-store", ...options });
    show(await answer.text());
  } catch { document.querySelector("[data-away]").hidden = false; }
}

addEventListener("submit", (event) => {
  event.preventDefault();
  const { target: form, submitter } = event;
  const body = new URLSearchParams(new FormData(form, submitter));
  const address = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
  go(address, { method: "POST", body });
});

addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  if (link.hasAttribute("data-start")) again();
  else if (new URL(link.href).pathname.endsWith("/kiosk")) location.replace(link.href);
});

for (const kind of ["pointerdown", "keydown", "input", "scroll"])
  addEventListener(kind, () => { begun = true; touched(); }, { passive: true });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
addEventListener("contextmenu", (event) => event.preventDefault());
touched();
