"""Seeded bursts among 5,000 other cases of the day, found by the platform's own follower and job; and false alarms.

    bekhedmetkom bench problems --json [--cases N] [--days D] [--seed S] [--data FOLDER]

Time is played. Four weeks of N cases a day are what is usual; then come D ordinary days, the last of them a Monday, on
which whatever is found is a false alarm. On the Tuesday five bursts lie among N other cases,
sixty misspelt messages each within two hours, from `data/language/bursts.csv` (two of them have no part in how the
rules were set). All of that day comes in by `submit`, is read by the follower from the journal and looked at by the
worker's job: with each message of a burst until it is found, otherwise when 50 wait. Others are what the
demonstration's people write and, one in five, what the labelled messages of `data/messages` say, misspelt.

`found_by` is the number of the message with which three of the burst were in one proposal; `after_the_tenth_s` is what
lay between the tenth message and that one, with what the follower's and the job's pauses and their own time add at
most. `pass_ms` is what one turn of both took, in real time.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, count
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from bekhedmetkom.cases.commands import submit_case
from bekhedmetkom.cases.commands.intake.schemas import Submission
from bekhedmetkom.cases.feed import advance_consumer, skip_consumer_to_end
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.config.database.embedded_server import MAIN_DATABASE, EmbeddedServer
from bekhedmetkom.interfaces.jobs.worker import FOLLOW_SECONDS, SEND_SECONDS
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.clock import AMMAN
from bekhedmetkom.problems.commands import detect_or_backfill, detect_problems
from bekhedmetkom.problems.models import Problem, SimilarCase
from bekhedmetkom.problems.projection import ProblemsProjection
from bekhedmetkom.problems.rules.text_vectors import build_text_vector, pack_vector

from .. import DATA_FOLDER, Options, platform_runner
from .simulation import BURSTS, CountrySimulation, SimulatedSubmission

CASES_PER_DAY = 5_000
ONE_DAY = timedelta(days=1)
BURST_DAY = datetime(2026, 11, 24, tzinfo=AMMAN)
ORDINARY_DAYS = 1  # ordinary ones
HISTORY = 28 * ONE_DAY
HISTORY_WITH_CASES = 3 * ONE_DAY  # of what is usual: as far back as people are counted
DISTINCT_TEXTS = 20_000  # different ones in the four weeks: who wrote what to whom from where
VARIANTS_PER_TEXT = 6  # of one text, that differ in names, numbers and slips; each comes again and again
CASES_PER_TURN = 50
STEP, AT_ONCE = 4, 500  # hours of an ordinary day that are looked at together, and cases
DETECTION_SIZE = 3  # of a burst, in one proposal: found
REFERENCE_MESSAGE = 10
NO_HORIZON = 2**60  # as horizon: what this transaction writes is read too


@dataclass(frozen=True, slots=True)
class Detection:
    """With which message, when, and how long the turn took in which that was."""

    number: int
    at: datetime
    took: float

    def get_delay_after(self, tenth: datetime) -> float:
        """Seconds at most, as the worker's threads wait before each of their turns."""
        came = max((self.at - tenth).total_seconds(), 0)
        return round(came + FOLLOW_SECONDS + SEND_SECONDS + self.took, 1)


def measure(options: Options) -> dict[str, Any]:
    """The figures of `bench problems`: see docs/performance.md."""
    platform_runner.run_command(options.home, "prepare", DEMO="0")
    with (
        _run_database(options.home),
        transaction.atomic(),
    ):  # what is never committed needs no journal for all
        figures = run_simulation(
            CountrySimulation(
                options.data or DATA_FOLDER, options.cases or CASES_PER_DAY, options.seed or 1, BURST_DAY
            ),
            options.days or ORDINARY_DAYS,
        )
        transaction.set_rollback(True)
    return figures


@contextmanager
def _run_database(home: Path) -> Iterator[None]:
    """The database alone, without a worker that looks too."""
    server = EmbeddedServer(home / "postgres")
    server.start()
    try:
        with platform_runner.use_database(server.build_url(MAIN_DATABASE)):
            yield
    finally:
        server.stop()


