// A button for a body's own site that opens our form over the page:
//   <script src="https://…/static/portal/embed.js" data-entity="GAM" data-language="ar" async></script>
// The site must be one of the body's registered embed origins.
(() => {
  const script = document.currentScript;
  const english = script.dataset.language === "en";
  const ours = new URL(script.src);
  const address = new URL(english ? "/en/embed/new" : "/embed/new", ours.origin);
  if (script.dataset.entity) address.searchParams.set("entity", script.dataset.entity);
  const words = english ? ["Write to us", "Close", "Bekhedmetkom: write to this body"] : ["اكتب لنا", "إغلاق", "بخدمتكم: اكتب إلى هذه الجهة"];

  const made = (name, text, style) => {
    const element = document.createElement(name);
    element.textContent = text;
    Object.assign(element.style, style);
    return element;
  };
  const face = { font: "600 17px/1.5 'IBM Plex Sans Arabic', Tahoma, Arial, sans-serif", border: "0", borderRadius: "6px",
    padding: "10px 22px", minHeight: "48px", cursor: "pointer", color: "#fff", background: "#0B5D57" };
  const open = made("button", script.dataset.label || words[0], face);
  open.type = "button";
  const dialog = made("dialog", "", { inlineSize: "min(760px, 100vw)", blockSize: "min(860px, 100dvh)", maxInlineSize: "100vw",
    maxBlockSize: "100dvh", padding: "0", border: "0", borderRadius: "10px", overflow: "hidden", margin: "auto" });
  dialog.setAttribute("aria-label", words[2]);
  for (const element of [open, dialog]) Object.assign(element, { lang: english ? "en" : "ar", dir: english ? "ltr" : "rtl" });
  const close = made("button", words[1], { ...face, background: "none", color: "#0B5D57", blockSize: "48px" });
  close.type = "button";
  const frame = made("iframe", "", { display: "block", inlineSize: "100%", blockSize: "calc(100% - 48px)", border: "0" });
  frame.title = words[2];
  frame.referrerPolicy = "no-referrer";
  dialog.append(close, frame);
  open.addEventListener("click", () => { frame.src ||= address.href; dialog.showModal(); });
  close.addEventListener("click", () => dialog.close());
  addEventListener("message", ({ source, data }) => {
    if (source === frame.contentWindow && data === "bekhedmetkom:close") dialog.close();
  });
  script.after(open, dialog);
})();
