// Way B of coming back: the words never leave this browser. It asks with a look-up id and opens what is answered.
import { Broken, LARGEST_BODY, bytes, fromHex, hex } from "./frame.js";
import { Refused } from "./manifest.js";
import {
  Answered, NotCleaned, ask, atMost, base64, complain, contents, copy, day, download, fill, manifest, octets, onSubmit,
  say, tellOfFiles,
} from "./pieces.js";
import { COUNT, derive, folded, unknown } from "./receipt.js";
import { anchored, opened, openedAnswer, sealed, textOf } from "./sealing.js";

const MOST_FILES = 10;
const MINUTES = 15;

let keys = null; // of the words that were typed; gone with this page, and after a quarter of an hour
let leaving = 0;

for (const form of document.querySelectorAll('form[data-box="open"]')) {
  if (window.isSecureContext && "WebAssembly" in window) onSubmit(form, () => typed(form));
}

async function typed(form) {
  const words = form.elements.words.value;
  const fault = faultOf(words);
  if (fault) return complain(form, [fault]);
  try {
    keys = await derive(words);
    stay();
    await show();
  } catch (error) {
    complain(form, [error instanceof Broken ? say("nothing") : say("unreached")]);
  }
}

function faultOf(words) {
  const n = folded(words).length;
  if (n !== COUNT) return n === 0 ? say("ten") : say("count", { n });
  const places = unknown(words);
  return places.length ? say("unknown", { places: places.join(say("comma")) }) : null;
}

function stay() {
  clearTimeout(leaving);
  leaving = setTimeout(() => location.replace(document.querySelector("[data-exit]").href), MINUTES * 60_000);
}

async function show(sent = false) {
  const answer = await octets(await ask("/open", { lookup: hex(keys.lookup) }));
  const talk = await openedAnswer(answer, keys.reader);
  const page = copy("talk");
  fill(page, {
    status: `${say(`status-${talk.status}`)} ${talk.closed_reason ? say(`reason-${talk.closed_reason}`) : ""}`,
    day: day(talk.day),
    due: talk.due ? day(talk.due.by) : "",
    promise: talk.due ? say(`due-${talk.due.promise}`) : "",
  });
  page.querySelector("[data-due]").hidden = !talk.due;
  page.querySelector("[data-sent]").hidden = !sent;
  const list = page.querySelector("[data-turns]");
  for (const turn of turnsOf(talk)) list.append(await shown(turn));
  page.querySelector("[data-none]").hidden = list.children.length > 0;
  answering(page, talk);
  document.getElementById("main").replaceChildren(page);
  window.scrollTo(0, 0);
  page.querySelector("h1").focus();
}

function turnsOf(talk) {
  const turns = new Map();
  for (const part of talk.messages) turns.set(part.turn, [...(turns.get(part.turn) ?? []), part]);
  return [...turns.values()].map((parts) => parts.sort((one, other) => one.place - other.place));
}

/** What the Commission said at once; or that it did not say it, and nothing of it. */
async function shown([message, ...files]) {
  const piece = copy("turn");
  fill(piece, { day: day(message.day) });
  const expect = { kind: "message", turn: message.turn, place: 0, from: "commission", files: files.length };
  try {
    const said = await opened(base64(message.bytes), keys.reader, keys.voice, expect);
    fill(piece, { text: textOf(said) });
    piece.querySelector("[data-untrue]").remove();
  } catch {
    piece.querySelector('[data-fill="text"]').remove();
    return piece;
  }
  for (const file of files) piece.querySelector("ul").append(attached(file));
  return piece;
}

function attached({ id, turn, place, size }) {
  const line = copy("attached");
  fill(line, { name: say("file", { n: place }), size: atMost(size) });
  const button = line.querySelector("button");
  button.addEventListener("click", async () => {
    stay();
    try {
      const file = await octets(await ask("/file", { lookup: hex(keys.lookup), id }));
      const piece = await opened(file, keys.reader, keys.voice, { kind: "file", turn, place });
      download(piece.header.name, piece.body);
    } catch (error) {
      fill(line, { size: say(error instanceof Broken ? "untrue" : "unreached") });
    }
  });
  return line;
}

function answering(page, talk) {
  const form = page.querySelector('form[data-box="answer"]');
  const trusted = anchored(keys.voice, talk.recipient, fromHex(talk.anchor));
  const over = talk.status === "closed";
  page.querySelector("[data-changed]").hidden = trusted;
  page.querySelector("[data-over]").hidden = !trusted || !over;
  tellOfFiles(form);
  if (trusted && !over) return onSubmit(form, () => answered(form, talk));
  return form.remove();
}

async function answered(form, talk) {
  stay();
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
    await manifest(); // where the chain of keys does not hold, nothing is sealed
    const seal = (header, body) => sealed({ turn: talk.turn, ...header }, body, keys.voice, [talk.recipient]);
    const data = new FormData();
    const about = { kind: "message", place: 0, files: files.length, from: "discloser" };
    data.append("turn", String(talk.turn));
    data.append("message", new Blob([await seal(about, bytes(text))]));
    for (const [index, file] of files.entries()) {
      const { body, ...name } = await contents(file, form.elements.clean.checked ? index + 1 : 0);
      data.append("file", new Blob([await seal({ kind: "file", place: index + 1, ...name }, body)]));
    }
    await ask("/answer", data, { headers: { "X-Lookup": hex(keys.lookup) } });
  } catch (error) {
    if (!(error instanceof Answered && error.status === 409)) return complain(form, [why(error)]);
    await show();
    const again = document.querySelector('form[data-box="answer"]');
    if (again) {
      again.elements.text.value = text;
      complain(again, [say("another")]);
    }
    return undefined;
  }
  return show(true);
}

function why(error) {
  if (error instanceof Refused) return say("closed");
  if (error instanceof NotCleaned) return say("not-cleaned", { name: error.file.name });
  if (error instanceof Answered && error.status === 413) return say("too-much");
  return say("unreached");
}
