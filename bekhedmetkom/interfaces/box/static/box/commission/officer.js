// An officer's page: decrypt reports, write messages, set the status, request the identity.
import { TAGS, explainError, getName, renderJournal, withSession } from "./shared.js";
import { CorruptData, encodeText } from "../crypto/frame.js";
import { fromBase64, getToday } from "../crypto/manifest.js";
import {
  HttpError, cloneTemplate, fetchManifest, fillPlaces, formatDay, formatMaxSize, getSentence, handleSubmit, readBytes,
  redrawPicture, saveFile, sendRequest, showErrors,
} from "../page_helpers.js";
import { appendTurn, groupByTurn, validateTurn } from "../message_parts.js";
import { findKeyRing, listReports, offerRenewal } from "./key_rings.js";
import { decryptPart, deriveRecipient, encryptReason, getText, parseIdentity } from "../crypto/encryption.js";

const MAX_REASON_BYTES = 3400; // it must fit into the smallest frame with the other signed fields

let pages = 1; // shown in the list

/** Shows the officer's list of reports; those that their key decrypts can be opened. */
export async function begin(person) {
  const page = cloneTemplate("officer");
  person.show(page);
  await renderList(person, page);
}

async function renderList(person, page) {
  const place = page.querySelector("[data-list]");
  const reports = [];
  const lines = [];
  let more = true;
  for (let n = 0; more && n < pages; n++) {
    const next = await listReports(person, reports.at(-1)?.item.id);
    ({ more } = next);
    for (const item of next.items) {
      const report = { item, ...(await findKeyRing(person, item)) };
      reports.push(report);
      lines.push(renderItem(person, page, report));
    }
  }
  place.replaceChildren(...lines);
  page.querySelector("[data-none]").hidden = reports.length > 0;
  const further = page.querySelector("[data-more]");
  further.hidden = !more;
  further.onclick = () => {
    pages += 1;
    return renderList(person, page);
  };
  fillPlaces(page, { count: reports.length ? getSentence(more ? "reports-more" : "reports", { n: reports.length }) : "" });
  offerRenewal(person, page.querySelector("[data-renew]"), reports, () => renderList(person, page));
}

function renderItem(person, page, { item, ring, wrong }) {
  const line = cloneTemplate("item");
  fillPlaces(line, {
    ref: item.id.slice(0, 8),
    status: getSentence(`short-${item.status}`),
    day: formatDay(item.day),
    due: item.due ? getSentence(`due-${item.next}`, { day: formatDay(item.due) }) : "",
  });
  line.querySelector(".tag").classList.add(`tag--${TAGS[item.status]}`);
  line.querySelector("[data-unread]").hidden = !item.unread;
  const due = line.querySelector('[data-fill="due"]');
  due.classList.toggle("due--late", Boolean(item.due) && item.due < getToday());
  const button = line.querySelector("button");
  button.dataset.of = item.id;
  line.querySelector("[data-shut]").hidden = Boolean(ring);
  line.querySelector("[data-wrong]").hidden = !wrong;
  fillPlaces(line, { "ring-by": getName(person, item.ring_by) });
  button.disabled = !ring;
  button.addEventListener("click", () => openReport(person, page, item, ring));
  return line;
}

