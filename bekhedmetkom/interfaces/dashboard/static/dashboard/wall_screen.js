// The wall turns through its views by itself until somebody pauses it; where motion is not wanted it begins paused.
// Each view keeps its address. The clock is the screen's own, in Amman.

const EVERY = 30_000; // ms
const main = document.querySelector("main[data-turn]");
const links = [...document.querySelectorAll("[data-turns] [data-turn]")];
const button = document.querySelector("[data-pause]");
const clock = document.querySelector("[data-clock]");
const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Amman" });
let turning;

function show(link) {
  main.dataset.turn = link.dataset.turn;
  for (const other of links) other.toggleAttribute("aria-current", other === link);
  if (link.hasAttribute("aria-current")) link.setAttribute("aria-current", "true");
  history.replaceState(null, "", link.href);
}

const next = (step = 1) => {
  const at = links.findIndex((link) => link.dataset.turn === main.dataset.turn);
  show(links[(at + step + links.length) % links.length]);
};

function turn(on) {
  clearInterval(turning);
  turning = on ? setInterval(next, EVERY) : undefined;
  button.setAttribute("aria-pressed", String(!on));
}

// A wall by itself that is ended says so.
document.addEventListener("live:state", (told) => { if (told.detail === "over" && "device" in main.dataset) location.reload(); });

for (const link of links) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link);
    turn(false);
  });
}
addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select")) return;
  const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") next(event.key === forward ? 1 : -1);
});
button.addEventListener("click", () => turn(turning === undefined));
button.hidden = links.length < 2;
turn(links.length > 1 && !matchMedia("(prefers-reduced-motion: reduce)").matches);
setInterval(() => { clock.textContent = time.format(new Date()); }, 5_000);
