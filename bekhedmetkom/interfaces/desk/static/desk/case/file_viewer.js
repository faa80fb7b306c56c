// The files of a case, large and one after the other: pictures with zoom, pages, video and sound. Without this script
// each is a link to the file itself.

const dialog = document.getElementById("viewer");
const links = [...document.querySelectorAll("a[data-view]")];
const WIDEST = 5; // each step is another width of the stage
let here = 0, zoom = 1;

const MADE = {
  image: () => document.createElement("img"),
  video: () => Object.assign(document.createElement("video"), { controls: true }),
  sound: () => Object.assign(document.createElement("audio"), { controls: true }),
};

function show(number) {
  here = (number + links.length) % links.length;
  const link = links[here];
  const name = link.textContent.trim();
  const stage = dialog.querySelector("[data-stage]");
  const drawn = (MADE[link.dataset.view] ?? (() => document.createElement("iframe")))();
  drawn.setAttribute(drawn.matches("img") ? "alt" : drawn.matches("iframe") ? "title" : "aria-label", name);
  drawn.src = link.href;
  stage.replaceChildren(drawn);
  dialog.querySelector("h2").textContent = name;
  const place = dialog.querySelector("[data-pictures]");
  const { pictures, files } = place.dataset;
  place.textContent = (links.every((one) => one.dataset.view === "image") ? pictures : files)
    .replace("{here}", here + 1).replace("{all}", links.length);
  for (const button of dialog.querySelectorAll("[data-go]")) button.hidden = links.length < 2;
  enlarge(1);
}

function enlarge(to) {
  const picture = dialog.querySelector("[data-stage] img");
  zoom = Math.min(WIDEST, Math.max(1, to));
  for (const button of dialog.querySelectorAll("[data-zoom]")) {
    button.hidden = !picture;
    button.disabled = zoom === (button.dataset.zoom === "1" ? WIDEST : 1);
  }
  if (picture) picture.dataset.times = zoom;
}

function open(event, number) {
  event.preventDefault();
  show(number);
  dialog.showModal();
  dialog.querySelector("[data-stage]").focus();
}

if (dialog) {
  links.forEach((link, number) => {
    link.addEventListener("click", (event) => open(event, number));
    link.closest(".file").querySelector("[data-view-too]")?.addEventListener("click", (event) => open(event, number));
  });
  for (const button of dialog.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => enlarge(zoom + Number(button.dataset.zoom)));
  }
  for (const button of dialog.querySelectorAll("[data-go]")) {
    button.addEventListener("click", () => show(here + Number(button.dataset.go)));
  }
  dialog.addEventListener("close", () => {
    dialog.querySelector("[data-stage]").replaceChildren(); // no sound goes on behind the page
    links[here].focus();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.target.matches("video, audio") || event.ctrlKey || event.metaKey || event.altKey) return;
    const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
    const done = {
      "+": () => enlarge(zoom + 1), "=": () => enlarge(zoom + 1), "-": () => enlarge(zoom - 1), 0: () => enlarge(1),
      [forward]: () => zoom === 1 && show(here + 1), [back]: () => zoom === 1 && show(here - 1),
    }[event.key];
    if (done && done() !== false) event.preventDefault();
  });
}
