// Sends messages without a page load, keeps the end in view, and polls for an officer's messages.

const EVERY = 5000;

function atTheEnd() {
  document.getElementById("say")?.scrollIntoView({ block: "end" });
}

async function fresh(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.getElementById("talk") ? page : null;
}

// Lines are appended one by one, so that screen readers announce only new ones.
function fill(log, lines) {
  const same = [...log.children].findIndex((line, n) => line.textContent !== lines[n]?.textContent);
  const from = same < 0 ? log.children.length : same;
  [...log.children].slice(from).forEach((line) => line.remove());
  log.append(...lines.slice(from));
}

function show(page) {
  const log = document.getElementById("talk");
  const next = page.getElementById("talk");
  fill(log, [...next.children]);
  log.toggleAttribute("data-with-person", next.hasAttribute("data-with-person"));
  const head = document.querySelector(".talk-head");
  if (!head.querySelector("form")) head.replaceWith(page.querySelector(".talk-head")); // the conversation has started and can be deleted
}

async function say(form, submitter) {
  const sent = new FormData(form, submitter);
  form.querySelectorAll("button").forEach((button) => (button.disabled = true));
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent });
    const page = await fresh(answer);
    if (!page) throw new Error("another page");
    show(page);
    const next = page.getElementById("say");
    form.replaceWith(next);
    listen(next);
    next.elements.text.focus({ preventScroll: true });
    atTheEnd();
  } catch (trouble) {
    form.querySelectorAll("button").forEach((button) => (button.disabled = false));
    if (trouble.message === "another page") {
      // a challenge page: let the browser show it; the key makes the repetition harmless
      form.removeEventListener("submit", form.said);
      form.requestSubmit(submitter);
      return;
    }
    const problem = form.querySelector("[data-problem]");
    problem.hidden = false;
    problem.querySelector("span").textContent = form.dataset.failed;
    (submitter?.name === "choice" ? submitter : form.elements.text).focus(); // a disabled button loses keyboard focus
  }
}

// Replaces the browser's file field, whose labels are in the browser's language.
function dress({ file }) {
  file.labels[0].className = "upload__choose btn btn--secondary btn--touch";
  file.classList.add("vh");
  const names = file.parentElement.querySelector("[data-files]");
  file.addEventListener("change", () => { names.textContent = [...file.files].map(({ name }) => name).join("، "); });
}

function listen(form) {
  dress(form.elements);
  form.said = (event) => {
    event.preventDefault();
    if (event.submitter?.name === "choice" || form.elements.text.value.trim() || form.elements.file.files.length) {
      say(form, event.submitter);
    }
  };
  form.addEventListener("submit", form.said);
  form.elements.text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-send]"));
    }
  });
}

setInterval(async () => {
  if (!document.querySelector("#talk[data-with-person]") || document.hidden) return;
  const page = await fetch(location.pathname).then(fresh, () => null);
  if (page) show(page);
}, EVERY);

const form = document.getElementById("say");
if (form) {
  listen(form);
  if (document.querySelector(".talk__line--person")) atTheEnd();
}
