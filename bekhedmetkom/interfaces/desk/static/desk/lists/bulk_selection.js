// Picking several cases of a list. X picks the row under the cursor, Shift+X (or Shift and a click) all from the last one
// that was picked to it, Esc lets go of all. What can be done with them stands in a bar, which is there without this too.

const boxes = [...document.querySelectorAll("input[name=case][form=bulk]")];
const bar = document.querySelector("#bulk");
const all = document.querySelector("[data-pick-all]");
const said = bar?.querySelector("[data-picked]");
let last = -1;

function pick(place, on, through) {
  const from = through && last >= 0 ? last : place;
  for (const box of boxes.slice(Math.min(from, place), Math.max(from, place) + 1)) box.checked = on;
  last = place;
  show();
}

function show() {
  const picked = boxes.filter((box) => box.checked).length;
  bar.hidden = !picked;
  said.textContent = picked;
  all.checked = picked === boxes.length;
  all.indeterminate = picked > 0 && picked < boxes.length;
}

function letGo() {
  for (const box of boxes) box.checked = false;
  show();
}

if (bar && boxes.length) {
  bar.classList.add("bulkbar--ready");
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  for (const [place, box] of boxes.entries()) {
    box.addEventListener("click", (event) => pick(place, box.checked, event.shiftKey));
  }
  bar.querySelector("[data-let-go]").addEventListener("click", letGo);
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    if (event.key === "Escape" && !bar.hidden) {
      letGo();
      event.stopPropagation(); // the list stays
    }
    if (event.code !== "KeyX") return;
    const place = boxes.findIndex((box) => box.closest("[data-row]").classList.contains("is-cursor"));
    if (place >= 0) pick(place, event.shiftKey || !boxes[place].checked, event.shiftKey);
  }, { capture: true }); // before the keys of the page
  addEventListener("pageshow", show); // a page that comes back remembers its boxes
  show();
}
