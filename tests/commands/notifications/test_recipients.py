"""What happens to a case, and who hears of it."""

from datetime import timedelta
from uuid import UUID

import pytest

from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.catalogue.rules import Disposition, EscalationLevel, Kind
from bekhedmetkom.entities.models import Entity
from bekhedmetkom.identity.models import Officer
from bekhedmetkom.notifications.models import Message
from tests.commands.notifications.conftest import SubscriberRunner
from tests.commands.notifications.event_helpers import STREET_LAMP_TEXT
from tests.personas import DAY, HOUR, NOON, Jordan, require_approval


def seq(case: UUID) -> int:
    return Case.objects.get(pk=case).seq


def assigned(world: Jordan) -> UUID:
    case = world.submit(STREET_LAMP_TEXT).case
    commands.assign_case(
        case=case, seen=1, actor=world.main, at=NOON, unit=world.roads, officer=world.roads_officer.officer_id
    )
    return case


def test_citizen_is_told_the_due_date(world: Jordan, listener: SubscriberRunner) -> None:
    sent = world.submit(STREET_LAMP_TEXT)
    assert listener.told() == [("received", "sms", "citizen")]
    message = Message.objects.get()
    assert sent.reference in message.body
    assert "الثلاثاء 1 كانون الأول" in message.body
    assert message.body.endswith("/track")
    assert sent.access_code not in message.body
    assert (message.address, message.not_before) == ("+962791234567", NOON)


@pytest.mark.parametrize(
    ("who", "told"),
    [
        (Applicant(email="sama@example.jo", phone="+962791234567"), [("received", "email", "citizen")]),
        (Applicant(phone="+96265008080"), []),  # a landline takes no SMS
        (Applicant(), []),
    ],
)
def test_citizen_is_told_by_the_given_channel(
    world: Jordan, listener: SubscriberRunner, who: Applicant, told: list[tuple[str, str, str]]
) -> None:
    world.submit(STREET_LAMP_TEXT, applicant=who)
    assert listener.told() == told


def test_message_uses_the_case_language(world: Jordan, listener: SubscriberRunner) -> None:
    sent = world.submit(STREET_LAMP_TEXT, language="en", applicant=Applicant(email="sam@example.com"))
    listener.follow()
    message = Message.objects.get()
    assert message.subject == f"We have your case {sent.reference}"
    assert "by the end of Tuesday 1 December" in message.body
    assert f"/en/c/{sent.reference}" in message.body


def test_assignment_and_answer_notify_the_right_people(world: Jordan, listener: SubscriberRunner) -> None:
    case = assigned(world)
    assert listener.told()[1:] == [("to_assigned", "email", "roads_officer")]
    commands.ask_citizen(case=case, seen=2, actor=world.roads_officer, at=NOON, text="أين بالضبط؟")
    assert listener.new() == [("asked", "sms", "citizen")]
    citizen = world.get_citizen(Case.objects.get(pk=case))
    commands.add_message(case=case, seen=3, actor=citizen, at=NOON + HOUR, text="أمام المدرسة")
    assert listener.new() == [("to_wrote", "email", "roads_officer")]
    commands.answer_case(
        case=case, seen=4, actor=world.roads_officer, at=NOON + HOUR, text="رُدمت الحفرة", disposition=Disposition.UPHELD
    )  # fmt: skip
    assert listener.new() == [("answered", "sms", "citizen")]
    assert "رُدمت" not in Message.objects.latest("pk").body
    commands.appeal_case(case=case, seen=5, actor=citizen, at=NOON + DAY, reason="الحفرة كما هي")
    reviewer = Officer.objects.get(pk=Case.objects.get(pk=case).reviewer_id or 0).email.split("@")[0]
    assert sorted(listener.new()) == [("appealed", "sms", "citizen"), ("to_appeal", "email", reviewer)]


def test_actor_is_not_notified_of_own_action(world: Jordan, listener: SubscriberRunner) -> None:
    case = world.submit(STREET_LAMP_TEXT).case
    commands.assign_case(case=case, seen=1, actor=world.main, at=NOON, officer=world.main.officer_id)
    assert listener.told() == [("received", "sms", "citizen")]


