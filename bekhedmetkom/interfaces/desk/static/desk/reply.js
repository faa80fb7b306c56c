// The reply form: a template fills the text at once.

const form = document.querySelector("[data-reply]");

if (form) {
  const text = form.querySelector("textarea");
  const template = form.querySelector("select[name=template]");

  template?.addEventListener("change", () => {
    const { body, outcome } = template.selectedOptions[0].dataset;
    if (!body) return;
    if (!form.elements.disposition.value) form.elements.disposition.value = outcome;
    text.value = text.value.trim() ? `${text.value.trimEnd()}\n\n${body}` : body;
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.querySelector("[data-without-script]")?.remove();
}
