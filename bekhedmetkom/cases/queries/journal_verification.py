"""Replaying journals: every hash, every column of every row, every text that an event vouches for.

Cases are read in batches of plain rows, table after table, so on a platform at work one may move in between. Where
something seems wrong, that case is read again by itself under its lock, before anybody is told.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import connection, transaction
from psycopg.rows import namedtuple_row
from psycopg.types.json import set_json_loads

from ..journal import build_event, compute_event_hash, compute_salted_hash, hash_particulars
from ..models import PARTICULARS_FIELDS
from ..rules.case_state import STATE_COLUMNS, CaseState, build_initial_state, get_column_values
from ..rules.contact import ContactType
from ..rules.events import EVENTS as CASE_EVENTS
from ..rules.states import EventType
from ..rules.transitions import NotPossibleNow, get_next_state

BATCH_SIZE = 1000

TableRow = Any  # of the table, with its columns' names
TextsByField = Mapping[str, TableRow]  # by field


@dataclass(frozen=True, slots=True)
class JournalFault:
    """Something in a case that its journal does not account for; `seq` is the event at which it shows."""

    reference: str
    seq: int
    what: str

    def __str__(self) -> str:
        return f"{self.reference}, event {self.seq}: {self.what}"


class CaseRange(NamedTuple):
    """So many cases with keys from `first` to `last`, and only those received since then."""

    first: UUID
    last: UUID
    cases: int
    since: datetime | None


def verify_journal(since: datetime | None = None) -> Iterator[JournalFault]:
    """Everything wrong in every case (received since then); nothing is written and nothing is repaired."""
    for share in list_case_ranges(since):
        yield from find_faults(share)


def list_case_ranges(since: datetime | None = None) -> Iterator[CaseRange]:
    """All cases (received since then), in shares that several processes may divide among them."""
    get_next_state = UUID(int=0)
    while found := _fetch_rows(NEXT_RANGE_SQL, {"after": get_next_state, "since": since, "most": BATCH_SIZE}):
        ((keys, cases),) = found
        if not cases:
            return
        yield CaseRange(keys[0], keys[-1], cases, since)
        get_next_state = keys[-1]


def find_faults(share: CaseRange) -> list[JournalFault]:
    """Everything wrong in these cases."""
    found = []
    for suspect in [kept.row.id for kept in _load_cases(share) if any(_check_case(kept))]:
        with transaction.atomic():
            _fetch_rows(SHARE_LOCK_SQL, [suspect])
            again = _load_cases(CaseRange(suspect, suspect, 1, None))
            found += [fault for kept in again for fault in _check_case(kept)]
    return found


class StoredCase(NamedTuple):
    """What the tables hold of one case; its texts by event and field."""

    row: TableRow
    journal: list[TableRow]
    texts: dict[int, dict[str, TableRow]]
    who: TableRow | None
    files: Sequence[TableRow]


def _load_cases(share: CaseRange) -> Iterator[StoredCase]:
    rows, events, texts, people, files = (
        _fetch_rows(query, share._asdict())
        for query in (CASES_SQL, EVENTS_SQL, TEXTS_SQL, PARTICULARS_SQL, FILES_SQL)
    )
    journals: defaultdict[UUID, list[TableRow]] = defaultdict(list)
    for event in events:
        journals[event.case_id].append(event)
    said: defaultdict[UUID, dict[int, dict[str, TableRow]]] = defaultdict(dict)
    for text in texts:
        said[text.case_id].setdefault(text.seq, {})[text.field] = text
    who = {row.case_id: row for row in people}
    attached: defaultdict[UUID, list[TableRow]] = defaultdict(list)
    for file in files:
        attached[file.case_id].append(file)
    for row in rows:
        yield StoredCase(row, journals[row.id], said[row.id], who.get(row.id), attached.get(row.id, ()))


def _fetch_rows(query: str, values: Any) -> list[TableRow]:
    """As psycopg's reader makes them: a model of each would take longer than all that is done with it."""
    connection.ensure_connection()
    with connection.connection.cursor(binary=True, row_factory=namedtuple_row) as cursor:
        set_json_loads(_parse_json, cursor)
        return list(cursor.execute(query, values))


def _parse_json(data: str | bytes) -> Any:
    try:
        return orjson.loads(data)
    except ValueError:  # numbers beyond measure: nothing that we ever wrote
        return {"unreadable": data.hex() if isinstance(data, bytes) else data}


