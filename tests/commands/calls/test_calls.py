"""Calls: exchange events, verification and registration."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bekhedmetkom.calls import commands as calls
from bekhedmetkom.calls.commands import CallerNotVerified, CallNotHeld
from bekhedmetkom.calls.models import Call, Taken
from bekhedmetkom.calls.queries import (
    find_call_in_hand,
    find_opened_case,
    get_call,
    get_day_figures,
    list_case_endings,
    list_ringing_calls,
)
from bekhedmetkom.calls.rules.call_events import EventName
from bekhedmetkom.calls.rules.wrap_up import WrapUp
from bekhedmetkom.cases.commands import UseConfidentialChannel
from bekhedmetkom.cases.models import Case, CaseText, Event
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.catalogue.rules import Kind
from bekhedmetkom.identity.commands.one_time_codes import MAX_ATTEMPTS as CODE_TRIES
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from tests.personas import DAY, NOON, POTHOLE, Jordan, jordan

from .call_helpers import (
    BRIBE_TEXT,
    MOBILE,
    answer_call,
    confirm_phone,
    create_answered_case,
    issue_code_for_call,
    record_call_event,
    register_case_by_phone,
)

__all__ = ["jordan"]

pytestmark = pytest.mark.django_db


class TestCalls:
    def test_call_rings_is_taken_and_ends(self, jordan: Jordan) -> None:
        calls.set_agent_line(line="21", actor=jordan.agent, at=NOON)
        record_call_event(EventName.NEW_CALL, lines=("21", "22"))
        assert [call.call_id for call in list_ringing_calls("21", NOON)] == ["one"]
        call = record_call_event(EventName.ANSWER, NOON + timedelta(seconds=30), lines=("21",))
        assert call.officer_id == jordan.agent.officer_id
        assert find_call_in_hand(jordan.agent, NOON) == call.pk
        record_call_event(EventName.HANGUP, NOON + timedelta(seconds=90))
        calls.wrap_up(
            call=call.pk, wrap=WrapUp.ANSWERED, actor=jordan.agent, at=NOON + timedelta(seconds=120)
        )
        day = get_day_figures(jordan.agent, NOON + timedelta(hours=1))
        assert (
            day.received,
            day.answered,
            day.missed,
            day.median_wait_seconds,
            day.median_handling_seconds,
            day.own_calls,
        ) == (1, 1, 0, 30, 90, 1)

    def test_unanswered_call_is_missed(self, jordan: Jordan) -> None:
        record_call_event(EventName.HANGUP, NOON + timedelta(seconds=40))
        record_call_event(EventName.NEW_CALL)
        day = get_day_figures(jordan.agent, NOON + timedelta(hours=1))
        assert (day.received, day.answered, day.missed) == (1, 0, 1)

    @pytest.mark.parametrize(("came", "answered", "rate"), [(30, 27, 90), (29, 29, None), (31, 27, 90)])
    def test_few_calls_give_no_answer_rate(
        self, jordan: Jordan, came: int, answered: int, rate: int | None
    ) -> None:
        day = replace(
            get_day_figures(jordan.agent, NOON),
            received=came,
            answered=answered,
            waiting=1 if came == 31 else 0,
        )
        assert day.answer_rate == rate

    def test_missed_call_cannot_be_taken(self, jordan: Jordan) -> None:
        record_call_event(EventName.NEW_CALL)
        call = record_call_event(EventName.HANGUP, NOON + timedelta(seconds=40))
        with pytest.raises(CallNotHeld):
            calls.take_call(call=call.pk, actor=jordan.agent, at=NOON + timedelta(seconds=41))
        day = get_day_figures(jordan.agent, NOON + timedelta(hours=1))
        assert (day.received, day.answered, day.missed) == (1, 0, 1)

    def test_taken_call_stays_answered_after_late_events(self, jordan: Jordan) -> None:
        call = answer_call(jordan.agent)
        assert record_call_event(EventName.HANGUP, NOON + timedelta(seconds=90)).answered_at == NOON
        assert find_call_in_hand(jordan.agent, NOON) == call

    def test_call_has_one_agent(self, jordan: Jordan) -> None:
        call = answer_call(jordan.agent)
        with pytest.raises(CallNotHeld):
            calls.take_call(call=call, actor=jordan.pm, at=NOON)
        with pytest.raises(CallNotHeld):
            get_call(call, jordan.pm, NOON)
        with pytest.raises(NotAllowed):
            calls.take_call(call=call, actor=jordan.main, at=NOON)

    def test_line_has_one_agent(self, jordan: Jordan) -> None:
        calls.set_agent_line(line="21", actor=jordan.agent, at=NOON)
        with pytest.raises(InvalidInput):
            calls.set_agent_line(line="21", actor=jordan.pm, at=NOON)

    def test_numbers_are_deleted_after_a_week_and_figures_stay(self, jordan: Jordan) -> None:
        record_call_event(EventName.NEW_CALL)
        record_call_event(EventName.ANSWER, NOON + timedelta(seconds=5), lines=("21",))
        assert calls.delete_caller_data(NOON + 8 * DAY) == 1
        call = Call.objects.get()
        assert (call.number, call.heard) == ("", [])
        assert call.answered_at == NOON + timedelta(seconds=5)
        assert calls.delete_caller_data(NOON + 9 * DAY) == 0


class TestVerification:
    def test_number_alone_shows_only_reference_endings(self, jordan: Jordan) -> None:
        case = jordan.create_case()
        assert list_case_endings(MOBILE) == []  # typed by somebody, never confirmed
        confirm_phone(case)
        assert list_case_endings(MOBILE) == [case.reference[-2:]]

    def test_confidential_and_withheld_cases_are_not_hinted_at(self, jordan: Jordan) -> None:
        confirm_phone(jordan.create_case(kind=Kind.VIOLATION))
        confirm_phone(jordan.create_case(withhold_identity=True))
        assert list_case_endings(MOBILE) == []

    def test_access_code_opens_the_case_for_this_call(self, jordan: Jordan) -> None:
        taken = jordan.submit()
        call = answer_call(jordan.agent)
        with pytest.raises(InvalidInput):
            calls.open_case_with_code(
                call=call, reference=taken.reference, code="0000000000", actor=jordan.agent, at=NOON
            )
        calls.open_case_with_code(
            call=call, reference=taken.reference, code=taken.access_code, actor=jordan.agent, at=NOON
        )
        assert [case.id for case in get_call(call, jordan.agent, NOON).opened_cases] == [taken.case]
        assert get_call(call, jordan.agent, NOON + DAY).opened_cases == []
        calls.wrap_up(call=call, wrap=WrapUp.FOLLOWED, actor=jordan.agent, at=NOON)
        with pytest.raises(CallNotHeld):
            get_call(call, jordan.agent, NOON)

    def test_confidential_case_is_never_read_out(self, jordan: Jordan) -> None:
        taken, call = jordan.submit(kind=Kind.VIOLATION), answer_call(jordan.agent)
        with pytest.raises(InvalidInput):
            calls.open_case_with_code(
                call=call, reference=taken.reference, code=taken.access_code, actor=jordan.agent, at=NOON
            )
        assert get_call(call, jordan.agent, NOON).opened_cases == []

    def test_guessing_an_access_code_is_throttled(self, jordan: Jordan) -> None:
        taken, call = jordan.submit(), answer_call(jordan.agent)
        said = []
        for _ in range(23):
            with pytest.raises(InvalidInput) as refused:
                calls.open_case_with_code(
                    call=call, reference=taken.reference, code="0000000000", actor=jordan.agent, at=NOON
                )
            said.append(str(refused.value))
        assert "again" in said[-1]

    def test_one_time_code_lists_the_numbers_cases(self, jordan: Jordan) -> None:
        mine, other, careful = (
            jordan.create_case(),
            jordan.create_case(),
            jordan.create_case(kind=Kind.VIOLATION),
        )
        confirm_phone(mine)
        confirm_phone(careful)
        call = answer_call(jordan.agent)
        with pytest.raises(CallerNotVerified):
            calls.open_case_of_number(call=call, reference=mine.reference, actor=jordan.agent, at=NOON)
        sent = issue_code_for_call(call, jordan.agent)
        with pytest.raises(InvalidInput):
            calls.verify_number(call=call, code="12", actor=jordan.agent, at=NOON)
        calls.verify_number(call=call, code=sent, actor=jordan.agent, at=NOON)
        own = get_call(call, jordan.agent, NOON).own_cases
        assert own and {one.standing.reference for one in own} == {mine.reference}
        calls.open_case_of_number(call=call, reference=mine.reference, actor=jordan.agent, at=NOON)
        for refused in (other, careful):
            with pytest.raises(InvalidInput):
                calls.open_case_of_number(call=call, reference=refused.reference, actor=jordan.agent, at=NOON)

    def test_one_time_code_is_bound_to_its_call(self, jordan: Jordan) -> None:
        first, second = answer_call(jordan.agent), answer_call(jordan.pm, call_id="two")
        sent = issue_code_for_call(first, jordan.agent)
        with pytest.raises(InvalidInput):
            calls.verify_number(call=second, code=sent, actor=jordan.pm, at=NOON)

    def test_five_wrong_codes_invalidate_the_code(self, jordan: Jordan) -> None:
        call = answer_call(jordan.agent)
        sent = issue_code_for_call(call, jordan.agent)
        for _ in range(CODE_TRIES):
            with pytest.raises(InvalidInput):
                calls.verify_number(call=call, code="000000", actor=jordan.agent, at=NOON)
        with pytest.raises(InvalidInput):
            calls.verify_number(call=call, code=sent, actor=jordan.agent, at=NOON)

    @pytest.mark.parametrize("number", ["", "+96265008080"])
    def test_withheld_number_and_landline_get_no_code(self, jordan: Jordan, number: str) -> None:
        call = answer_call(jordan.agent, number=number)
        with pytest.raises(InvalidInput):
            issue_code_for_call(call, jordan.agent)


class TestRegistration:
    def test_registered_case_is_linked_to_its_call(self, jordan: Jordan) -> None:
        call = answer_call(jordan.agent)
        taken = register_case_by_phone(jordan, call)
        case = Case.objects.get(pk=taken.case)
        assert (case.channel, case.due_at) == ("phone", jordan.create_case().due_at)
        assert Event.objects.get(case=case, seq=1).actor == str(jordan.agent)
        note = Taken.objects.get(case=case)
        assert (note.call.call_id, note.officer_id, note.by_call) == ("one", jordan.agent.officer_id, True)

    def test_repeated_key_registers_one_case(self, jordan: Jordan) -> None:
        call = answer_call(jordan.agent)
        first, second = register_case_by_phone(jordan, call), register_case_by_phone(jordan, call)
        assert (first.case, first.access_code) == (second.case, second.access_code)
        assert Taken.objects.count() == 1

    def test_verified_number_is_confirmed_on_the_registered_case(self, jordan: Jordan) -> None:
        call = answer_call(jordan.agent)
        unproven = register_case_by_phone(jordan, call)
        calls.verify_number(
            call=call, code=issue_code_for_call(call, jordan.agent), actor=jordan.agent, at=NOON
        )
        proven = register_case_by_phone(jordan, call, key="q" * 20)
        confirmed = {
            case.pk: case.particulars.phone_confirmed for case in Case.objects.select_related("particulars")
        }
        assert (confirmed[unproven.case], confirmed[proven.case]) == (False, True)

    def test_text_about_corruption_is_not_stored(self, jordan: Jordan) -> None:
        call = answer_call(jordan.agent)
        calls.save_draft(call=call, fields={"text": POTHOLE}, actor=jordan.agent, at=NOON)
        assert Call.objects.get(pk=call).draft == {"text": POTHOLE}
        with pytest.raises(UseConfidentialChannel):
            calls.save_draft(call=call, fields={"text": BRIBE_TEXT}, actor=jordan.agent, at=NOON)
        assert Call.objects.get(pk=call).draft == {}
        with pytest.raises(UseConfidentialChannel):
            register_case_by_phone(jordan, call, BRIBE_TEXT)
        assert not Case.objects.exists()

    def test_caller_adds_a_message_rates_and_appeals(self, jordan: Jordan) -> None:
        case, call = create_answered_case(jordan), answer_call(jordan.agent)
        ours: dict[str, Any] = {"call": call, "case": case.pk, "actor": jordan.agent, "at": NOON}
        with pytest.raises(CallerNotVerified):
            calls.record_resolution(seen=case.seq, solved=True, **ours)
        with pytest.raises(CallerNotVerified):
            calls.add_message(reference=case.reference, text="وصلت", **ours)
        confirm_phone(case)
        case.refresh_from_db()
        calls.verify_number(
            call=call, code=issue_code_for_call(call, jordan.agent), actor=jordan.agent, at=NOON
        )
        calls.open_case_of_number(call=call, reference=case.reference, actor=jordan.agent, at=NOON)
        assert find_opened_case(call, case.reference, jordan.agent, NOON) == case.pk
        calls.record_resolution(seen=case.seq, solved=False, comment="ما زالت الحفرة", **ours)
        case.refresh_from_db()
        assert (case.heard_by_id, case.solved) == (jordan.agent.officer_id, False)
        with pytest.raises(UseConfidentialChannel):
            calls.record_resolution(seen=case.seq, solved=True, comment=BRIBE_TEXT, **ours)
        calls.submit_appeal(reference=case.reference, reason="ردموها بالتراب", **ours)
        case.refresh_from_db()
        assert case.state == State.APPEALED
        assert CaseText.objects.filter(case=case, field="appeal", body="ردموها بالتراب").exists()
