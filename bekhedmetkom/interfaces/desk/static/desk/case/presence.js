// Who else has this case open, while somebody looks at the page. Only tells; without it nothing is missing but the names.

const EVERY = 10_000; // ms
const STILL_WRITING = 15_000; // ms after the last letter
const box = document.querySelector("[data-here]");
let typed = -Infinity, shown = "";

async function ask() {
  if (document.hidden) return;
  const body = new FormData();
  body.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  body.append("seen", box.dataset.seen);
  body.append("writing", performance.now() - typed < STILL_WRITING ? "1" : "0");
  try {
    const answer = await fetch(box.dataset.here, { method: "POST", body, headers: { "X-By-Itself": "1" } });
    const html = answer.ok && !answer.redirected ? (await answer.text()).trim() : "";
    if (html !== shown) shown = box.innerHTML = html;
  } catch {
    shown = box.innerHTML = ""; // nobody knows who is there
  }
}

if (box) {
  document.addEventListener("input", (event) => {
    if (!event.target.closest("form[data-writes]")) return;
    const began = performance.now() - typed >= STILL_WRITING;
    typed = performance.now();
    if (began) ask();
  });
  document.addEventListener("visibilitychange", ask);
  setInterval(ask, EVERY);
  ask();
}
