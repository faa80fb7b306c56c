// What officers' and custodians' work shares.
import { ManifestError } from "../crypto/manifest.js";
import { HttpError, cloneTemplate, formatDay, fillPlaces, getSentence } from "../page_helpers.js";

export const TAGS = {
  received: "warn", accepted: "info", not_competent: "plum", in_progress: "info", feedback: "ok", closed: "teal",
};

/** Somebody of the Commission by their name in the manifest; who is not in it any more, by their id. */
export const getName = ({ chain }, id) => [...chain.officers, ...chain.custodians].find((one) => one.id === id)?.name ?? id;

export function renderJournal(person, pane, lines) {
  const list = pane.querySelector("[data-journal]");
  for (const { day: on, who, what } of lines) {
    list.append(fillPlaces(cloneTemplate("line"), { day: formatDay(on), who: getName(person, who), what: describeAction(what) }));
  }
}

function describeAction(what) {
  const [act, status] = what.split(" ");
  return act === "status" ? getSentence("did-status", { status: getSentence(`short-${status}`) }) : getSentence(`did-${what.replaceAll(" ", "-")}`);
}

/** A session that is over ends the work: what was typed would only fail again. */
export async function withSession(person, act) {
  try {
    return await act();
  } catch (error) {
    if (error instanceof HttpError && error.status === 403) person.lock("session-over");
    throw error;
  }
}

export function explainError(error) {
  if (error instanceof ManifestError) return getSentence("chain");
  if (error instanceof HttpError && error.status === 409) return getSentence("moved-on");
  if (error instanceof HttpError && error.status === 413) return getSentence("too-much");
  return getSentence("unreached");
}