def _check_case(kept: StoredCase) -> Iterator[JournalFault]:
    reference, texts = kept.row.reference, dict(kept.texts)
    yield from _check_chain(kept.row, kept.journal)
    erased = _get_erased_seq(kept.journal)
    for event in kept.journal[erased:]:
        yield from _check_texts(reference, event, texts.pop(event.seq, {}))
    for seq, extra in texts.items():
        yield JournalFault(reference, seq, f"texts that no event knows: {', '.join(sorted(extra))}")
    if kept.journal:
        yield from _check_particulars(kept.row, kept.journal, kept.who)
    yield from _check_files(kept)


def _get_erased_seq(journal: Sequence[TableRow]) -> int:
    """Up to which event nothing that anybody wrote is left."""
    return max((event.seq for event in journal if event.kind == EventType.ERASED), default=0)


def _check_chain(row: TableRow, journal: Sequence[TableRow]) -> Iterator[JournalFault]:
    """Hashes, order and moves; then the row against the replay, column by column."""
    reference = row.reference
    standing: CaseState | None = None
    earlier: CaseState | None = None  # before the last event
    head: bytes | None = None
    for place, event in enumerate(journal, 1):
        if event.seq != place:
            yield JournalFault(reference, place, "missing")
            return
        if standing and event.at < standing.updated_at:
            yield JournalFault(reference, place, "dated before the one before it")
        try:
            happened = EventType(event.kind)
            earlier, standing = standing, _replay_event(reference, earlier, standing, happened, event)
            digest = compute_event_hash(head, build_event(standing, happened, event.actor, event.data))
        except (AttributeError, KeyError, ValueError, TypeError, NotPossibleNow) as error:
            yield JournalFault(reference, place, f"cannot have happened here ({error})")
            return
        if event.state != standing.state:
            yield JournalFault(reference, place, f"led to {event.state}, by the rules to {standing.state}")
        if head != event.prev_hash:
            yield JournalFault(reference, place, "does not follow from the hash before it")
        if digest != event.hash:
            yield JournalFault(reference, place, "changed after it was written")
        head = event.hash
    if standing is None:
        yield JournalFault(reference, 0, "a case without a journal")
        return
    if row.head != head:
        yield JournalFault(reference, row.seq, "the row carries another head than the journal")
    for column, is_, replayed in zip(STATE_COLUMNS, row, get_column_values(standing), strict=False):
        if is_ != (list(replayed) if isinstance(replayed, tuple) else replayed):
            yield JournalFault(reference, row.seq, f"column {column} differs from the replay")


def _replay_event(
    reference: str,
    earlier: CaseState | None,
    standing: CaseState | None,
    happened: EventType,
    event: TableRow,
) -> CaseState:
    if standing is None:
        return build_initial_state(reference, event.at, event.data)
    if happened is not EventType.UNDONE:
        return standing.apply(
            CASE_EVENTS[happened](event.data), get_next_state(standing.state, happened), event.at
        )
    if earlier is None or event.data["undoes"] != standing.seq:
        raise ValueError("takes back what is not the act before it")
    back = standing.apply(CASE_EVENTS[happened](event.data), earlier.state, event.at)
    if back != earlier.replace({name: getattr(back, name) for name in ("seq", "updated_at", "look_at")}):
        raise ValueError("does not lead back to where the case stood")
    return back


def _check_texts(reference: str, event: TableRow, kept: TextsByField) -> Iterator[JournalFault]:
    promised = event.data.get("texts", {})
    for name in sorted(promised.keys() | kept.keys()):
        text = kept.get(name)
        if text is None:
            yield JournalFault(reference, event.seq, f"its {name} is missing")
        elif name not in promised:
            yield JournalFault(reference, event.seq, f"a {name} that the event does not know")
        elif compute_salted_hash(text.salt, text.body) != promised[name]:
            yield JournalFault(reference, event.seq, f"its {name} was changed")


