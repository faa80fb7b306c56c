"""Seeded bursts among ordinary cases, by the platform's own look at them: how soon they are found, and what else is.

    bekhedmetkom bench problems --json [--cases N] [--data FOLDER]

The cases of the demonstration are copied to N a day over 32 days, each at a time of its own, by day rather than by
night and less on Fridays. `ordinary` lets the last days come anew, each case looked at with the weeks before as what is
usual: as the demonstration words them (`demo`), and in the words of the messages of `data/messages` drawn at random
(`messages`). Whatever is found there is a false alarm. `bursts` sends each burst of
`data/language/bursts.csv` into one place within two hours of the last day, sixty messages that are misspelt at random,
and counts how many had come when it was found. `look_ms` is what one look at one new case takes.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from bekhedmetkom.config.postgres import DATABASE, Server
from bekhedmetkom.kernel.clock import now

from . import Options, stage
from .desk import made

CASES = 1_667  # a day: 5,000 in the longest window
DEMONSTRATION = 2_000
SPAN = timedelta(days=32)
DATA = Path(__file__).resolve().parent.parent / "data"
ANEW, STEP = timedelta(days=3), timedelta(minutes=30)
SENT, WITHIN = 60, timedelta(hours=2)
PLACES = {"main": ("GOV-ZA", "MIYAH"), "power": ("GOV-IR", "IDECO"), "fee": ("", "DVLD")}
_PLAIN = str.maketrans("أإآىةؤئ", "ااايهوي")


def measure(options: Options) -> dict[str, Any]:
    """The figures of `bench problems`: see docs/performance.md."""
    a_day = options.cases or CASES
    made(options.home, DEMONSTRATION)
    words = Words(options.data or DATA)
    with _connected(options.home), transaction.atomic():  # what is never committed needs no journal
        last = grown(a_day)
        figures: dict[str, Any] = {"a_day": a_day, "ordinary": {"demo": ordinary(last)}}
        figures["bursts"] = {name: burst(name, words, last) for name in PLACES}
        said(words)
        figures["ordinary"]["messages"] = ordinary(last)
        transaction.set_rollback(True)
    return figures


@contextmanager
def _connected(home: Path) -> Iterator[None]:
    """The database alone, without a worker that looks too."""
    server = Server(home / "postgres")
    server.start()
    try:
        with stage.connected(server.url(DATABASE)):
            yield
    finally:
        server.stop()


class Words:
    """What people write: in bursts, and otherwise."""

    def __init__(self, folder: Path):
        self.bursts = _read(folder / "language" / "bursts.csv")
        self.others = [
            row["text"] for path in sorted((folder / "messages").glob("*.csv")) for row in _read(path)
        ]

    def of(self, burst: str, chance: Random) -> Iterator[str]:
        """Sixty messages about one thing, each as somebody types it."""
        texts = [row["text"] for row in self.bursts if row["burst"] == burst]
        for _ in range(SENT):
            yield misspelt(chance.choice(texts), chance)


def misspelt(text: str, chance: Random) -> str:
    """Without hamzas, with a letter too few or twice, or as it should be."""
    if chance.random() < 0.5:
        text = text.translate(_PLAIN)
    words = text.split()
    for _ in range(chance.randrange(3)):
        at = chance.randrange(len(words))
        letter = chance.randrange(len(words[at]))
        words[at] = words[at][:letter] + words[at][letter] * chance.choice((0, 2)) + words[at][letter + 1 :]
    return " ".join(words)


def _read(path: Path) -> Sequence[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def grown(a_day: int) -> datetime:
    """So many cases a day with what they are alike by, as the follower would have written it; when the last came."""
    from bekhedmetkom.cases.models import Case
    from bekhedmetkom.problems import commands
    from bekhedmetkom.problems.models import Alike, Problem, Trace

    Alike.objects.all().delete()
    Trace.objects.all().delete()
    Problem.objects.update(status="fixed", name_ar="-", name_en="-", fix_on="2026-01-01", confirmed_at=now())
    keys = list(Case.objects.filter(care="open").values_list("pk", flat=True))
    commands.keep_traces(keys)
    chance, last = Random(3), now()
    copies = []
    for _ in range(a_day * SPAN.days):
        copies.append(
            (str(chance.choice(keys)), str(UUID(int=chance.getrandbits(128))), _moment(last, chance))
        )
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE copied (old uuid, new uuid, at timestamptz) ON COMMIT DROP")
        cursor.executemany("INSERT INTO copied VALUES (%s, %s, %s)", copies)
        for table, replaced in COPIED.items():
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
                [table],
            )
            columns = [name for (name,) in cursor.fetchall()]
            given = ", ".join(replaced.get(name, f't."{name}"') for name in columns)
            named = ", ".join(f'"{name}"' for name in columns)
            copied = f'FROM copied JOIN "{table}" t ON t.{replaced["key"]} = old'
            cursor.execute(f'INSERT INTO "{table}" ({named}) SELECT {given} {copied}')
        cursor.execute(
            "DELETE FROM problems_trace WHERE case_id = ANY (%s::uuid[])", [[str(key) for key in keys]]
        )
        cursor.execute("ANALYZE problems_trace")
    return last


# What is another's in a copy: `key` is the column by which the row is found.
COPIED = {
    "case": {
        "key": "id",
        "id": "new",
        "reference": "left(new::text, 12)",
        "received_at": "at",
        "updated_at": "at",
    },
    "case_particulars": {"key": "case_id", "case_id": "new", "phone": "left(new::text, 12)"},
    "problems_trace": {"key": "case_id", "case_id": "new", "at": "copied.at", "looked": "true"},
}


def _moment(last: datetime, chance: Random) -> datetime:
    """By day thrice as often as by night, on Fridays half as often as on other days."""
    while True:
        at = last - chance.random() * SPAN
        weight = (1 if 8 <= (at.hour + 3) % 24 < 22 else 0.33) * (0.5 if at.weekday() == 4 else 1)
        if chance.random() < weight:
            return at


def said(words: Words) -> None:
    """Every case says what some message of the sets says."""
    from bekhedmetkom.problems.models import Trace
    from bekhedmetkom.problems.rules.signs import packed, signs

    kept, chance = [packed(signs(text)) for text in words.others], Random(7)
    rows = list(Trace.objects.only("pk"))
    for row in rows:
        row.signs = chance.choice(kept)
    Trace.objects.bulk_update(rows, ["signs"], batch_size=500)


def ordinary(last: datetime) -> dict[str, Any]:
    """The last days come anew; nothing in them is a problem."""
    from bekhedmetkom.problems.models import Problem, Trace

    def days() -> dict[str, Any]:
        Trace.objects.filter(at__lte=last - ANEW).update(looked=True)
        Trace.objects.filter(at__gt=last - ANEW).update(looked=False)
        at, seconds = last - ANEW, 0.0
        while at < last:
            at += STEP
            seconds += _looked(at)
        seen = _traces(last - ANEW, last)
        alarms = Problem.objects.filter(status="found").count()
        return {
            "looked_at": seen, "false_alarms": alarms, "false_alarms_a_day": round(alarms / ANEW.days, 2),
            "look_ms": round(1000 * seconds / max(seen, 1), 2),
        }  # fmt: skip

    return _undone(days)


def burst(name: str, words: Words, last: datetime) -> dict[str, Any]:
    """Sixty messages within two hours; at which of them it was found, and how many of them were put to it."""
    from bekhedmetkom.cases.models import Case, Particulars
    from bekhedmetkom.entities.models import Entity, Governorate
    from bekhedmetkom.problems.models import Alike, Problem, Trace
    from bekhedmetkom.problems.rules.signs import packed, signs

    place, body = PLACES[name]
    entity = Entity.objects.get(code=body).pk
    governorate = Governorate.objects.get(code=place).pk if place else None
    chance = Random(name)

    def sent() -> dict[str, Any]:
        Trace.objects.update(looked=True)
        old = Case.objects.exclude(pk__in=Trace.objects.values("pk")).filter(care="open").order_by("pk")
        keys = list(old.values_list("pk", flat=True)[:SENT])
        Particulars.objects.filter(case__in=keys).update(phone="", email="")
        times = sorted(last - chance.random() * WITHIN for _ in keys)
        found_by, slowest = 0, 0.0
        for number, (key, at, text) in enumerate(zip(keys, times, words.of(name, chance), strict=True), 1):
            Trace.objects.create(
                case_id=key, at=at, entity_id=entity, governorate_id=governorate, signs=packed(signs(text))
            )
            slowest = max(slowest, _looked(at))
            if not found_by and Alike.objects.filter(case__in=keys).count() >= 3:
                found_by = number
        return {
            "found_by": found_by, "of_it": Alike.objects.filter(case__in=keys).count(),
            "not_of_it": Alike.objects.exclude(case__in=keys).count(),
            "problems": Problem.objects.filter(status="found").count(),
            "slowest_look_ms": round(1000 * slowest, 1), "others_in_72_hours": _traces(last - timedelta(days=3), last),
        }  # fmt: skip

    return _undone(sent)


def _looked(at: datetime) -> float:
    """Look until nothing is left; how many seconds that took."""
    from bekhedmetkom.problems import commands

    began = perf_counter()
    while commands.look(at):
        pass
    return perf_counter() - began


def _traces(since: datetime, until: datetime) -> int:
    from bekhedmetkom.problems.models import Trace

    return Trace.objects.filter(at__gt=since, at__lte=until).count()


def _undone(measured: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What it finds is taken back: the next one begins with the same cases."""
    with transaction.atomic():
        figures = measured()
        transaction.set_rollback(True)
    return figures
