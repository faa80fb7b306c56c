"""Random commands in random order with jumps of the clock: row, replay and an independent model agree."""

from collections.abc import Callable
from contextlib import suppress
from copy import copy
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case, Event
from bekhedmetkom.cases.queries import verify_journal
from bekhedmetkom.cases.rules.case_state import STATE_COLUMNS
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.cases.rules.undo import list_undone_events
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.kernel.errors import Refusal
from tests.commands.cases.case_stages import ANSWER
from tests.models.working_weeks.deadline_terms import load_deadline_terms
from tests.models.working_weeks.reference_model import ReferenceModel
from tests.models.working_weeks.simulation import load_office_hours
from tests.personas import NOON, Jordan

OF_THE_JOURNAL = ("reference", "seq", "updated_at", "tasks")  # tasks: by the numbers of their events
SHORT = timedelta(seconds=7)
A_TASK = timedelta(days=1, hours=2)
UNDONE, UNDONE_OR_NOT_DONE = "undone", "undone or not done"
TAKEN_BACK = (
    "assign",
    "note",
    "ask",
    "task",
    "contribute",
    "answer",
    "answer_insufficient",
    "extend",
    "hear_yes",
    "hear_no",
    "decide_upheld",
    "decide_not",
)
VERBS = ("assign", "note", "task", "contribute", "ask", "write", "answer", "answer_insufficient",
         "extend", "rate_yes", "rate_no", "hear_yes", "hear_no", "appeal",
         "decide_upheld", "decide_not", "withdraw", "erase", "nothing",
         *(f"{verb}, {UNDONE}" for verb in TAKEN_BACK))  # fmt: skip
# Jumps of half an hour up to two weeks: they often meet an opening, a closing or a due moment exactly.
STEPS = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 700) | st.just(7)), max_size=14)
HALF_HOUR = timedelta(minutes=30)
TEXT = "كلام للتجربة"
PROMISES = load_deadline_terms()
SIMPLE = PROMISES["complaint_simple"]
MISSING = "اكتب لنا رقم العمارة."


def act(jordan: Jordan, case: Case, verb: str, at: datetime) -> None:
    """The real thing, by whoever may do it."""
    verb, _, undone = verb.partition(", ")
    if undone:
        act(jordan, case, verb, at)
        with (
            suppress(*[NotPossibleNow] * (undone == UNDONE)),
            transaction.atomic(),
        ):  # time may have gone on from it
            take_back(jordan, case, at)
        return
    case.refresh_from_db()
    common: dict[str, Any] = {"case": case.pk, "seen": case.seq, "at": at}
    citizen: dict[str, Any] = {"case": case.pk, "seen": None, "at": at, "actor": jordan.get_citizen(case)}
    reviewer = next(
        (who for who in jordan.people.values() if who.officer_id == case.reviewer_id), jordan.reviewer
    )
    decision: dict[str, Any] = {"text": TEXT, "actor": reviewer, **common}
    doing: dict[str, Callable[[], object]] = {
        "assign": lambda: commands.assign_case(unit=jordan.roads, actor=jordan.main, **common),
        "note": lambda: commands.add_note(text=TEXT, actor=jordan.main, **common),
        "task": lambda: commands.create_task(
            unit=jordan.lighting, text=TEXT, until=at + A_TASK, actor=jordan.main, **common
        ),
        "contribute": lambda: commands.answer_task(
            text=TEXT, of=next(iter(case.tasks), None), actor=jordan.lighting_officer, **common
        ),
        "ask": lambda: commands.ask_citizen(text=TEXT, actor=jordan.main, **common),
        "write": lambda: commands.add_message(text=TEXT, **citizen),
        "answer": lambda: commands.answer_case(
            text=ANSWER, disposition=Disposition.UPHELD, actor=jordan.main, **common
        ),
        "answer_insufficient": lambda: commands.answer_case(
            text=MISSING, disposition=Disposition.INSUFFICIENT, actor=jordan.main, **common
        ),
        "extend": lambda: commands.extend_deadline(reason=TEXT, actor=jordan.head, **common),
        "rate_yes": lambda: commands.rate_case(solved=True, **citizen),
        "rate_no": lambda: commands.rate_case(solved=False, **citizen),
        "hear_yes": lambda: commands.record_phone_feedback(solved=True, actor=jordan.pm, **common),
        "hear_no": lambda: commands.record_phone_feedback(solved=False, actor=jordan.pm, **common),
        "appeal": lambda: commands.appeal_case(reason=TEXT, **citizen),
        "decide_upheld": lambda: commands.decide_appeal(outcome=Disposition.UPHELD, **decision),
        "decide_not": lambda: commands.decide_appeal(outcome=Disposition.NOT_UPHELD, **decision),
        "withdraw": lambda: commands.withdraw_case(**citizen),
        "erase": lambda: commands.erase_case(**citizen),
        "nothing": lambda: None,
    }
    doing[verb]()


def take_back(jordan: Jordan, case: Case, at: datetime) -> None:
    """Whoever acted last on the case takes that back, shortly after it: it may have been put after what came before."""
    case.refresh_from_db()
    last = Event.objects.get(case=case, seq=case.seq)
    actor = next(who for who in jordan.people.values() if str(who) == last.actor)
    commands.undo_action(case=case.pk, seen=case.seq, actor=actor, at=max(at, last.at) + SHORT)