def _check_files(kept: StoredCase) -> Iterator[JournalFault]:
    """Every file against the event with which it came, and against the last that showed or hid it."""
    promised: dict[str, tuple[Any, ...]] = {}
    for event in kept.journal[_get_erased_seq(kept.journal) :]:
        theirs = not event.actor.startswith("officer:")
        shown = theirs or event.kind in (EventType.ASKED, EventType.ANSWERED)
        for file in event.data.get("files", ()):
            promised[file["id"]] = (event.seq, file["type"], file["size"], file["sha256"], theirs, shown)
        for key, seen in (("shown", True), ("hidden", False)):
            for marked in event.data.get(key, ()):
                promised[marked] = (*promised.get(marked, (event.seq,))[:5], seen)
    are = {
        str(file.id): (file.seq, file.media_type, file.size, file.sha256, file.from_citizen, file.shown)
        for file in kept.files
    }
    for name in sorted(promised.keys() | are.keys()):
        if promised.get(name) != are.get(name):
            seq = (promised.get(name) or are[name])[0]
            yield JournalFault(kept.row.reference, seq, "a file differs from what the journal says of it")


def _check_particulars(
    row: TableRow, journal: Sequence[TableRow], who: TableRow | None
) -> Iterator[JournalFault]:
    """Against the last event that set them; and what of them is confirmed and preferred, against all of them."""
    if who is None:
        yield JournalFault(row.reference, 1, "its particulars are missing")
        return
    if erased := _get_erased_seq(journal):
        if any(getattr(who, name) for name in (*PARTICULARS_FIELDS, "salt", *PREFERENCE_COLUMNS)):
            yield JournalFault(row.reference, erased, "particulars that were erased")
        return
    seq, vouched = next(
        ((e.seq, e.data["particulars"]) for e in reversed(journal) if "particulars" in e.data), (1, "")
    )
    if hash_particulars(who.salt, {name: getattr(who, name) for name in PARTICULARS_FIELDS}) != vouched:
        yield JournalFault(row.reference, seq, "its particulars were changed")
    confirmed = {contact for event in journal for contact in _get_confirmed_contacts(event)}
    for contact in ContactType:
        if getattr(who, f"{contact}_confirmed") != (contact in confirmed):
            yield JournalFault(
                row.reference, row.seq, f"whether its {contact} is confirmed differs from the journal"
            )
    chosen: dict[str, Any] = next((e.data for e in reversed(journal) if "tell_by" in e.data), {})
    if (who.tell_by, int(who.full_by_sms)) != (chosen.get("tell_by", ""), chosen.get("full_by_sms", 0)):
        yield JournalFault(
            row.reference, row.seq, "how its citizen wants to be told differs from the journal"
        )


def _get_confirmed_contacts(event: TableRow) -> Iterable[str]:
    if event.kind in (EventType.CONTACT_CONFIRMED, EventType.CONTACT_CORRECTED):
        return [event.data.get("contact", "")]
    before: list[str] = event.data.get("confirmed", [])  # what was so before the case began
    return before


PREFERENCE_COLUMNS = (
    "phone_confirmed",
    "email_confirmed",
    "national_number_confirmed",
    "tell_by",
    "full_by_sms",
)

NEXT_RANGE_SQL = """
SELECT ARRAY[min(id::text), max(id::text)]::uuid[], count(*) FROM (
    SELECT id FROM "case"
    WHERE id > %(after)s AND (%(since)s::timestamptz IS NULL OR received_at >= %(since)s)
    ORDER BY id LIMIT %(most)s) share
"""
SHARE_LOCK_SQL = 'SELECT FROM "case" WHERE id = %s FOR SHARE'
CASES_SQL = f"""
SELECT {", ".join(STATE_COLUMNS)}, head, id FROM "case"
WHERE id BETWEEN %(first)s AND %(last)s AND (%(since)s::timestamptz IS NULL OR received_at >= %(since)s)
"""
EVENTS_SQL = """
SELECT case_id, seq, state, kind, at, actor, data, prev_hash, hash FROM event
WHERE case_id BETWEEN %(first)s AND %(last)s ORDER BY case_id, seq
"""
TEXTS_SQL = """
SELECT case_id, seq, field, body, salt FROM case_text WHERE case_id BETWEEN %(first)s AND %(last)s
"""
FILES_SQL = """
SELECT case_id, id, seq, media_type, size, sha256, from_citizen, shown FROM case_attachment
WHERE case_id BETWEEN %(first)s AND %(last)s
"""
PARTICULARS_SQL = f"""
SELECT case_id, salt, {", ".join((*PARTICULARS_FIELDS, *PREFERENCE_COLUMNS))}
FROM case_particulars WHERE case_id BETWEEN %(first)s AND %(last)s
"""
