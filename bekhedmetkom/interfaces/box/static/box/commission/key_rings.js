// Key rings: which of a report's opens it for this officer, and sealing them anew. No server can tell whether a ring
// opens for anybody, so an officer may put nonsense in place of one: then the others read by an older ring, see who it
// was, and set it right.
import { getName, withSession, explainError } from "./shared.js";
import { fromHex } from "../crypto/frame.js";
import { fromBase64 } from "../crypto/manifest.js";
import { sendRequest, fillPlaces, fetchManifest, getSentence } from "../page_helpers.js";
import { isAnchorValid, decryptKeyRing, deriveRecipient, encryptKeyRing } from "../crypto/encryption.js";

const decryptedRings = new Map(); // by what they look like sealed: a list that is drawn anew opens none twice

/** A page of the list, after that report; or one report alone. */
export async function listReports(person, after = "", only = "") {
  const asked = new URLSearchParams({ after, only });
  return (await withSession(person, () => sendRequest(`/commission/reports?${asked}`))).json();
}

/** {ring, wrong}: what opens this report, if anything does; `wrong` where it is not the newest, for that one does not. */
export async function findKeyRing(person, item) {
  const newest = await decryptOnce(item.ring, person);
  if (newest && (!item.ring_by || (await belongsToReport(newest, item)))) return { ring: newest, wrong: false };
  if (!item.ring_by) return { ring: null, wrong: false };
  const { items } = await (await withSession(person, () => sendRequest(`/commission/reports/${item.id}/rings`))).json();
  for (const one of items) {
    const ring = await decryptOnce(one, person);
    if (ring && (await belongsToReport(ring, item))) return { ring, wrong: true };
  }
  return { ring: null, wrong: false };
}

async function decryptOnce(sealed, person) {
  if (!decryptedRings.has(sealed)) decryptedRings.set(sealed, await decryptKeyRing(fromBase64(sealed), person.secret).catch(() => null));
  return decryptedRings.get(sealed);
}

/** Whether it is this report's: its keys are those that the discloser made. */
const belongsToReport = async (ring, item) =>
  ring.reader === item.reader &&
  (await deriveRecipient(ring.secret).catch(() => "")) === item.recipient &&
  isAnchorValid(ring.voice, item.recipient, fromHex(item.anchor));

/** Rings of earlier manifests, and wrong ones, are sealed anew by whoever can open the report. */
export function offerRenewal(person, offer, found, done) {
  const isOld = ({ item, ring, wrong }) => ring && (wrong || item.epoch < person.chain.epoch);
  const old = found.filter(isOld);
  const wrong = old.filter((one) => one.wrong);
  offer.hidden = old.length === 0;
  const by = [...new Set(wrong.map(({ item }) => getName(person, item.ring_by)))].join(getSentence("comma"));
  fillPlaces(offer, { old: wrong.length ? getSentence("wrong-rings", { n: wrong.length, by }) : getSentence("old-rings", { n: old.length }) });
  const button = offer.querySelector("button");
  button.onclick = async () => {
    button.disabled = true;
    try {
      for await (const one of iterateReports(person)) if (isOld(one)) await renewKeyRing(person, one);
      await done();
    } catch (error) {
      fillPlaces(offer, { old: explainError(error) });
    } finally {
      button.disabled = false;
    }
  };
}

async function renewKeyRing(person, { item, ring }) {
  const anew = await encryptKeyRing(ring, await fetchManifest()).catch(() => null);
  if (!anew) return; // nonsense that somebody sent: it stops no other
  const data = new FormData();
  data.append("ring", new Blob([anew]));
  await withSession(person, () => sendRequest(`/commission/reports/${item.id}/ring`, data));
}

async function* iterateReports(person) {
  for (let after = "", more = true; more; ) {
    const next = await listReports(person, after);
    for (const item of next.items) yield { item, ...(await findKeyRing(person, item)) };
    ({ more } = next);
    after = next.items.at(-1)?.id;
  }
}
