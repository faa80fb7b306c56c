// What officers' and custodians' work shares.
import { Refused } from "./manifest.js";
import { Answered, copy, day, fill, say } from "./pieces.js";

export const TAGS = {
  received: "warn", accepted: "info", not_competent: "plum", in_progress: "info", feedback: "ok", closed: "teal",
};

/** Somebody of the Commission by their name in the manifest; who is not in it any more, by their id. */
export const nameOf = ({ chain }, id) => [...chain.officers, ...chain.custodians].find((one) => one.id === id)?.name ?? id;

export function journal(person, pane, lines) {
  const list = pane.querySelector("[data-journal]");
  for (const { day: on, who, what } of lines) {
    list.append(fill(copy("line"), { day: day(on), who: nameOf(person, who), what: did(what) }));
  }
}

function did(what) {
  const [act, status] = what.split(" ");
  return act === "status" ? say("did-status", { status: say(`short-${status}`) }) : say(`did-${what.replaceAll(" ", "-")}`);
}

/** A session that is over ends the work: what was typed would only fail again. */
export async function tried(person, act) {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Answered && error.status === 403) person.lock("session-over");
    throw error;
  }
}

export function why(error) {
  if (error instanceof Refused) return say("chain");
  if (error instanceof Answered && error.status === 409) return say("moved-on");
  if (error instanceof Answered && error.status === 413) return say("too-much");
  return say("unreached");
}
