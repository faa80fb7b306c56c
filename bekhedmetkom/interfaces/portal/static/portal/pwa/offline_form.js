// The offline form: its answers go into the device's outbox (outbox.js).

const form = document.getElementById("offline");
const words = form.dataset;
const LARGEST = 20 * 1024 * 1024;
const carried = new Map(); // answers from earlier pages that this form does not ask for
let files = [];

const box = document.getElementById("files");
const inputs = [...box.querySelectorAll("input[type=file]")]; // any file, and the camera on a phone
const [input] = inputs;

function say(sentence) {
  document.getElementById("said").textContent = sentence;
}

function take(file) {
  const line = Object.assign(document.createElement("div"), { className: "file" });
  const name = Object.assign(document.createElement("bdi"), { className: "file__name", textContent: file.name });
  const wrong = file.size > LARGEST ? words.big : files.length >= Number(words.most) ? words.many : "";
  const middle = document.createElement("span");
  middle.append(name);
  if (wrong) middle.append(document.createElement("br"), Object.assign(document.createElement("small"), { className: "error-msg", textContent: wrong }));
  else files.push(file);
  const drop = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--quiet btn--sm btn--touch", textContent: words.drop });
  drop.append(Object.assign(document.createElement("span"), { className: "vh", textContent: ` ${file.name}` }));
  drop.addEventListener("click", () => {
    files = files.filter((other) => other !== file);
    line.remove();
    input.focus();
  });
  line.append(middle, drop);
  box.append(line);
  say(`${file.name} ${wrong}`);
}

for (const one of inputs) {
  one.labels[0].classList.remove("vh");
  one.labels[0].classList.add("upload__choose", "btn", "btn--secondary");
  one.classList.add("vh");
  one.addEventListener("change", () => {
    [...one.files].forEach(take);
    one.value = "";
  });
}

function fill({ answers, files: sent }) {
  for (const [name, value] of answers) {
    const fields = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    const choice = fields.find((field) => /^(radio|checkbox)$/.test(field.type) && field.value === value);
    if (choice) choice.checked = true;
    else if (fields.length && !/^(radio|checkbox)$/.test(fields[0].type)) {
      if (fields[0].tagName === "SELECT" && ![...fields[0].options].some((option) => option.value === value)) {
        fields[0].append(new Option(value.split("/")[0], value)); // a topic that was chosen before
      }
      fields[0].value = value;
    } else carried.set(name, value);
  }
  sent?.forEach(take);
}

if (navigator.serviceWorker) {
  navigator.serviceWorker.addEventListener("message", ({ data }) => { if (data.typed) fill(data.typed); });
  navigator.serviceWorker.ready.then((worker) => worker.active.postMessage({ ask: "typed" }));
}

function wrong() {
  const given = new FormData(form);
  const said = [];
  const sounds = files.some((file) => file.type.startsWith("audio/"));
  if (!given.get("kind")) said.push(["id_kind", words.kind]);
  if ((given.get("text").match(/\p{L}/gu) ?? []).length < 3 && !(sounds && !given.get("text").trim())) said.push(["id_text", words.text]);
  if (!given.get("contact")) said.push(["id_contact", words.contact]);
  if (given.get("contact") === "given" && !given.get("phone") && !given.get("email")) said.push(["id_phone", words.reach]);
  return said;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const summary = document.getElementById("wrong");
  const said = wrong();
  summary.hidden = said.length === 0;
  if (said.length) {
    summary.querySelector("ul").replaceChildren(...said.map(([id, sentence]) => {
      const line = document.createElement("li");
      line.append(Object.assign(document.createElement("a"), { href: `#${id}`, textContent: sentence }));
      return line;
    }));
    summary.focus();
    return;
  }
  const answers = [...carried, ...[...new FormData(form)].filter(([, value]) => typeof value === "string" && value),
    ["placed", "1"], ["language", document.documentElement.lang]];
  form.querySelector("button.btn--lg").disabled = true;
  await self.outbox.add({ key: crypto.randomUUID(), to: words.to, answers, files });
  const worker = await navigator.serviceWorker?.ready;
  await worker?.sync?.register("outbox").catch(() => { /* the pages send it */ });
  location.assign(words.next);
});

form.hidden = false;
