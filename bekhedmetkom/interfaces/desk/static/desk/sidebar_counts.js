// The counts of the side bar, and a quiet word when cases have come into the list since it was drawn. The list itself stays
// as it is until somebody presses that word. Asked for when the page stands, then when the live process says that something
// happened to a case of the officer's (live/live.js), and every so often, while somebody looks.

const EVERY = 20_000, WHILE_TOLD = 120_000; // ms
const FRESH = 5_500; // ms; sooner the answer is what was counted before
const side = document.querySelector("[data-live]");
const word = document.querySelector("[data-came]");
const number = document.querySelector("[data-number]");
let since, asked = 0, soon;

// On a phone the side bar is a strip: where one is must be in sight.
if (side && side.scrollWidth > side.clientWidth) side.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

async function ask() {
  if (document.hidden) return;
  asked = Date.now();
  const address = new URL(side.dataset.live, location.href);
  if (since !== undefined) address.searchParams.set("since", since);
  try {
    const answer = await fetch(address, { headers: { "X-By-Itself": "1" } }); // does not keep a session alive
    if (answer.redirected || answer.status === 403) return clearInterval(again); // signed out
    if (answer.ok) show(await answer.json());
  } catch {
    // The network is away: the next time asks again.
  }
}

function show(said) {
  since ??= said.since;
  for (const place of side.querySelectorAll("[data-count]")) {
    const count = said.counts[place.dataset.count] ?? "";
    place.textContent = count;
    place.classList.toggle("bad", "alarming" in place.dataset && count !== "0");
  }
  const bell = document.querySelector("[data-bell]");
  if (bell) bell.textContent = said.bell;
  if (number) number.textContent = said.number;
  if (word && word.textContent.trim() !== (said.came ?? "")) word.replaceChildren(...(said.came ? [link(said.came)] : []));
}

function link(words) {
  const made = document.createElement("a");
  made.className = "btn btn--sm";
  made.href = word.dataset.first;
  made.dataset.key = "n";
  made.textContent = words;
  return made;
}

document.cookie = `live=1; path=/; SameSite=Lax${location.protocol === "https:" ? "; Secure" : ""}`;
const again = setInterval(() => {
  if (document.documentElement.dataset.live !== "stream" || Date.now() - asked > WHILE_TOLD) ask();
}, EVERY);
document.addEventListener("live:desk", () => {
  soon ??= setTimeout(() => { soon = undefined; ask(); }, Math.max(500 * Math.random(), asked + FRESH - Date.now()));
});
document.addEventListener("live:again", ask);
document.addEventListener("visibilitychange", ask);
ask();
