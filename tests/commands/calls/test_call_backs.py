"""Call-backs: who is called, by whom, and how the result is recorded."""

from datetime import timedelta
from typing import Any

import pytest

from bekhedmetkom.calls import commands as calls
from bekhedmetkom.calls import subscriber
from bekhedmetkom.calls.commands import CallBackNotHeld, CallerNotVerified
from bekhedmetkom.calls.models import CallBack
from bekhedmetkom.calls.queries import get_call_back
from bekhedmetkom.calls.rules.call_backs import (
    HOLD_TIME,
    MAX_TRIES,
    SAMPLE_PERCENT,
    SURVEY_DELAY,
    CallBackOutcome,
    CallBackReason,
)
from bekhedmetkom.cases import commands as cases
from bekhedmetkom.cases.models import Case, CaseText
from bekhedmetkom.cases.rules.contact import ContactType
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.kernel.actor import Actor
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from tests.personas import DAY, NOON, Jordan, jordan

from .call_helpers import MOBILE, answer_call, create_answered_case, register_case_by_phone, run_subscriber

__all__ = ["jordan"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The random sample depends on the key of the run, so no answer is sampled here."""
    monkeypatch.setattr(subscriber, "compute_draw", lambda event: SAMPLE_PERCENT)


def test_unsolved_case_is_called_back_and_the_new_answer_recorded(jordan: Jordan) -> None:
    case = create_answered_case(jordan)
    cases.rate_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON, solved=False)
    run_subscriber(case)
    run_subscriber(case)
    back = calls.take_next_call_back(actor=jordan.agent, at=NOON)
    assert back is not None
    assert calls.take_next_call_back(actor=jordan.agent, at=NOON) == back
    assert calls.take_next_call_back(actor=jordan.pm, at=NOON) is None
    held = get_call_back(back, jordan.agent, NOON)
    assert (held.reason, held.particulars.phone, held.citizen_case) == (CallBackReason.UNSOLVED, MOBILE, None)
    calls.record_conversation(
        back=back, seen=held.case.seq, actor=jordan.agent, at=NOON, solved=True, stars=4
    )
    case.refresh_from_db()
    assert (case.state, case.stars, case.heard_by_id) == (State.RESOLVED, 4, jordan.agent.officer_id)
    with pytest.raises(CallBackNotHeld):
        get_call_back(back, jordan.agent, NOON)


def test_agent_records_only_their_own_call_back(jordan: Jordan) -> None:
    case = create_answered_case(jordan)
    cases.rate_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON, solved=False)
    run_subscriber(case)
    back = calls.take_next_call_back(actor=jordan.agent, at=NOON)
    assert back is not None
    for act in (lambda: get_call_back(back, jordan.pm, NOON), lambda: record_answer(back, jordan.pm)):
        with pytest.raises(CallBackNotHeld):
            act()


def test_undeliverable_message_causes_a_call_back(jordan: Jordan) -> None:
    case = jordan.create_assigned_case()
    cases.record_failed_contact(case=case.pk, contact=ContactType.PHONE, at=NOON)
    run_subscriber(case)
    back = calls.take_next_call_back(actor=jordan.agent, at=NOON)
    assert back is not None
    seen = get_call_back(back, jordan.agent, NOON).case.seq
    with pytest.raises(InvalidInput):
        calls.record_conversation(back=back, seen=seen, actor=jordan.agent, at=NOON)
    calls.record_conversation(
        back=back, seen=seen, actor=jordan.agent, at=NOON, comment="رقمه الجديد عند ابنه"
    )
    case.refresh_from_db()
    assert not case.unreached


def test_five_per_cent_of_answers_are_surveyed(jordan: Jordan, monkeypatch: pytest.MonkeyPatch) -> None:
    lots: dict[Any, int] = {}
    monkeypatch.setattr(subscriber, "compute_draw", lambda event: lots[event.case_id])
    called, spared = create_answered_case(jordan), create_answered_case(jordan)
    lots |= {called.pk: 4, spared.pk: 5}
    run_subscriber(called)
    run_subscriber(spared)
    assert [row.case_id for row in CallBack.objects.all()] == [called.pk]
    assert calls.take_next_call_back(actor=jordan.agent, at=NOON + DAY) is None
    assert (
        calls.take_next_call_back(actor=jordan.agent, at=NOON + SURVEY_DELAY + timedelta(minutes=1))
        is not None
    )


def test_rating_before_the_survey_prevents_a_second_call(
    jordan: Jordan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriber, "compute_draw", lambda event: 0)
    case = create_answered_case(jordan)
    cases.rate_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON, solved=False)
    run_subscriber(case)
    later = NOON + SURVEY_DELAY + timedelta(minutes=1)
    back = calls.take_next_call_back(actor=jordan.agent, at=later)
    assert back is not None
    assert get_call_back(back, jordan.agent, later).reason is CallBackReason.UNSOLVED
    calls.record_attempt(back=back, outcome=CallBackOutcome.NOT_THEIRS, actor=jordan.agent, at=later)
    assert calls.take_next_call_back(actor=jordan.agent, at=later) is None


def test_confidential_and_withheld_cases_are_never_called(jordan: Jordan) -> None:
    case = create_answered_case(jordan, withhold_identity=True)
    cases.rate_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON, solved=False)
    run_subscriber(case)
    assert not CallBack.objects.exists()


def test_citizen_who_rated_meanwhile_is_not_called(jordan: Jordan) -> None:
    case = create_answered_case(jordan)
    cases.rate_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON, solved=False)
    run_subscriber(case)
    cases.rate_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON, solved=True)
    assert calls.take_next_call_back(actor=jordan.agent, at=NOON) is None
    assert CallBack.objects.get().outcome == CallBackOutcome.MOOT


def test_unanswered_call_back_is_retried_a_limited_number_of_times(jordan: Jordan) -> None:
    case = create_answered_case(jordan)
    cases.rate_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON, solved=False)
    run_subscriber(case)
    for tries in range(MAX_TRIES):
        at = NOON + tries * DAY
        back = calls.take_next_call_back(actor=jordan.agent, at=at)
        assert back is not None
        calls.record_attempt(back=back, outcome=CallBackOutcome.NO_ANSWER, actor=jordan.agent, at=at)
        assert calls.take_next_call_back(actor=jordan.agent, at=at) is None
    assert CallBack.objects.get().outcome == CallBackOutcome.NO_ANSWER


def test_abandoned_call_back_is_given_to_another_agent(jordan: Jordan) -> None:
    case = create_answered_case(jordan)
    cases.rate_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON, solved=False)
    run_subscriber(case)
    back = calls.take_next_call_back(actor=jordan.agent, at=NOON)
    later = NOON + HOLD_TIME + timedelta(minutes=1)
    assert calls.take_next_call_back(actor=jordan.pm, at=later) == back
    with pytest.raises(CallBackNotHeld):
        get_call_back(back or 0, jordan.agent, later)


def test_handler_of_the_case_does_not_call(jordan: Jordan) -> None:
    case = create_answered_case(jordan)
    cases.rate_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON, solved=False)
    run_subscriber(case)
    with pytest.raises(NotAllowed):
        calls.take_next_call_back(actor=jordan.roads_officer, at=NOON)


def test_answer_is_read_out_after_verification(jordan: Jordan) -> None:
    call = answer_call(jordan.agent)
    taken = register_case_by_phone(jordan, call)
    case = Case.objects.get(pk=taken.case)
    cases.answer_case(
        case=case.pk, seen=case.seq, actor=jordan.main, at=NOON, disposition=Disposition.UPHELD,
        text="كشفت وحدة الطرق على الموقع يوم 22 تشرين الثاني وردمت الحفرة بالإسفلت صباح اليوم.",
    )  # fmt: skip
    run_subscriber(case)
    at = NOON + timedelta(minutes=1)
    back = calls.take_next_call_back(actor=jordan.agent, at=at)
    assert back is not None
    assert get_call_back(back, jordan.agent, at).reason is CallBackReason.READ_OUT
    with pytest.raises(InvalidInput):
        calls.verify_call_back_access_code(back=back, code="1234567890", actor=jordan.agent, at=at)
    calls.verify_call_back_access_code(back=back, code=taken.access_code, actor=jordan.agent, at=at)
    read = get_call_back(back, jordan.agent, at).citizen_case
    assert read and "الإسفلت" in read.response
    sent = calls.issue_call_back_code(back=back, actor=jordan.agent, at=at)
    assert sent.phone == MOBILE
    calls.verify_call_back_code(back=back, code=sent.code, actor=jordan.agent, at=at)


def test_comment_is_added_to_the_case_after_verification(jordan: Jordan) -> None:
    case = create_answered_case(jordan)
    cases.rate_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON, solved=False)
    run_subscriber(case)
    back = calls.take_next_call_back(actor=jordan.agent, at=NOON)
    assert back is not None
    said: dict[str, Any] = {
        "back": back,
        "actor": jordan.agent,
        "at": NOON,
        "comment": "بقي غطاء المنهل مكسورًا",
    }
    seen = get_call_back(back, jordan.agent, NOON).case.seq
    with pytest.raises(CallerNotVerified):
        calls.record_conversation(seen=seen, **said)
    assert CallBack.objects.get().done_at is None
    sent = calls.issue_call_back_code(back=back, actor=jordan.agent, at=NOON)
    calls.verify_call_back_code(back=back, code=sent.code, actor=jordan.agent, at=NOON)
    calls.record_conversation(seen=seen, **said)
    assert CaseText.objects.filter(case=case, body=said["comment"]).exists()
    assert CallBack.objects.get().outcome == CallBackOutcome.HEARD


def test_repeated_unsolved_answer_is_recorded(jordan: Jordan) -> None:
    case = create_answered_case(jordan)
    cases.rate_case(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON, solved=False)
    run_subscriber(case)
    back = calls.take_next_call_back(actor=jordan.agent, at=NOON)
    assert back is not None
    seen = get_call_back(back, jordan.agent, NOON).case.seq
    calls.record_conversation(back=back, seen=seen, actor=jordan.agent, at=NOON, solved=False)
    assert CallBack.objects.get().outcome == CallBackOutcome.HEARD
    assert Case.objects.get(pk=case.pk).seq == seen


def record_answer(back: int, actor: Actor) -> None:
    calls.record_conversation(back=back, seen=1, actor=actor, at=NOON, solved=True)
