// What an officer does: opens reports with their key, asks, answers, says how far a report is.
import { TAGS, journal, nameOf, tried, why } from "./desk.js";
import { Broken, LARGEST_BODY, bytes } from "./frame.js";
import {
  Answered, ask, atMost, base64, complain, contents, copy, day, download, fill, manifest, octets, onSubmit, picture, say,
} from "./pieces.js";
import { offerRenewal, reportsAfter, ringOf } from "./rings.js";
import { identityIn, opened, recipientOf, sealed, sealedReason, textOf } from "./sealing.js";

const MOST_FILES = 10;
const LONGEST_REASON = 3400; // bytes: it goes in the smallest frame, with the rest of what is signed

let pages = 1; // of the list: as many as were asked for

/** The officer's page: their reports, of which those that their key opens can be read. */
export async function begin(person) {
  const page = copy("officer");
  person.show(page);
  await list(person, page);
}

async function list(person, page) {
  const place = page.querySelector("[data-list]");
  const found = [];
  const lines = [];
  let more = true;
  for (let n = 0; more && n < pages; n++) {
    const next = await reportsAfter(person, found.at(-1)?.item.id);
    ({ more } = next);
    for (const item of next.items) {
      const one = { item, ...(await ringOf(person, item)) };
      found.push(one);
      lines.push(inList(person, page, one));
    }
  }
  place.replaceChildren(...lines);
  page.querySelector("[data-none]").hidden = found.length > 0;
  const further = page.querySelector("[data-more]");
  further.hidden = !more;
  further.onclick = () => {
    pages += 1;
    return list(person, page);
  };
  fill(page, { count: found.length ? say(more ? "reports-more" : "reports", { n: found.length }) : "" });
  offerRenewal(person, page.querySelector("[data-renew]"), found, () => list(person, page));
}

function inList(person, page, { item, ring, wrong }) {
  const line = copy("item");
  fill(line, {
    ref: item.id.slice(0, 8),
    status: say(`short-${item.status}`),
    day: day(item.day),
    due: item.due ? say(`due-${item.next}`, { day: day(item.due) }) : "",
  });
  line.querySelector(".tag").classList.add(`tag--${TAGS[item.status]}`);
  line.querySelector("[data-unread]").hidden = !item.unread;
  const due = line.querySelector('[data-fill="due"]');
  due.classList.toggle("due--late", Boolean(item.due) && item.due < today());
  const button = line.querySelector("button");
  button.dataset.of = item.id;
  line.querySelector("[data-shut]").hidden = Boolean(ring);
  line.querySelector("[data-wrong]").hidden = !wrong;
  fill(line, { "ring-by": nameOf(person, item.ring_by) });
  button.disabled = !ring;
  button.addEventListener("click", () => open(person, page, item, ring));
  return line;
}

const today = () => new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Amman" }).format(new Date());

async function open(person, page, item, ring, sent = "") {
  const found = await (await tried(person, () => ask(`/commission/reports/${item.id}/opened`, {}))).json();
  const report = { person, page, item: { ...item, ...found.item }, ring, found };
  const pane = copy("report");
  fill(pane, {
    ref: item.id.slice(0, 8),
    status: say(`short-${report.item.status}`),
    day: day(report.item.day),
    due: report.item.due ? say(`due-${report.item.next}`, { day: day(report.item.due) }) : say("due-none"),
  });
  pane.querySelector(".tag").classList.add(`tag--${TAGS[report.item.status]}`);
  pane.querySelector("[data-said]").textContent = sent;
  pane.querySelector("[data-said]").hidden = !sent;
  pane.querySelector("[data-excluded]").hidden = ring.excluded.length === 0;
  const names = ring.excluded.map((id) => nameOf(person, id));
  fill(pane, { excluded: names.join(say("comma")) });
  await talk(report, pane.querySelector("[data-turns]"));
  writing(report, pane);
  deciding(report, pane);
  await asking(report, pane);
  journal(person, pane, found.journal);
  pane.querySelector("[data-list-again]").addEventListener("click", () => page.classList.remove("has-report"));
  page.querySelector(".pane").replaceChildren(pane);
  page.classList.add("has-report");
  for (const one of page.querySelectorAll("[data-list] button")) {
    one.toggleAttribute("aria-current", one.dataset.of === item.id);
  }
  pane.querySelector("h2").focus();
}

async function talk(report, list) {
  const turns = new Map();
  for (const part of report.found.parts) turns.set(part.turn, [...(turns.get(part.turn) ?? []), part]);
  for (const parts of [...turns.values()]) list.append(await turn(report, parts.sort((a, b) => a.place - b.place)));
}

/** One turn of the talk: its text is shown if it is whole and by whom it must be; else that it is not, and nothing. */
async function turn({ ring, person, item }, [first, ...files]) {
  const piece = copy(first.from === "commission" ? "turn-ours" : "turn-theirs");
  fill(piece, { day: day(first.day) });
  const about = first.turn === 0 ? { kind: "text" } : { kind: "message", from: first.from };
  try {
    const file = await whole(person, item, first);
    const said = await opened(file, ring.secret, ring.voice, { ...about, turn: first.turn, place: 0, files: files.length });
    fill(piece, { text: textOf(said) });
    piece.querySelector("[data-untrue]").remove();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    piece.querySelector('[data-fill="text"]').remove();
    return piece;
  }
  for (const file of files) piece.querySelector("ul").append(attached(person, item, ring, file));
  return piece;
}

const whole = async (person, { id }, part) =>
  part.bytes ? base64(part.bytes) : octets(await tried(person, () => ask(`/commission/reports/${id}/parts/${part.id}`)));