def run_simulation(country: CountrySimulation, days: int) -> dict[str, Any]:
    """Four weeks, the ordinary days and the Tuesday."""
    began, platform = perf_counter(), ProblemDetection()
    ordinary = [BURST_DAY - back * ONE_DAY for back in range(days, 0, -1)]
    platform.write_history(country, until=ordinary[0])
    alarms = [platform.run_ordinary_day(country, day) for day in ordinary]
    bursts = platform.run_burst_day(country)
    alarms.append(platform.count_false_alarms(BURST_DAY))
    return {
        "others_a_day": country.cases_per_day,
        "seed": country.seed,
        "bursts": bursts,
        "false_alarms": alarms,
        "false_alarms_a_day": round(sum(alarms) / len(alarms), 2),
        "pass_ms": platform_runner.compute_percentiles(platform.run_seconds)
        | {"slowest": round(1000 * max(platform.run_seconds), 1)},
        "took_s": round(perf_counter() - began),
        "python_ms": platform_runner.measure_python_ms(),
    }


class ProblemDetection:
    """The platform as far as it finds problems, and what it found."""

    def __init__(self) -> None:
        self.follower, self.run_seconds = ProblemsProjection(), list[float]()
        self.numbers = count(1)
        self.variants: defaultdict[str, list[bytes]] = defaultdict(list)
        self.of_burst: dict[str, list[UUID]] = {burst.name: [] for burst in BURSTS}

    def write_history(self, country: CountrySimulation, until: datetime) -> None:
        """What is usual, as the follower would have written it."""
        day = until - HISTORY
        self.model = self._submit(country.draw_ordinary_submission(day))
        skip_consumer_to_end(self.follower.name)
        matters = [country.draw_ordinary_submission(day) for _ in range(DISTINCT_TEXTS)]
        while day < until:
            came = [replace(country.random.choice(matters), at=at) for at in country.draw_day_times(day)]
            self._write_traces(came, looked=True, with_cases=day >= until - HISTORY_WITH_CASES)
            day += ONE_DAY

    def run_ordinary_day(self, country: CountrySimulation, day: datetime) -> int:
        """A day on which nothing in particular happens; how many alarms there are nevertheless."""
        came = [country.draw_ordinary_submission(at) for at in country.draw_day_times(day)]
        self._write_traces(came, looked=False, with_cases=True)
        for hour in range(STEP, 25, STEP):
            while detect_problems(day + timedelta(hours=hour), at_once=AT_ONCE):
                pass
        return self.count_false_alarms(day)

    def run_burst_day(self, country: CountrySimulation) -> dict[str, Any]:
        """Bursts among the others; when each was found, and how much of it."""
        others = [
            country.draw_ordinary_submission(at)
            for at in country.draw_times(BURST_DAY, country.cases_per_day)
        ]
        sent = {burst.name: country.draw_burst(burst, BURST_DAY) for burst in BURSTS}
        found: dict[str, Detection] = {}
        waiting = 0
        for came in sorted(chain(others, *sent.values()), key=lambda came: came.at):
            case = self._submit(came)
            waiting += 1
            if came.burst:
                self.of_burst[came.burst].append(case)
            if waiting < CASES_PER_TURN and (not came.burst or came.burst in found):
                continue
            waiting, took = 0, self._run_detection(came.at)
            if came.burst and came.burst not in found and self._is_detected(came.burst):
                found[came.burst] = Detection(len(self.of_burst[came.burst]), came.at, took)
        self._run_detection(BURST_DAY + ONE_DAY)
        return {
            name: self._summarise_burst(found.get(name), sent[name], self.of_burst[name]) for name in sent
        }

    def count_false_alarms(self, day: datetime) -> int:
        """Proposals of that day that are of no burst."""
        seeded = SimilarCase.objects.filter(case__in=list(chain(*self.of_burst.values()))).values("problem")
        return (
            Problem.objects.filter(found_at__gt=day, found_at__lte=day + ONE_DAY)
            .exclude(pk__in=seeded)
            .count()
        )

    def _summarise_burst(
        self, found: Detection | None, sent: Sequence[SimulatedSubmission], cases: Sequence[UUID]
    ) -> dict[str, Any]:
        theirs = SimilarCase.objects.filter(case__in=cases).values("problem")
        return {
            "found_by": found and found.number,
            "after_the_tenth_s": found and found.get_delay_after(sent[REFERENCE_MESSAGE - 1].at),
            "of_it": SimilarCase.objects.filter(case__in=cases).count(),
            "not_of_it": SimilarCase.objects.filter(problem__in=theirs).exclude(case__in=cases).count(),
            "proposals": theirs.distinct().count(),
        }

    def _is_detected(self, burst: str) -> bool:

        of = SimilarCase.objects.filter(case__in=self.of_burst[burst]).values_list("problem", flat=True)
        return max(Counter(of).values(), default=0) >= DETECTION_SIZE

    def _run_detection(self, at: datetime) -> float:
        """The follower reads what is new and the job looks at it; how long both took."""

        began = perf_counter()
        while advance_consumer(self.follower, horizon=NO_HORIZON):
            pass
        self._run_job(at)
        self.run_seconds.append(perf_counter() - began)
        return self.run_seconds[-1]

    def _run_job(self, at: datetime) -> None:

        while detect_or_backfill(at):
            pass

    def _submit(self, came: SimulatedSubmission) -> UUID:
        number = next(self.numbers)
        who = Applicant("سناء محمد العلي", f"+9627{number:08d}", national_number=f"9{number:09d}")
        submission = Submission(
            Kind(came.kind), came.text, entity=came.entity, service=came.service, governorate=came.governorate,
            applicant=who, gate_declined=True,
        )  # fmt: skip
        taken = submit_case(
            submission=submission, channel="portal", client="portal", key=f"bench-problems-{number:08}",
            actor=Actor.citizen(""), at=came.at,
        )  # fmt: skip
        return taken.case

    def _write_traces(self, came: Sequence[SimulatedSubmission], *, looked: bool, with_cases: bool) -> None:
        """Traces as the follower writes them, of cases that are copies of one; older than a burst they need none."""
        keys = [uuid4() for _ in came]
        rows = [
            (key, one.at, one.entity, one.governorate, self._get_signature(one), looked)
            for key, one in zip(keys, came, strict=True)
        ]
        with connection.cursor() as cursor:
            with cursor.copy(COPY_CASE_VECTORS) as copy:
                copy.set_types(["uuid", "timestamptz", "int8", "int8", "bytea", "bool"])
                for row in rows:
                    copy.write_row(row)
            if with_cases:
                for table, own in REPLACED_COLUMNS.items():
                    cursor.execute(_build_copy_statement(table, own), {"keys": keys, "model": self.model})

    def _get_signature(self, came: SimulatedSubmission) -> bytes:
        """Its own, or those of another with the same source: to make all anew would take most of the time."""
        known = self.variants[came.source]
        if len(known) < VARIANTS_PER_TEXT:
            known.append(pack_vector(build_text_vector(came.text)))
        return known[came.at.microsecond % len(known)]


def _build_copy_statement(table: str, own: dict[str, str]) -> str:
    """Rows of a table that are those of the model case but for what is their own."""
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    named = ", ".join(f'"{name}"' for name in columns)
    given = ", ".join(own.get(name, f'model."{name}"') for name in columns)
    return f"""
    INSERT INTO "{table}" ({named}) SELECT {given}
    FROM "{table}" AS model, unnest(%(keys)s) AS key WHERE model.{next(iter(own))} = %(model)s
    """


REPLACED_COLUMNS = {
    "case": {"id": "key", "reference": "left(key::text, 12)"},
    "case_particulars": {"case_id": "key", "phone": "left(key::text, 12)"},
}
COPY_CASE_VECTORS = """
COPY problems_casevector (case_id, received_at, entity_id, governorate_id, vector, is_checked) FROM STDIN (FORMAT
BINARY)
"""