def imagine(model: ReferenceModel, verb: str, at: datetime) -> bool:
    """The same in the model: whether it is possible."""
    alone, _, undone = verb.partition(", ")
    if undone:
        return imagine_undone(model, alone, at)
    doing: dict[str, Callable[[], bool]] = {
        "task": lambda: model.task(at, at + A_TASK),
        "answer_insufficient": lambda: model.answer(at, insufficient=True),
        "rate_yes": lambda: model.rate(at, yes=True),
        "rate_no": lambda: model.rate(at, yes=False),
        "hear_yes": lambda: model.rate_by_phone(at, yes=True),
        "hear_no": lambda: model.rate_by_phone(at, yes=False),
        "decide_upheld": lambda: model.decide(at, SIMPLE, upheld=True),
        "decide_not": lambda: model.decide(at, SIMPLE, upheld=False),
        "nothing": lambda: True,
    }
    return doing[verb]() if verb in doing else bool(getattr(model, verb)(at))


def imagine_undone(model: ReferenceModel, verb: str, at: datetime) -> bool:
    """Nothing of it stays but two lines, unless time did something meanwhile, with it or without it."""
    done, without, back = copied(model), copied(model), at + SHORT
    if not imagine(done, verb, at):
        return False
    known = len(done.events), len(without.events)
    done.advance_to(back)
    without.advance_to(back)
    if (len(done.events), len(without.events)) == known:
        model.events = done.events
        model.add_event("case.undone", back)
    else:
        model.__dict__ = done.__dict__
    return True


def copied(model: ReferenceModel) -> ReferenceModel:
    same = copy(model)
    same.events = list(model.events)
    same.asked_of_others, same.said_late = list(model.asked_of_others), list(model.said_late)
    return same


def lived(
    jordan: Jordan, steps: list[tuple[str, int]], sweeps: list[int]
) -> tuple[list[tuple[str, datetime]], Case]:
    """A case's journal after these steps, with the sweep run at these hours besides; nothing of it stays."""
    case = jordan.create_case("نص للتجربة عن شارع")
    at = NOON
    for verb, jump in [*steps, ("nothing", 4000)]:
        end = at + jump * HALF_HOUR
        for look in sorted(NOON + timedelta(hours=hour) for hour in sweeps):
            if at < look < end:
                commands.sweep_deadlines(look)
                commands.sweep_deadlines(look)
        at = end
        try:
            with transaction.atomic():
                act(jordan, case, verb, at)
        except Refusal:
            continue
    commands.sweep_deadlines(at)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    case.refresh_from_db()
    return list(Event.objects.filter(case=case).order_by("seq").values_list("kind", "at")), case


@example([("assign, undone", 7), ("assign, undone", 0)], [])
@given(STEPS, st.lists(st.integers(1, 3000), max_size=5))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_row_replay_and_model_agree(jordan: Jordan, steps: list[tuple[str, int]], sweeps: list[int]) -> None:
    model, at = ReferenceModel(load_office_hours(), SIMPLE, NOON, PROMISES["appeal"]), NOON
    with transaction.atomic():
        events, case = lived(jordan, steps, sweeps)
        for verb, jump in [*steps, ("nothing", 4000)]:
            at += jump * HALF_HOUR
            model.advance_to(at)
            imagine(
                model, verb, max(at, model.last)
            )  # what comes while something was taken back comes after it
        model.advance_to(at)
        assert events == [said[:2] for said in model.events]
        assert case.state == model.state
        assert case.due_at == model.due
        assert list(verify_journal()) == []
        transaction.set_rollback(True)


@given(STEPS, st.lists(st.integers(1, 3000), max_size=8))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_often_the_sweep_runs_the_same_happens_at_the_same_times(
    jordan: Jordan, steps: list[tuple[str, int]], sweeps: list[int]
) -> None:
    journals = []
    for looks in ([], sweeps, list(range(0, 3000, 97))):
        with transaction.atomic():
            journals.append(lived(jordan, steps, looks)[0])
            transaction.set_rollback(True)
    assert journals[0] == journals[1] == journals[2]


@given(STEPS, st.lists(st.tuples(st.integers(0, 14), st.sampled_from(TAKEN_BACK)), min_size=1, max_size=4))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_life_with_what_was_taken_back_is_the_life_without_it(
    jordan: Jordan, steps: list[tuple[str, int]], taken_back: list[tuple[int, str]]
) -> None:
    """To the last column but the journal's count and time; and what time caused afterwards, to the second."""
    steps = [
        (verb, max(jump, 1)) for verb, jump in steps
    ]  # what comes at the same moment would come seconds later
    more = list(steps)
    for place, verb in taken_back:
        more.insert(min(place, len(more)), (f"{verb}, {UNDONE_OR_NOT_DONE}", 0))
    lives = []
    for story in (steps, more):
        with transaction.atomic():
            _, case = lived(jordan, story, [])
            journal = Event.objects.filter(case=case).order_by("seq")
            undone = list_undone_events(journal)
            stays = [(e.kind, e.at) for e in journal if e.seq not in undone and e.kind != EventType.UNDONE]
            row = {name: getattr(case, name) for name in STATE_COLUMNS if name not in OF_THE_JOURNAL}
            lives.append((stays, row))
            assert list(verify_journal()) == []
            transaction.set_rollback(True)
    assert lives[0] == lives[1]