function attached(person, item, ring, part) {
  const line = copy("attached");
  const expect = { kind: "file", turn: part.turn, place: part.place };
  fill(line, { name: say("file", { n: part.place }), size: atMost(part.size) });
  const opening = async () => {
    const { header, body } = await opened(await whole(person, item, part), ring.secret, ring.voice, expect);
    fill(line, { name: header.name });
    line.querySelector("[data-clean]").hidden = !String(header.type).startsWith("image/");
    return { ...header, body };
  };
  const doing = (act) => async () => {
    try {
      await act(await opening());
    } catch (error) {
      fill(line, { size: say(error instanceof Broken ? "untrue" : "unreached") });
    }
  };
  if (part.bytes) opening().catch(() => undefined);
  line.querySelector("[data-open]").addEventListener("click", doing(({ name, body }) => download(name, body)));
  line.querySelector("[data-clean]").addEventListener("click", doing(async (file) => {
    const copied = await picture(file, `photo-${part.turn}-${part.place}`);
    if (copied) download(copied.name, copied.body);
    else fill(line, { size: say("no-picture") });
  }));
  return line;
}

function writing(report, pane) {
  const { person, page, item, ring } = report;
  const form = pane.querySelector('form[data-form="message"]');
  if (item.status === "closed") return form.remove();
  return onSubmit(form, async () => {
    const text = form.elements.text.value.trim();
    const files = [...form.elements.files.files];
    const faults = [
      !text && say("write"),
      [...text].length > 20000 && say("shorter"),
      files.length > MOST_FILES && say("files"),
      ...files.filter((file) => file.size > LARGEST_BODY).map((file) => say("large", { name: file.name })),
    ].filter(Boolean);
    if (faults.length) return complain(form, faults);
    try {
      await manifest();
      const to = [await recipientOf(ring.secret), ring.reader];
      const seal = (header, body) => sealed({ turn: item.turn, ...header }, body, ring.voice, to);
      const data = new FormData();
      const about = { kind: "message", place: 0, files: files.length, from: "commission" };
      data.append("turn", String(item.turn));
      data.append("message", new Blob([await seal(about, bytes(text))]));
      for (const [index, file] of files.entries()) {
        const { body, ...name } = await contents(file);
        data.append("file", new Blob([await seal({ kind: "file", place: index + 1, ...name }, body)]));
      }
      await tried(person, () => ask(`/commission/reports/${item.id}/message`, data));
      return await again(report, say("message-sent"));
    } catch (error) {
      if (!(error instanceof Answered && error.status === 409)) return complain(form, [why(error)]);
      await again(report);
      const anew = page.querySelector('form[data-form="message"]');
      if (!anew) return undefined;
      anew.elements.text.value = text;
      return complain(anew, [say("another")]);
    }
  });
}

/** The list and the report as they are now. */
async function again({ person, page, item, ring }, sent = "") {
  const [now] = (await reportsAfter(person, "", item.id)).items;
  await open(person, page, now ?? item, ring, sent);
  await list(person, page);
}

function deciding(report, pane) {
  const { person, item } = report;
  const form = pane.querySelector('form[data-form="status"]');
  const moves = JSON.parse(form.dataset.moves)[item.status];
  if (!moves.length) return form.remove();
  const { status, reason } = form.elements;
  for (const option of [...status.options]) if (option.value && !moves.includes(option.value)) option.remove();
  const reasons = form.querySelector("[data-reason]");
  const shown = () => (reasons.hidden = status.value !== "closed");
  status.addEventListener("change", shown);
  shown();
  return onSubmit(form, async () => {
    const closing = status.value === "closed";
    if (!status.value) return complain(form, [say("which-status")]);
    if (closing && !reason.value) return complain(form, [say("which-reason")]);
    const said = { status: status.value, ...(closing ? { reason: reason.value } : {}) };
    try {
      await tried(person, () => ask(`/commission/reports/${item.id}/status`, said));
      return await again(report, say("status-set"));
    } catch (error) {
      return complain(form, [why(error)]);
    }
  });
}

/** Who the discloser is: asked of the custodians with a reason, and shown once one of them has let it go. */
async function asking(report, pane) {
  const { person, item, ring, found } = report;
  const form = pane.querySelector('form[data-form="identity"]');
  const line = pane.querySelector("[data-identity]");
  if (found.identity) {
    form.remove();
    try {
      const expect = { kind: "identity", turn: 0, place: 0 };
      const who = identityIn(await opened(base64(found.identity), ring.secret, ring.voice, expect));
      line.textContent = who.name || who.phone ? [who.name, who.phone].filter(Boolean).join(say("comma")) : say("no-identity");
    } catch {
      line.textContent = say("untrue");
    }
    return;
  }
  line.textContent = say(`identity-${item.identity}`);
  if (item.identity === "asked") form.remove();
  else {
    onSubmit(form, async () => {
      const reason = form.elements.reason.value.trim();
      if (!reason) return complain(form, [say("why-asked")]);
      if ([...reason].length > 1000 || bytes(JSON.stringify(reason)).length > LONGEST_REASON) {
        return complain(form, [say("reason-long")]);
      }
      try {
        const data = new FormData();
        const asked = { by: person.id, day: today(), reason, recipient: await recipientOf(ring.secret) };
        data.append("reason", new Blob([await sealedReason(asked, person.secret, await manifest())]));
        await tried(person, () => ask(`/commission/reports/${item.id}/identity/ask`, data));
        return await again(report, say("identity-sent"));
      } catch (error) {
        return complain(form, [why(error)]);
      }
    });
  }
}
