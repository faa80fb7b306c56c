// One key for each thing an officer does often. Everything here is also a link or a button on the page.
// A key names what it presses by `data-key`; J and K walk the rows; "?" lists the keys that this page has.

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
const rows = [...document.querySelectorAll("[data-row]")];
let here = -1;

function walk(step) {
  if (!rows.length) return;
  rows[here]?.classList.remove("is-cursor");
  here = Math.min(rows.length - 1, Math.max(0, here + step));
  rows[here].classList.add("is-cursor");
  const link = rows[here].querySelector("a");
  link.focus({ preventScroll: true });
  rows[here].scrollIntoView({ block: "nearest" });
}

function press(key) {
  if (rows[here] && !document.querySelector(`[data-key="${key}"]`)) {
    const verb = document.querySelector(`[data-row-key="${key}"]`);
    if (verb) location.assign(rows[here].querySelector("a").href + verb.dataset.rowVerb);
    return Boolean(verb);
  }
  const target = document.querySelector(`[data-key="${key}"]`);
  if (!target) return false;
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.metaKey || event.isComposing) return;
  const field = typing(event.target);
  if (event.ctrlKey) {
    if (event.key === "Enter" && field?.form) field.form.requestSubmit(field.form.querySelector("[data-main]") ?? undefined);
    return;
  }
  if (field) {
    if (event.key === "Escape") field.blur();
    return;
  }
  // The place of the key, not its letter: an Arabic keyboard has its own letter on the same key.
  const key = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
  const done =
    key === "j" ? (walk(1), true)
    : key === "k" ? (walk(-1), true)
    : key === "Escape" ? !document.querySelector("dialog[open]") && press("Escape")
    : press(event.code === "Slash" ? (event.shiftKey ? "?" : "/") : key);
  if (done) event.preventDefault();
});

for (const opener of document.querySelectorAll("[data-opens]")) {
  opener.hidden = false;
  opener.addEventListener("click", () => document.getElementById(opener.dataset.opens).showModal());
}

// On a case, J and K go to the next and the last one of the list that the officer came from: they are links there.
