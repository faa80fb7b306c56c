// Helpers of officers' and custodians' pages.
import { ManifestError } from "../crypto/manifest.js";
import { HttpError, cloneTemplate, fillPlaces, formatDay, getSentence } from "../page_helpers.js";

export const TAGS = {
  received: "warn", accepted: "info", not_competent: "plum", in_progress: "info", feedback: "ok", closed: "teal",
};

/** Returns a member's name in the manifest, or the id of a former member. */
export const getName = ({ manifest }, id) =>
  [...manifest.officers, ...manifest.custodians].find((member) => member.id === id)?.name ?? id;

export function renderJournal(person, pane, lines) {
  const list = pane.querySelector("[data-journal]");
  for (const { day, who, what } of lines) {
    const values = { day: formatDay(day), who: getName(person, who), what: describeAction(what) };
    list.append(fillPlaces(cloneTemplate("line"), values));
  }
}

function describeAction(what) {
  const [act, status] = what.split(" ");
  if (act === "status") return getSentence("did-status", { status: getSentence(`short-${status}`) });
  return getSentence(`did-${what.replaceAll(" ", "-")}`);
}

/** Runs a request; locks the page if the session has expired. */
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
