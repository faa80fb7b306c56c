"""Who may do what to which case: one line a verb, one column a situation, one letter a role. Both doors answer by it.

Written down by people, not worked out from `GRANTS`: whoever changes what a role may do changes it here too. What a
cell does not name may not; and where the cell of `read` does not name it either, the case does not exist for it.

The letters: M main officer, s sub officer, a approver, r reviewer, g manager, h head of body, m minister, o minister's
office, p Prime Ministry unit, d duty officer, i inspector, c coordinator, t agent of the call centre, A administrator.
In brackets: these may, but not in the state in which the case is.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bekhedmetkom.identity.rules import Role
from tests.interfaces.permission_table import ANYONE, SITUATIONS, Method, Row

R = Role
ROLE_LETTERS: Mapping[Role, str] = {
    R.MAIN_OFFICER: "M", R.SUB_OFFICER: "s", R.APPROVER: "a", R.REVIEWER: "r", R.MANAGER: "g", R.HEAD_OF_BODY: "h",
    R.MINISTER: "m", R.MINISTER_OFFICE: "o", R.PM_UNIT: "p", R.DUTY_OFFICER: "d", R.INSPECTOR: "i",
    R.COORDINATOR: "c", R.AGENT: "t", R.ADMINISTRATOR: "A",
}  # fmt: skip

READ = "read"
# Ordinary cases of GAM, with its unit ROADS, in a state for the verb; `tests/interfaces/permission_cases.py`
# makes them.
CASE_PERMISSIONS: dict[str, str] = {
    #              own        | sector  | rival | appealed  | withheld   | conflict
    READ:         "Msaghmop   | Mhmop   | p     | Msarghmop | Msaghmop   | ",
    "classify":   "Mp         | Mp      | p     | (Mp)      | Mp         | ",
    "assign":     "Mghmp      | Mhmp    | p     | (Mghmp)   | Mghmp      | ",
    "refer":      "Mp         | Mp      | p     | (Mp)      | Mp         | ",
    "return":     "Ms         | M       |       | (Ms)      | Ms         | ",
    "accept":     "Mp         | Mp      | p     | (Mp)      | Mp         | ",
    "ask":        "Msp        | Mp      | p     | (Msp)     | Msp        | ",
    "note":       "Msaghmop   | Mhmop   | p     | Msarghmop | Msaghmop   | ",
    "call":       "Msp        | Mp      | p     | (Msp)     | Msp        | ",
    "hear":       "Msp        | Mp      | p     | (Msp)     | Msp        | ",
    "transcribe": "Msp        | Mp      | p     | (Msp)     | Msp        | ",
    "show":       "Ms         | M       |       | Ms        | Ms         | ",
    "release":    "Mp         | Mp      | p     | (Mp)      | Mp         | ",
    "link":       "Mghp       | Mhp     | p     | Mghp      | Mghp       | ",
    "draft":      "Ms         | M       |       | Ms        | Ms         | ",
    "submit":     "Msghmp     | Mhmp    | p     | (Msghmp)  | Msghmp     | ",
    "approve":    "ahmp       | hmp     | p     | (ahmp)    | ahmp       | ",
    "send-back":  "ahmp       | hmp     | p     | (ahmp)    | ahmp       | ",
    "answer":     "Msghmp     | Mhmp    | p     | (Msghmp)  | Msghmp     | ",
    "extend":     "ghmp       | hmp     | p     | ghmp      | ghmp       | ",
    "reclassify": "Mp         | Mp      | p     | (Mp)      | Mp         | ",
    "escalate":   "Msgp       | Mp      | p     | Msgp      | Msgp       | ",
    "decide":     "           |         |       | r         |            | ",
    "reveal":     "           |         |       |           | p          | ",
    "confirm":    "Mghmp      | Mhmp    | p     | (Mghmp)   | Mghmp      | ",
    "merge":      "Mp         | Mp      | p     | (Mp)      | Mp         | ",
    "split":      "Mp         | Mp      | p     | (Mp)      | Mp         | ",
    "close":      "Mp         | Mp      | p     | (Mp)      | Mp         | ",
    "snooze":     "Ms         | M       |       | Ms        | Ms         | ",
    "recuse":     "Msa        | M       |       | Msar      | Msa        | ",
    "instruct":   "ghmop      | hmop    | p     | ghmop     | ghmop      | ",
    "ask-head":   "mop        | mop     | p     | mop       | mop        | ",
    "delegate":   "m          | m       |       | m         | m          | ",
    "report":     "Msghmop    | Mhmop   | p     | (Msghmop) | Msghmop    | ",
    "task":       "Msp        | Mp      | p     | (Msp)     | Msp        | ",
    "contribute": "Ms         | M       |       | (Ms)      | Ms         | ",
    "call-off":   "Msp        | Mp      | p     | (Msp)     | Msp        | ",
    "join":       "Mp         | Mp      | p     | (Mp)      | Mp         | ",
    "take-part":  "M          | M       |       | (M)       | M          | ",
    "decline":    "M          | M       |       | (M)       | M          | ",
    "commit":     "Ms         | M       |       | (Ms)      | Ms         | ",
    "fulfil":     "Ms         | M       |       | (Ms)      | Ms         | ",
    "concern":    "Mp         | Mp      | p     | Mp        | Mp         | ",
}  # fmt: skip
# In the state that these need no unit has the case yet, so its sub officer does not see it.
UNASSIGNED_CASES = {
    (verb, situation) for verb in ("classify", "accept") for situation in ("own", "withheld")
} | {("reveal", "withheld")}
NO_EXCEPTIONS: Mapping[str, str] = {}


class ExpectedStatuses(NamedTuple):
    """What a door says to each outcome; `anyone` to whom nobody knows, `administrator` to who has no desk at all."""

    done: int
    refused: int
    hidden: int
    administrator: int
    anyone: int
    not_now: int = 409


def build_rows(
    route: str, line: str, answers: ExpectedStatuses, method: Method, verb: str = ""
) -> Iterator[Row]:
    """The rows of an address for every role in every situation, from a line of cells."""
    yield Row(route, ANYONE, "own", answers.anyone, method, verb)
    for situation, cell, read in zip(
        SITUATIONS, _split_cells(line), _split_cells(CASE_PERMISSIONS[READ]), strict=True
    ):
        for role, letter in ROLE_LETTERS.items():
            seen = letter in read and (letter != "s" or (verb, situation) not in UNASSIGNED_CASES)
            yield Row(
                route, role, situation, _get_status(role, letter, cell, answers, seen=seen), method, verb
            )


def _split_cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _get_status(role: Role, letter: str, cell: str, answers: ExpectedStatuses, *, seen: bool) -> int:
    if role is Role.ADMINISTRATOR:
        return answers.administrator
    if letter in cell:
        return answers.not_now if cell.startswith("(") else answers.done
    return answers.refused if seen else answers.hidden


def build_action_rows(
    route: str,
    answers: ExpectedStatuses,
    method: Method,
    *,
    named: bool,
    otherwise: Mapping[str, str] = NO_EXCEPTIONS,
) -> Iterator[Row]:
    """Those of every verb. `named`: its address has a name of its own, which ends in the verb's.

    `otherwise` has the lines of verbs that this door answers in another way.
    """
    for verb, line in {**CASE_PERMISSIONS, **otherwise}.items():
        if verb != READ:
            name = f"{route}{verb}" if named else route
            yield from build_rows(name, line, answers, method, verb)
