// Print and copy the receipt; leave the site without a way back to this page.

for (const tools of document.querySelectorAll("[data-tools]")) tools.hidden = false;

document.addEventListener("click", async (click) => {
  const on = (name) => click.target.closest(`[data-${name}]`);
  const exit = on("exit");
  if (exit) {
    click.preventDefault();
    document.body.replaceChildren();
    location.replace(exit.href);
  } else if (on("print")) {
    window.print();
  } else if (on("copy")) {
    const words = [...document.querySelectorAll("[data-words] li")].map((word) => word.textContent);
    await navigator.clipboard.writeText(words.join(" "));
    document.querySelector("[data-copied]").textContent = on("copy").dataset.done;
  }
});
