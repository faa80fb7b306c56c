// The outbox page: its entries and their actions.

const list = document.getElementById("outbox"), still = document.getElementById("still");
const KEPT = 7 * 24 * 3600e3; // receipts hold an access code, so they are deleted
const LONGEST = 120;

const begins = (item) => {
  const text = Object.fromEntries(item.answers ?? []).text ?? "";
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text || item.files?.map((file) => file.name).join("، ") || "";
};

const acts = {
  send: () => self.outbox.sendAll().then(() => true, () => false),
  drop: (item) => self.outbox.drop(item.key),
  async again(item) {
    await self.outbox.put({ ...item, key: crypto.randomUUID(), tried: 0, ids: [], state: "waiting" });
    await self.outbox.drop(item.key);
    return acts.send();
  },
};

function shown(item) {
  const card = document.getElementById(item.state).content.cloneNode(true);
  for (const place of card.querySelectorAll("[data-fill]")) {
    const value = place.dataset.fill === "begins" ? begins(item) : item[place.dataset.fill];
    if (Array.isArray(value)) place.append(...value.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    else place.textContent = value ?? "";
  }
  let busy = false; // a disabled button would lose keyboard focus
  for (const button of card.querySelectorAll("[data-act]")) {
    button.addEventListener("click", async () => {
      if (busy) return;
      busy = true;
      still.textContent = "";
      if (await acts[button.dataset.act](item) === false) still.textContent = still.dataset.words;
      busy = false;
    });
  }
  Object.assign(card.firstElementChild, { id: `kept-${item.key}`, tabIndex: -1 });
  const [box, mend, track] = ["[data-link]", "[data-mend]", "[data-track]"].map((link) => card.querySelector(link));
  if (box && item.box) Object.assign(box, { href: item.box, hidden: false });
  if (mend) mend.href = `${mend.dataset.mend}#${item.key}`;
  if (track) track.href = `${track.dataset.track}?reference=${encodeURIComponent(item.reference)}`;
  return card;
}

let drawn = "";

async function show() {
  const items = (await self.outbox.all()).sort((one, other) => other.at - one.at);
  for (const item of items) if (item.state === "sent" && Date.now() - item.at > KEPT) self.outbox.drop(item.key);
  const said = JSON.stringify(items);
  if (said === drawn) return; // unchanged entries keep their place under a finger
  drawn = said;
  const standsOn = list.contains(document.activeElement) && document.activeElement.closest("[id^=kept-]").id;
  list.replaceChildren(...items.map(shown));
  if (standsOn) (document.getElementById(standsOn) ?? document.querySelector("h1")).focus({ preventScroll: true });
  document.getElementById("empty").hidden = items.length > 0;
  if (!items.some(({ state }) => state === "waiting")) still.textContent = "";
}

new BroadcastChannel("outbox").addEventListener("message", show);
await show();
await acts.send();
