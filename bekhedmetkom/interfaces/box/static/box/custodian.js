// What a custodian does: reads why an identity is asked for, opens it (which the journal keeps), lets it go or not.
import { Broken } from "./frame.js";
import { journal, tried, why } from "./officer.js";
import { ask, base64, copy, day, fill, say } from "./pieces.js";
import { openedIdentity, openedReason, released } from "./sealing.js";

export async function begin(person) {
  const page = copy("custodian");
  person.show(page);
  await list(person, page);
}

async function list(person, page) {
  const { items } = await (await tried(person, () => ask("/commission/requests"))).json();
  const place = page.querySelector("[data-list]");
  place.replaceChildren();
  for (const item of items) place.append(await asked(person, page, item));
  page.querySelector("[data-none]").hidden = items.length > 0;
  const lines = await (await tried(person, () => ask("/commission/journal"))).json();
  page.querySelector("[data-journal]").replaceChildren();
  journal(page, (lines.items ?? lines).slice(-50).reverse());
}

async function asked(person, page, item) {
  const line = copy("request");
  const by = person.chain.officers.find((one) => one.id === item.by)?.name ?? item.by;
  const reason = await openedReason(base64(item.reason), person.secret).catch(() => say("untrue"));
  fill(line, { ref: item.report.slice(0, 8), day: day(item.day), by, reason, state: say(`identity-${item.state}`) });
  line.querySelector(".tag").classList.add(item.state === "asked" ? "tag--warn" : "tag--teal");
  const open = line.querySelector("[data-open]");
  open.hidden = item.state !== "asked";
  open.addEventListener("click", () => opening(person, page, item, line));
  return line;
}

async function opening(person, page, item, line) {
  const path = `/commission/requests/${item.report}`;
  const said = line.querySelector("[data-said]");
  try {
    const { identity } = await (await tried(person, () => ask(`${path}/opened`, {}))).json();
    const who = await openedIdentity(base64(identity), person.secret);
    const given = [who.name, who.phone].filter(Boolean).join(say("comma"));
    fill(line, { who: given || say("no-identity") });
    line.querySelector("[data-open]").hidden = true;
    line.querySelector("[data-decide]").hidden = false;
    line.querySelector("[data-release]").onclick = () =>
      done(async () => {
        const data = new FormData();
        data.append("identity", new Blob([await released(who)]));
        await tried(person, () => ask(`${path}/release`, data));
      });
    line.querySelector("[data-refuse]").onclick = () =>
      done(() => tried(person, () => ask(`${path}/refuse`, {})));
  } catch (error) {
    said.textContent = error instanceof Broken ? say("untrue") : why(error);
  }

  async function done(act) {
    try {
      await act();
      await list(person, page);
    } catch (error) {
      said.textContent = why(error);
    }
  }
}
