// Earlier and similar cases come once the page stands: to find them takes longer than to draw it. Without this script
// the link in their place leads to a page of their own.

const box = document.querySelector("[data-related]");

if (box) {
  document.addEventListener("submit", (event) => {
    const text = document.querySelector("[data-reply] textarea[name=text]");
    if (!text || !event.target.matches("[data-starts]")) return;
    event.preventDefault(); // what is typed but not yet kept stays
    const answer = event.target.closest("li, section").querySelector("blockquote").innerText.trim();
    text.value = [text.value.trimEnd(), answer].filter(Boolean).join("\n\n");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  });
  try {
    const answer = await fetch(box.dataset.related, { headers: { "X-By-Itself": "1" } });
    if (answer.ok && !answer.redirected) box.innerHTML = await answer.text();
  } catch {
    // the link stays
  }
}
