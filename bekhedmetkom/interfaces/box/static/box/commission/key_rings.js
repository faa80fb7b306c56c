// Key rings: find the one that this officer can decrypt, and renew old ones. The server cannot check a ring, so an
// officer may replace one by anything: the others then use an older ring, see who did it, and renew it.
import { explainError, getName, withSession } from "./shared.js";
import { fromHex } from "../crypto/frame.js";
import { fromBase64 } from "../crypto/manifest.js";
import { fetchManifest, fillPlaces, getSentence, sendRequest } from "../page_helpers.js";
import { decryptKeyRing, deriveRecipient, encryptKeyRing, isAnchorValid } from "../crypto/encryption.js";

const decryptedRings = new Map(); // by ciphertext, so that redrawing the list decrypts none twice

/** Returns a page of the list after a report, or one report only. */
export async function listReports(person, after = "", only = "") {
  const query = new URLSearchParams({ after, only });
  return (await withSession(person, () => sendRequest(`/commission/reports?${query}`))).json();
}

/** Returns {ring, wrong}: the ring that opens this report, or null; `wrong` if the newest ring does not. */
export async function findKeyRing(person, item) {
  const newest = await decryptOnce(item.ring, person);
  if (newest && (!item.ring_by || (await belongsToReport(newest, item)))) return { ring: newest, wrong: false };
  if (!item.ring_by) return { ring: null, wrong: false };
  const { items } = await (await withSession(person, () => sendRequest(`/commission/reports/${item.id}/rings`))).json();
  for (const former of items) {
    const ring = await decryptOnce(former, person);
    if (ring && (await belongsToReport(ring, item))) return { ring, wrong: true };
  }
  return { ring: null, wrong: false };
}

async function decryptOnce(ciphertext, person) {
  if (!decryptedRings.has(ciphertext)) {
    const ring = await decryptKeyRing(fromBase64(ciphertext), person.secret).catch(() => null);
    decryptedRings.set(ciphertext, ring);
  }
  return decryptedRings.get(ciphertext);
}

/** Returns whether the ring's keys are those that the discloser generated for this report. */
const belongsToReport = async (ring, item) =>
  ring.reader === item.reader &&
  (await deriveRecipient(ring.secret).catch(() => "")) === item.recipient &&
  isAnchorValid(ring.voice, item.recipient, fromHex(item.anchor));

/** Offers to renew rings of earlier manifests and wrong ones. */
export function offerRenewal(person, offer, reports, done) {
  const isOld = ({ item, ring, wrong }) => ring && (wrong || item.epoch < person.manifest.epoch);
  const old = reports.filter(isOld);
  const wrong = old.filter((report) => report.wrong);
  offer.hidden = old.length === 0;
  const by = [...new Set(wrong.map(({ item }) => getName(person, item.ring_by)))].join(getSentence("comma"));
  const [sentence, values] = wrong.length ? ["wrong-rings", { n: wrong.length, by }] : ["old-rings", { n: old.length }];
  fillPlaces(offer, { old: getSentence(sentence, values) });
  const button = offer.querySelector("button");
  button.onclick = async () => {
    button.disabled = true;
    try {
      for await (const report of iterateReports(person)) if (isOld(report)) await renewKeyRing(person, report);
      await done();
    } catch (error) {
      fillPlaces(offer, { old: explainError(error) });
    } finally {
      button.disabled = false;
    }
  };
}

async function renewKeyRing(person, { item, ring }) {
  const renewed = await encryptKeyRing(ring, await fetchManifest()).catch(() => null);
  if (!renewed) return; // invalid report: it must not block the others
  const data = new FormData();
  data.append("ring", new Blob([renewed]));
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