async function openReport(person, page, item, ring, sent = "") {
  const content = await (await withSession(person, () => sendRequest(`/commission/reports/${item.id}/opened`, {}))).json();
  const report = { person, page, item: { ...item, ...content.item }, ring, content };
  const pane = cloneTemplate("report");
  fillPlaces(pane, {
    ref: item.id.slice(0, 8),
    status: getSentence(`short-${report.item.status}`),
    day: formatDay(report.item.day),
    due: report.item.due ? getSentence(`due-${report.item.next}`, { day: formatDay(report.item.due) }) : getSentence("due-none"),
  });
  pane.querySelector(".tag").classList.add(`tag--${TAGS[report.item.status]}`);
  pane.querySelector("[data-said]").textContent = sent;
  pane.querySelector("[data-said]").hidden = !sent;
  pane.querySelector("[data-excluded]").hidden = ring.excluded.length === 0;
  const names = ring.excluded.map((id) => getName(person, id));
  fillPlaces(pane, { excluded: names.join(getSentence("comma")) });
  await renderConversation(report, pane.querySelector("[data-turns]"));
  bindMessageForm(report, pane);
  bindStatusForm(report, pane);
  await bindIdentityForm(report, pane);
  renderJournal(person, pane, content.journal);
  pane.querySelector("[data-list-again]").addEventListener("click", () => page.classList.remove("has-report"));
  page.querySelector(".pane").replaceChildren(pane);
  page.classList.add("has-report");
  for (const button of page.querySelectorAll("[data-list] button")) {
    button.toggleAttribute("aria-current", button.dataset.of === item.id);
  }
  pane.querySelector("h2").focus();
}

async function renderConversation(report, turnList) {
  for (const parts of groupByTurn(report.content.parts)) turnList.append(await renderTurn(report, parts));
}

/** Returns a turn; only a warning if its text is not authentic. */
async function renderTurn({ ring, person, item }, [first, ...files]) {
  const element = cloneTemplate(first.from === "commission" ? "turn-ours" : "turn-theirs");
  fillPlaces(element, { day: formatDay(first.day) });
  const about = first.turn === 0 ? { kind: "text" } : { kind: "message", from: first.from };
  try {
    const file = await fetchPart(person, item, first);
    const expect = { ...about, turn: first.turn, place: 0, files: files.length };
    const frame = await decryptPart(file, ring.secret, ring.voice, expect);
    fillPlaces(element, { text: getText(frame) });
    element.querySelector("[data-untrue]").remove();
  } catch (error) {
    if (!(error instanceof CorruptData)) throw error;
    element.querySelector('[data-fill="text"]').remove();
    return element;
  }
  for (const file of files) element.querySelector("ul").append(renderAttachment(person, item, ring, file));
  return element;
}

async function fetchPart(person, { id }, part) {
  if (part.bytes) return fromBase64(part.bytes);
  return readBytes(await withSession(person, () => sendRequest(`/commission/reports/${id}/parts/${part.id}`)));
}

function renderAttachment(person, item, ring, part) {
  const line = cloneTemplate("attached");
  const expect = { kind: "file", turn: part.turn, place: part.place };
  fillPlaces(line, { name: getSentence("file", { n: part.place }), size: formatMaxSize(part.size) });
  const decryptFile = async () => {
    const { header, body } = await decryptPart(await fetchPart(person, item, part), ring.secret, ring.voice, expect);
    fillPlaces(line, { name: header.name });
    line.querySelector("[data-clean]").hidden = !String(header.type).startsWith("image/");
    return { ...header, body };
  };
  const withErrors = (act) => async () => {
    try {
      await act(await decryptFile());
    } catch (error) {
      fillPlaces(line, { size: getSentence(error instanceof CorruptData ? "untrue" : "unreached") });
    }
  };
  if (part.bytes) decryptFile().catch(() => undefined);
  line.querySelector("[data-open]").addEventListener("click", withErrors(({ name, body }) => saveFile(name, body)));
  line.querySelector("[data-clean]").addEventListener("click", withErrors(async (file) => {
    const copied = await redrawPicture(file, `photo-${part.turn}-${part.place}`);
    if (copied) saveFile(copied.name, copied.body);
    else fillPlaces(line, { size: getSentence("no-picture") });
  }));
  return line;
}

