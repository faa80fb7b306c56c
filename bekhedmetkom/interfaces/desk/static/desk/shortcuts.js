// One key for each thing an officer does often. Everything here is also a link or a button on the page: a key only
// presses what carries it (`data-key`). A letter never sends a form, it only leads to its button; Ctrl with a key does.
// J and K walk the rows of a list, and on a case go to the next and the last
// row of the list that the officer came from. A key counts by its place, so it works while one types Arabic.

const KEPT = "desk-rows"; // addresses of the list's cases; no words of theirs
const rows = [...document.querySelectorAll("[data-row] a.subj")];
let here = -1;

function walk(step) {
  rows[here]?.closest("[data-row]").classList.remove("is-cursor");
  here = Math.min(rows.length - 1, Math.max(0, here + step));
  const row = rows[here].closest("[data-row]");
  row.classList.add("is-cursor");
  rows[here].focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function neighbour(step) {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  const place = kept.findIndex((address) => location.pathname.startsWith(address.split("?")[0]));
  return place < 0 ? undefined : kept[place + step];
}

function step(by) {
  if (rows.length) return walk(by), true;
  const address = neighbour(by);
  if (address) location.assign(address);
  return Boolean(address);
}

function press(key) {
  const target = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((one) => !one.closest("[hidden]"));
  const sends = target?.form?.method === "post" && !key.startsWith("Ctrl+");
  if (sends || target?.matches("input, textarea, select")) return target.focus(), true;
  if (target) return target.click(), true;
  const ofRow = document.querySelector(`[data-row-key="${CSS.escape(key)}"]`);
  if (ofRow && rows[here]) location.assign(`${new URL(rows[here].href).pathname}/${ofRow.dataset.rowVerb}`);
  return Boolean(ofRow && rows[here]);
}

function send(form) {
  form?.requestSubmit(form.querySelector("[data-main]"));
}

function named(event) {
  if ("?؟".includes(event.key)) return "?";
  if (event.code === "Slash") return "/";
  return event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.isComposing) return;
  const field = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (event.ctrlKey || event.metaKey) {
    if (event.key === "Enter") send(field?.form ?? document.querySelector("[data-main]")?.form);
    else if (!(field && event.code === "KeyZ") && press(`Ctrl+${event.code.slice(3)}`)) event.preventDefault();
    return;
  }
  if (field) {
    if (event.key === "Escape") field.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  const key = named(event);
  const done = key === "j" ? step(1) : key === "k" ? step(-1) : press(key);
  if (done) event.preventDefault();
});

for (const opener of document.querySelectorAll("[data-opens]")) {
  opener.hidden = false;
  opener.addEventListener("click", () => document.getElementById(opener.dataset.opens).showModal());
}

if (rows.length) sessionStorage.setItem(KEPT, JSON.stringify(rows.map((row) => row.getAttribute("href"))));
for (const hint of document.querySelectorAll("[data-neighbours]")) hint.hidden = !(neighbour(1) || neighbour(-1));

// What can be taken back for some seconds only: the button goes when they are over.
for (const form of document.querySelectorAll("form[data-seconds]")) {
  setTimeout(() => { for (const button of form.querySelectorAll("button")) button.remove(); }, form.dataset.seconds * 1000);
}
