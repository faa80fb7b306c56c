// The reply form: a template fills the text at once; the form for several cases has one in each language.

const form = document.querySelector("[data-reply]");

function begin(field, body) {
  if (!field || !body) return;
  field.value = [field.value.trimEnd(), body].filter(Boolean).join("\n\n");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

if (form) {
  const template = form.querySelector("select[name=template]");

  template?.addEventListener("change", () => {
    const { outcome, text, textEn } = template.selectedOptions[0].dataset;
    if (!outcome) return;
    if (!form.elements.disposition.value) form.elements.disposition.value = outcome;
    begin(form.elements.text_en, textEn);
    begin(form.elements.text, text);
  });
  form.querySelector("[data-without-script]")?.remove();
}
