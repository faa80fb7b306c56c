// While a reply is written: what is good and what is missing in it, a moment after the writer pauses. Without this script
// the button beside the text shows the same on a new page.

const box = document.querySelector("[data-quality]");
const form = box?.closest("form");

if (form) {
  const PAUSE = 700; // ms
  const { text, disposition, unit, on, objection, csrfmiddlewaretoken } = form.elements;
  const judged = [text, disposition, unit, on, objection];
  const reason = form.querySelector("[data-quality-reason]");
  let waits, asked, before, shown;

  async function check() {
    clearTimeout(waits);
    const now = judged.map((field) => field.value).join("\n");
    if (now === before) return;
    before = now;
    asked?.abort();
    asked = new AbortController();
    const body = new FormData();
    for (const field of [...judged, csrfmiddlewaretoken]) body.append(field.name, field.value);
    try {
      const answer = await fetch(box.dataset.quality, { method: "POST", body, signal: asked.signal });
      if (answer.ok && !answer.redirected) show(await answer.text());
    } catch {
      before = undefined; // the network is away, or a newer text was asked about: the next pause asks again
    }
  }

  function show(html) {
    if (html === shown) return; // nothing new to read out
    shown = box.innerHTML = html;
    const blocks = Boolean(box.querySelector("[data-blocks]"));
    reason.hidden = !blocks && !reason.querySelector("textarea").value;
  }

  function later() {
    clearTimeout(waits);
    waits = setTimeout(check, PAUSE);
  }

  for (const field of judged) field.addEventListener(field.matches("textarea") ? "input" : "change", later);
  form.querySelector("button[name=check]").addEventListener("click", (event) => {
    event.preventDefault();
    check();
  });
}
