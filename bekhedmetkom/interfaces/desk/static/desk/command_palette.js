// Ctrl+K: one line to type in, for everything that this page leads to: what can be done with the case, the queues, what
// narrows the list, a case by its number, or a search. All of it stands on the page as links and buttons too.

const box = document.querySelector("#palette");
const line = box.querySelector("input");
const list = box.querySelector("[role=listbox]");
const { opens, searches } = box.dataset;
const MOST = 12;
let found = [];
let at = 0;

// Alike however it is spelt: no marks, one alif, one ya.
function folded(text) {
  return text.toLowerCase().replace(/[\u064b-\u0652\u0640]/g, "").replace(/[أإآ]/g, "ا").replace(/ى/g, "ي").replace(/ة/g, "ه").trim();
}

function words(element) {
  const copy = element.cloneNode(true);
  for (const aside of copy.querySelectorAll(".kbd, b, .vh, svg")) aside.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

function commands() {
  const verbs = [...document.querySelectorAll("[data-key]:is(a, button)")].filter((one) => !one.closest("[hidden], #palette, dialog"));
  const menus = [...document.querySelectorAll(".filters details a")];
  const places = [...box.querySelectorAll("template")].flatMap((kept) => [...kept.content.querySelectorAll("a")]);
  const views = [...document.querySelectorAll(".side a")];
  const known = new Set();
  return [
    ...verbs.map((one) => ({ name: words(one), key: one.querySelector(".kbd")?.textContent, does: () => press(one) })),
    ...[...views, ...places].map((one) => ({ name: words(one), does: () => location.assign(one.href) })),
    ...menus.map((one) => ({
      name: `${words(one.closest("details").querySelector("summary"))}: ${words(one)}`, does: () => location.assign(one.href),
    })),
  ].filter(({ name }) => name && !known.has(name) && known.add(name));
}

function press(element) {
  if (element.form?.method === "post") element.focus();
  else element.click();
}

function typed() {
  const text = line.value.trim();
  if (!text) return [];
  const go = () => location.assign(`${box.dataset.list}?q=${encodeURIComponent(text)}`);
  const isNumber = /^(bk[- ]?)?[0-9a-z]{4}[- ]?[0-9a-z]{4}$/i.test(text);
  return [{ name: `${isNumber ? opens : searches} ${text}`, does: go, first: isNumber }];
}

function look() {
  const parts = folded(line.value).split(/\s+/);
  const fits = commands().filter(({ name }) => parts.every((part) => folded(name).includes(part)));
  const [asked] = typed();
  found = (asked?.first ? [asked, ...fits] : [...fits.slice(0, MOST - 1), ...(asked ? [asked] : [])]).slice(0, MOST);
  list.replaceChildren(...found.map(row));
  line.setAttribute("aria-expanded", String(found.length > 0));
  choose(0);
}

function row({ name, key }, place) {
  const made = document.createElement("li");
  made.id = `palette-${place}`;
  made.role = "option";
  made.append(name);
  if (key) {
    const shown = document.createElement("span");
    shown.className = "kbd";
    shown.ariaHidden = "true";
    shown.textContent = key;
    made.append(" ", shown);
  }
  made.addEventListener("click", () => does(place));
  return made;
}

function choose(place) {
  at = found.length ? (place + found.length) % found.length : 0;
  for (const [n, option] of [...list.children].entries()) option.ariaSelected = String(n === at);
  if (found.length) line.setAttribute("aria-activedescendant", `palette-${at}`);
  else line.removeAttribute("aria-activedescendant");
  list.children[at]?.scrollIntoView({ block: "nearest" });
}

function does(place) {
  const chosen = found[place];
  if (!chosen) return;
  box.close();
  chosen.does();
}

line.addEventListener("input", look);
line.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) choose(at + step);
  else if (event.key === "Enter") does(at);
  else return;
  event.preventDefault();
  event.stopPropagation();
});
for (const opener of document.querySelectorAll("[data-opens=palette]")) {
  opener.addEventListener("click", () => {
    line.value = "";
    look();
  });
}
