// Optional script of the portal: a draft on the device, a character count, a print button.

const DRAFT = "bekhedmetkom-draft";
const SEVEN_DAYS = 7 * 24 * 3600 * 1000;
const NEVER_KEPT = new Set(["csrfmiddlewaretoken", "step", "go", "key", "find", "found", "national_number", "passport"]);

function stored() {
  try {
    const draft = JSON.parse(localStorage.getItem(DRAFT));
    if (draft && Date.now() - draft.at < SEVEN_DAYS) return draft;
  } catch { /* no storage, or not ours */ }
  forget();
  return null;
}

function forget() {
  try { localStorage.removeItem(DRAFT); } catch { /* no storage */ }
}

function keep(form) {
  const answers = [...new FormData(form)].filter(([name, value]) => value && !NEVER_KEPT.has(name));
  try { localStorage.setItem(DRAFT, JSON.stringify({ at: Date.now(), answers })); } catch { /* no storage */ }
}

function resume(form, draft) {
  form.querySelectorAll("input[type=radio]").forEach((choice) => { choice.checked = false; });
  for (const [name, value] of [...draft.answers, ["go", "resume"]]) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    form.append(field);
  }
  form.submit();
}

const form = document.getElementById("answers");

// Inside an embedding site the dialog does not receive our key events (embed.js).
if (window !== parent) addEventListener("keydown", ({ key, defaultPrevented }) => {
  if (key === "Escape" && !defaultPrevented) parent.postMessage("bekhedmetkom:close", "*");
});

// The server sets this only after the corruption check, and never for a violation.
if (form?.dataset.draft === "keep") {
  keep(form);
  form.addEventListener("change", () => keep(form));
}

const offer = document.getElementById("draft");
const draft = offer && stored();
if (draft) {
  offer.hidden = false;
  document.getElementById("draft-resume").addEventListener("click", () => resume(form, draft));
  document.getElementById("draft-delete").addEventListener("click", () => { forget(); offer.hidden = true; });
}

if (document.querySelector("[data-draft=drop]")) forget();

// A refused outbox entry (outbox.js) is corrected on these pages and dropped once a page has its text.
const MENDING = "bekhedmetkom-mending";
function mending() {
  try { return sessionStorage.getItem(MENDING); } catch { return null; /* no storage, as in many frames */ }
}
const mended = mending();
if (mended && document.querySelector("[name=text]")?.value) {
  sessionStorage.removeItem(MENDING);
  navigator.serviceWorker?.controller?.postMessage({ ask: "drop", key: mended });
}
if (offer && location.hash.length > 1 && navigator.serviceWorker) {
  const key = location.hash.slice(1);
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (!data.typed) return;
    sessionStorage.setItem(MENDING, key);
    resume(form, data.typed);
  });
  navigator.serviceWorker.ready.then((worker) => worker.active.postMessage({ ask: "typed", key }));
}

for (const counter of document.querySelectorAll("[data-count]")) {
  const field = document.getElementById(counter.dataset.count);
  const show = () => {
    counter.textContent = counter.dataset.counted.replace("{n}", field.value.length.toLocaleString("en"));
  };
  field.addEventListener("input", show);
  if (field.value) show();
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
