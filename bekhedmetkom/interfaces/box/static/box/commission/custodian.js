// A custodian's page: read identity requests, decrypt an identity (recorded in the journal), release or refuse it.
import { explainError, getName, renderJournal, withSession } from "./shared.js";
import { CorruptData } from "../crypto/frame.js";
import { fromBase64 } from "../crypto/manifest.js";
import { cloneTemplate, fillPlaces, formatDay, getSentence, sendRequest } from "../page_helpers.js";
import { decryptIdentity, decryptReason, encryptReleasedIdentity } from "../crypto/encryption.js";

export async function begin(person) {
  const page = cloneTemplate("custodian");
  person.show(page);
  await renderList(person, page);
}

async function renderList(person, page) {
  const { items } = await (await withSession(person, () => sendRequest("/commission/requests"))).json();
  const place = page.querySelector("[data-list]");
  place.replaceChildren();
  for (const item of items) place.append(await renderRequest(person, page, item));
  page.querySelector("[data-none]").hidden = items.length > 0;
  const lines = await (await withSession(person, () => sendRequest("/commission/journal"))).json();
  page.querySelector("[data-journal]").replaceChildren();
  renderJournal(person, page, lines.items.reverse());
  page.querySelector("[data-broken]").hidden = lines.broken_at === null;
  fillPlaces(page, { broken: getSentence("journal-broken", { n: lines.broken_at }) });
}

async function renderRequest(person, page, item) {
  const line = cloneTemplate("request");
  fillPlaces(line, { ref: item.report.slice(0, 8), state: getSentence(`identity-${item.state}`) });
  line.querySelector(".tag").classList.add(item.state === "asked" ? "tag--warn" : "tag--teal");
  const isPending = item.state === "asked";
  const request = await decryptReason(fromBase64(item.reason), person.secret, person.manifest).catch(() => null);
  const open = line.querySelector("[data-open]");
  open.hidden = !isPending || !request;
  line.querySelector("[data-nobody]").hidden = Boolean(request);
  line.querySelector("[data-asked]").hidden = !request;
  if (request) {
    fillPlaces(line, { day: formatDay(request.day), by: getName(person, request.by), reason: request.reason });
    open.addEventListener("click", () => openIdentity(person, page, item, line, request));
  } else if (isPending) {
    line.querySelector("[data-nobody] button").addEventListener("click", async () => {
      await withSession(person, () => sendRequest(`/commission/requests/${item.report}/refuse`, {}));
      await renderList(person, page);
    });
  }
  line.querySelector("[data-nobody] button").hidden = !isPending;
  return line;
}

async function openIdentity(person, page, item, line, request) {
  const path = `/commission/requests/${item.report}`;
  const message = line.querySelector("[data-said]");
  try {
    const { identity } = await (await withSession(person, () => sendRequest(`${path}/opened`, {}))).json();
    const discloser = await decryptIdentity(fromBase64(identity), person.secret);
    if (discloser.recipient !== request.recipient) throw new CorruptData(); // not the report that the officer named
    const details = [discloser.name, discloser.phone].filter(Boolean).join(getSentence("comma"));
    fillPlaces(line, { who: details || getSentence("no-identity") });
    line.querySelector("[data-open]").hidden = true;
    line.querySelector("[data-decide]").hidden = false;
    line.querySelector("[data-release]").onclick = () =>
      done(async () => {
        const data = new FormData();
        data.append("identity", new Blob([await encryptReleasedIdentity(discloser)]));
        await withSession(person, () => sendRequest(`${path}/release`, data));
      });
    line.querySelector("[data-refuse]").onclick = () =>
      done(() => withSession(person, () => sendRequest(`${path}/refuse`, {})));
  } catch (error) {
    message.textContent = error instanceof CorruptData ? getSentence("untrue") : explainError(error);
  }

  async function done(act) {
    try {
      await act();
      await renderList(person, page);
    } catch (error) {
      message.textContent = explainError(error);
    }
  }
}
