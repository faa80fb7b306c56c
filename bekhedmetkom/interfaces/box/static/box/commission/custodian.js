// What a custodian does: reads why an identity is asked for, opens it (which the journal keeps), lets it go or not.
import { journal, nameOf, tried, why } from "./desk.js";
import { Broken } from "./frame.js";
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
  journal(person, page, lines.items.reverse());
  page.querySelector("[data-broken]").hidden = lines.broken_at === null;
  fill(page, { broken: say("journal-broken", { n: lines.broken_at }) });
}

async function asked(person, page, item) {
  const line = copy("request");
  fill(line, { ref: item.report.slice(0, 8), state: say(`identity-${item.state}`) });
  line.querySelector(".tag").classList.add(item.state === "asked" ? "tag--warn" : "tag--teal");
  const waits = item.state === "asked";
  const asks = await openedReason(base64(item.reason), person.secret, person.chain).catch(() => null);
  const open = line.querySelector("[data-open]");
  open.hidden = !waits || !asks;
  line.querySelector("[data-nobody]").hidden = Boolean(asks);
  line.querySelector("[data-asked]").hidden = !asks;
  if (asks) {
    fill(line, { day: day(asks.day), by: nameOf(person, asks.by), reason: asks.reason });
    open.addEventListener("click", () => opening(person, page, item, line, asks));
  } else if (waits) {
    line.querySelector("[data-nobody] button").addEventListener("click", async () => {
      await tried(person, () => ask(`/commission/requests/${item.report}/refuse`, {}));
      await list(person, page);
    });
  }
  line.querySelector("[data-nobody] button").hidden = !waits;
  return line;
}

async function opening(person, page, item, line, asks) {
  const path = `/commission/requests/${item.report}`;
  const said = line.querySelector("[data-said]");
  try {
    const { identity } = await (await tried(person, () => ask(`${path}/opened`, {}))).json();
    const who = await openedIdentity(base64(identity), person.secret);
    if (who.recipient !== asks.recipient) throw new Broken(); // the identity of another report than was asked for
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
