// Files go ahead of their form, one after the other, with a bar for each; what was cut off can be sent again.
// Without this script they travel with the form itself.

const MEGABYTES_20 = 20 * 1024 * 1024;

for (const box of document.querySelectorAll("[data-uploads]")) {
  const ids = box.querySelector("input[type=hidden]");
  const inputs = [...box.querySelectorAll("input[type=file]")]; // any file, and on a telephone its camera
  const [input] = inputs;
  const thumb = box.querySelector("label svg");
  const said = box.querySelector("[data-said]");
  const words = box.dataset;
  let last = Promise.resolve();

  // The browser's own field would say "no file chosen" above the files that are in: our button stands for it.
  for (const one of inputs) {
    one.labels[0].classList.remove("vh", "label");
    one.labels[0].classList.add("upload__choose", "btn", "btn--secondary");
    one.classList.add("vh");
    one.addEventListener("change", () => {
      [...one.files].forEach(take);
      one.value = "";
    });
  }

  const list = () => ids.value.split(" ").filter(Boolean);

  function row(name) {
    const line = Object.assign(document.createElement("div"), { className: "file" });
    const middle = document.createElement("span");
    const title = Object.assign(document.createElement("bdi"), { className: "file__name", textContent: name });
    const state = document.createElement("small");
    const bar = Object.assign(document.createElement("progress"), { className: "progress", max: 100, value: 0 });
    bar.setAttribute("aria-label", `${words.sending} ${name}`);
    middle.append(title, document.createElement("br"), state, bar);
    const picture = Object.assign(document.createElement("span"), { className: "file__thumb" });
    picture.append(thumb.cloneNode(true));
    line.append(picture, middle);
    box.append(line);
    return { line, state, bar };
  }

  function button(text, name, act) {
    const made = Object.assign(document.createElement("button"), {
      type: "button", className: "btn btn--quiet btn--sm btn--touch", textContent: text,
    });
    made.append(Object.assign(document.createElement("span"), { className: "vh", textContent: ` ${name}` }));
    made.addEventListener("click", act);
    return made;
  }

  function drop(id, line) {
    ids.value = list().filter((other) => other !== id).join(" ");
    line.remove();
    input.focus();
  }

  function send(file, shown) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const form = new FormData();
      form.append("file", file);
      const fail = (sentence, again = true) => {
        shown.bar.hidden = true;
        shown.state.className = "error-msg";
        shown.state.textContent = said.textContent = sentence;
        shown.line.append(again
          ? button(words.again, file.name, () => {
            shown.line.remove();
            input.focus();
            last = last.then(() => send(file, row(file.name)));
          })
          : button(words.drop, file.name, () => drop("", shown.line)));
        done();
      };
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) shown.bar.value = (100 * event.loaded) / event.total;
      });
      request.addEventListener("error", () => fail(words.failed));
      request.addEventListener("load", () => {
        let answer = {};
        try { answer = JSON.parse(request.responseText); } catch { /* a proxy's page */ }
        if (request.status !== 201) {
          const sentence = answer.errors?.[0]?.[`message_${document.documentElement.lang}`] ?? answer.detail;
          fail(sentence ?? words.failed, ![413, 422].includes(request.status)); // what is refused stays refused
          return;
        }
        ids.value = [...list(), answer.id].join(" ");
        shown.bar.hidden = true;
        shown.state.className = "ok";
        shown.state.textContent = words.ready;
        said.textContent = `${file.name}: ${words.ready}`;
        shown.line.append(button(words.drop, file.name, () => drop(answer.id, shown.line)));
        ids.dispatchEvent(new Event("change", { bubbles: true }));
        done();
      });
      request.open("POST", words.to);
      request.setRequestHeader("Accept-Language", document.documentElement.lang);
      shown.state.textContent = words.sending;
      request.send(form);
    });
  }

  function take(file) {
    const shown = row(file.name);
    if (box.querySelectorAll(".file").length > Number(words.most) || file.size > MEGABYTES_20) {
      shown.bar.hidden = true;
      shown.state.className = "error-msg";
      shown.state.textContent = said.textContent = file.size > MEGABYTES_20 ? words.tooBig : words.tooMany;
      shown.line.append(button(words.drop, file.name, () => drop("", shown.line)));
    } else last = last.then(() => send(file, shown));
  }

  for (const known of box.querySelectorAll("button[name=drop]")) {
    known.addEventListener("click", (event) => {
      event.preventDefault();
      drop(known.value, known.closest(".file"));
    });
  }

  // A form that is sent while a file is still on its way waits for it.
  box.closest("form").addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.waited || !box.querySelector("progress:not([hidden])")) return;
    event.preventDefault();
    const pressed = event.submitter;
    const settled = (queue) => queue.then(() => (queue === last ? null : settled(last)));
    settled(last).then(() => { form.dataset.waited = "1"; form.requestSubmit(pressed ?? undefined); });
  });
}