def test_submitted_reply_notifies_the_approver(world: Jordan, listener: SubscriberRunner) -> None:
    require_approval(world.entities["GAM"])
    case = assigned(world)
    listener.follow()
    commands.submit_reply(
        case=case, seen=2, actor=world.roads_officer, at=NOON, text="رُدمت الحفرة", disposition=Disposition.UPHELD
    )  # fmt: skip
    assert listener.new() == [("to_approve", "email", "approver")]
    commands.send_back_reply(case=case, seen=3, actor=world.approver, at=NOON, reason="متى؟")
    assert listener.new() == [("to_sent_back", "email", "roads_officer")]


def test_deadline_events_notify_the_officers_concerned(world: Jordan, listener: SubscriberRunner) -> None:
    case = assigned(world)
    due = Case.objects.get(pk=case).due_at
    listener.follow()
    commands.sweep_deadlines(due + timedelta(minutes=1))
    told = listener.new()
    assert ("to_idle", "email", "manager") in told
    assert [row for row in told if row[0] == "to_reminded"] == [("to_reminded", "email", "roads_officer")] * 2
    assert told[-2:] == [("overdue", "sms", "citizen"), ("to_overdue", "email", "head")]
    assert "المسؤول الأعلى في الجهة" in Message.objects.get(template="overdue").body
    commands.sweep_deadlines(due + 14 * DAY)
    assert [row[2] for row in listener.new() if row[0] == "to_overdue"] == ["pm", "pm"]  # GAM has no minister


def test_vacant_level_notifies_the_next_one(world: Jordan, listener: SubscriberRunner) -> None:
    """Public Security has no head here; above it stands the Minister of the Interior, with an office."""
    case = world.submit(STREET_LAMP_TEXT, entity=world.entities["PSD"]).case
    commands.escalate_case(
        case=case,
        seen=1,
        actor=world.ministry_main,
        at=NOON,
        level=EscalationLevel.HEAD_OF_BODY,
        reason="يحتاج قرارًا",
    )
    assert listener.told()[1:] == [
        ("raised", "sms", "citizen"), ("to_raised", "email", "minister"), ("to_raised", "email", "office"),
    ]  # fmt: skip


def test_confidential_case_uses_discreet_text(world: Jordan, listener: SubscriberRunner) -> None:
    sent = world.submit(STREET_LAMP_TEXT, kind=Kind.VIOLATION, applicant=Applicant(email="sama@example.jo"))
    assert listener.told() == [("discreet", "email", "citizen")]
    message = Message.objects.get()
    assert Entity.objects.get(pk=sent.entity).name_ar not in message.body
    commands.sweep_deadlines(sent.due_at + 30 * DAY)
    officers = {row[2] for row in listener.told() if row[0] != "discreet"}
    assert officers <= {"inspector"}


def test_urgent_case_notifies_duty_officer_at_night(world: Jordan, listener: SubscriberRunner) -> None:
    night = NOON.replace(hour=22)
    world.submit("سلك كهربا مكشوف وواقع على الأرض جنب مدرسة والأطفال بلعبوا حواليه", at=night)
    case = Case.objects.get()
    assert case.urgent
    assert ("to_urgent", "email", "duty") in listener.told()
    assert set(Message.objects.values_list("not_before", flat=True)) == {night}


def test_messages_wait_for_the_end_of_quiet_hours(world: Jordan, listener: SubscriberRunner) -> None:
    case = world.submit(STREET_LAMP_TEXT).case
    evening = NOON.replace(hour=19)  # 22:00 in Amman
    commands.refer_case(
        case=case, seen=1, actor=world.main, at=evening, entity=world.entities["MOH"], reason="للصحة"
    )
    listener.follow()
    moved = Message.objects.get(template="moved")
    assert moved.not_before == (NOON + DAY).replace(hour=5)  # 08:00 in Amman
