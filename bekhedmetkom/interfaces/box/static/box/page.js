// What a script spares: printing and copying the words, and leaving without a way back to this page.

for (const link of document.querySelectorAll("[data-exit]")) {
  link.addEventListener("click", (click) => {
    click.preventDefault();
    document.body.replaceChildren();
    location.replace(link.href);
  });
}

const tools = document.querySelector("[data-tools]");
if (tools) {
  tools.hidden = false;
  tools.querySelector("[data-print]").addEventListener("click", () => window.print());
  const copy = tools.querySelector("[data-copy]");
  copy.addEventListener("click", async () => {
    const words = [...document.querySelectorAll("[data-words] li")].map((word) => word.textContent);
    await navigator.clipboard.writeText(words.join(" "));
    tools.querySelector("[data-copied]").textContent = copy.dataset.done;
  });
}