function bindMessageForm(report, pane) {
  const { person, page, item, ring } = report;
  const form = pane.querySelector('form[data-form="message"]');
  if (item.status === "closed") return form.remove();
  return handleSubmit(form, async () => {
    const text = form.elements.text.value.trim();
    const files = [...form.elements.files.files];
    const errors = validateTurn(text, files);
    if (errors.length) return showErrors(form, errors);
    try {
      await fetchManifest();
      const to = [await deriveRecipient(ring.secret), ring.reader];
      const data = new FormData();
      data.append("turn", String(item.turn));
      const header = { kind: "message", turn: item.turn, from: "commission" };
      await appendTurn(data, header, { text, files }, ring.voice, to);
      await withSession(person, () => sendRequest(`/commission/reports/${item.id}/message`, data));
      return await refresh(report, getSentence("message-sent"));
    } catch (error) {
      if (!(error instanceof HttpError && error.status === 409)) return showErrors(form, [explainError(error)]);
      await refresh(report);
      const newForm = page.querySelector('form[data-form="message"]');
      if (!newForm) return undefined;
      newForm.elements.text.value = text;
      return showErrors(newForm, [getSentence("another")]);
    }
  });
}

/** Reloads the list and the report. */
async function refresh({ person, page, item, ring }, sent = "") {
  const [now] = (await listReports(person, "", item.id)).items;
  await openReport(person, page, now ?? item, ring, sent);
  await renderList(person, page);
}

function bindStatusForm(report, pane) {
  const { person, item } = report;
  const form = pane.querySelector('form[data-form="status"]');
  const following = JSON.parse(form.dataset.transitions)[item.status];
  if (!following.length) return form.remove();
  const { status, reason } = form.elements;
  for (const option of [...status.options]) if (option.value && !following.includes(option.value)) option.remove();
  const reasons = form.querySelector("[data-reason]");
  const toggleReasons = () => (reasons.hidden = status.value !== "closed");
  status.addEventListener("change", toggleReasons);
  toggleReasons();
  return handleSubmit(form, async () => {
    const isClosing = status.value === "closed";
    if (!status.value) return showErrors(form, [getSentence("which-status")]);
    if (isClosing && !reason.value) return showErrors(form, [getSentence("which-reason")]);
    const body = { status: status.value, ...(isClosing ? { reason: reason.value } : {}) };
    try {
      await withSession(person, () => sendRequest(`/commission/reports/${item.id}/status`, body));
      return await refresh(report, getSentence("status-set"));
    } catch (error) {
      return showErrors(form, [explainError(error)]);
    }
  });
}

/** Shows a released identity, or the form to request it from the custodians. */
async function bindIdentityForm(report, pane) {
  const { person, item, ring, content } = report;
  const form = pane.querySelector('form[data-form="identity"]');
  const line = pane.querySelector("[data-identity]");
  if (content.identity) {
    form.remove();
    try {
      const expect = { kind: "identity", turn: 0, place: 0 };
      const discloser = parseIdentity(await decryptPart(fromBase64(content.identity), ring.secret, ring.voice, expect));
      const details = [discloser.name, discloser.phone].filter(Boolean).join(getSentence("comma"));
      line.textContent = details || getSentence("no-identity");
    } catch {
      line.textContent = getSentence("untrue");
    }
    return;
  }
  line.textContent = getSentence(`identity-${item.identity}`);
  if (item.identity === "asked") form.remove();
  else {
    handleSubmit(form, async () => {
      const reason = form.elements.reason.value.trim();
      if (!reason) return showErrors(form, [getSentence("why-asked")]);
      if ([...reason].length > 1000 || encodeText(JSON.stringify(reason)).length > MAX_REASON_BYTES) {
        return showErrors(form, [getSentence("reason-long")]);
      }
      try {
        const data = new FormData();
        const request = { by: person.id, day: getToday(), reason, recipient: await deriveRecipient(ring.secret) };
        data.append("reason", new Blob([await encryptReason(request, person.secret, await fetchManifest())]));
        await withSession(person, () => sendRequest(`/commission/reports/${item.id}/identity/ask`, data));
        return await refresh(report, getSentence("identity-sent"));
      } catch (error) {
        return showErrors(form, [explainError(error)]);
      }
    });
  }
}
