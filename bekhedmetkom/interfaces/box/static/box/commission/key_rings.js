// Key rings: which of a report's opens it for this officer, and sealing them anew. No server can tell whether a ring
// opens for anybody, so an officer may put nonsense in place of one: then the others read by an older ring, see who it
// was, and set it right.
import { nameOf, tried, why } from "./desk.js";
import { fromHex } from "./frame.js";
import { ask, base64, fill, manifest, say } from "./pieces.js";
import { anchored, openedRing, recipientOf, sealedRing } from "./sealing.js";

const opened = new Map(); // by what they look like sealed: a list that is drawn anew opens none twice

/** A page of the list, after that report; or one report alone. */
export async function reportsAfter(person, after = "", only = "") {
  const asked = new URLSearchParams({ after, only });
  return (await tried(person, () => ask(`/commission/reports?${asked}`))).json();
}

/** {ring, wrong}: what opens this report, if anything does; `wrong` where it is not the newest, for that one does not. */
export async function ringOf(person, item) {
  const newest = await once(item.ring, person);
  if (newest && (!item.ring_by || (await fits(newest, item)))) return { ring: newest, wrong: false };
  if (!item.ring_by) return { ring: null, wrong: false };
  const { items } = await (await tried(person, () => ask(`/commission/reports/${item.id}/rings`))).json();
  for (const one of items) {
    const ring = await once(one, person);
    if (ring && (await fits(ring, item))) return { ring, wrong: true };
  }
  return { ring: null, wrong: false };
}

async function once(sealed, person) {
  if (!opened.has(sealed)) opened.set(sealed, await openedRing(base64(sealed), person.secret).catch(() => null));
  return opened.get(sealed);
}

/** Whether it is this report's: its keys are those that the discloser made. */
const fits = async (ring, item) =>
  ring.reader === item.reader &&
  (await recipientOf(ring.secret).catch(() => "")) === item.recipient &&
  anchored(ring.voice, item.recipient, fromHex(item.anchor));

/** Rings of earlier manifests, and wrong ones, are sealed anew by whoever can open the report. */
export function offerRenewal(person, offer, found, done) {
  const isOld = ({ item, ring, wrong }) => ring && (wrong || item.epoch < person.chain.epoch);
  const old = found.filter(isOld);
  const wrong = old.filter((one) => one.wrong);
  offer.hidden = old.length === 0;
  const by = [...new Set(wrong.map(({ item }) => nameOf(person, item.ring_by)))].join(say("comma"));
  fill(offer, { old: wrong.length ? say("wrong-rings", { n: wrong.length, by }) : say("old-rings", { n: old.length }) });
  const button = offer.querySelector("button");
  button.onclick = async () => {
    button.disabled = true;
    try {
      for await (const one of everyReport(person)) if (isOld(one)) await renew(person, one);
      await done();
    } catch (error) {
      fill(offer, { old: why(error) });
    } finally {
      button.disabled = false;
    }
  };
}

async function renew(person, { item, ring }) {
  const anew = await sealedRing(ring, await manifest()).catch(() => null);
  if (!anew) return; // nonsense that somebody sent: it stops no other
  const data = new FormData();
  data.append("ring", new Blob([anew]));
  await tried(person, () => ask(`/commission/reports/${item.id}/ring`, data));
}

async function* everyReport(person) {
  for (let after = "", more = true; more; ) {
    const next = await reportsAfter(person, after);
    for (const item of next.items) yield { item, ...(await ringOf(person, item)) };
    ({ more } = next);
    after = next.items.at(-1)?.id;
  }
}
