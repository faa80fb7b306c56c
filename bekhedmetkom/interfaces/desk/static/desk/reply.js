// The reply form: a template fills the text at once, and a text that was typed is not left behind by mistake.

const form = document.querySelector("[data-reply]");

if (form) {
  const text = form.querySelector("textarea");
  const template = form.querySelector("select[name=template]");
  const before = text.value;
  let leaving = false;

  template?.addEventListener("change", () => {
    const { body, outcome } = template.selectedOptions[0].dataset;
    if (!body) return;
    if (!form.elements.disposition.value) form.elements.disposition.value = outcome;
    text.value = text.value.trim() ? `${text.value.trimEnd()}\n\n${body}` : body;
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.querySelector("[data-without-script]")?.remove();

  form.addEventListener("submit", () => { leaving = true; });
  addEventListener("beforeunload", (event) => {
    if (!leaving && text.value !== before) event.preventDefault();
  });
}
