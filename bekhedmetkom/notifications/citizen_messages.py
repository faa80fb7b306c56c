"""Messages to a case's citizen: which text, on which channel, for which event."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from bekhedmetkom.cases.models import Case, CaseText, Event
from bekhedmetkom.cases.rules.case_state import CaseState
from bekhedmetkom.cases.rules.contact import ContactPreference
from bekhedmetkom.cases.rules.replay import replay_journal
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.cases.rules.undo import get_final_time, list_undone_events
from bekhedmetkom.catalogue.rules import Handling
from bekhedmetkom.kernel.phone_numbers import is_mobile

from .encryption import encrypt_secret
from .models import ByMessenger, Message
from .reachability import PushSubscription
from .rendering import MessageRenderer
from .rules.decisions import EventContext
from .rules.delivery import Channel, choose_channel, get_earliest_send_time
from .rules.messenger import MessagingWindow, get_messaging_window
from .rules.sms import shorten_text
from .rules.templates import Template

ALL_DEVICES = "devices"  # the address of a push: all that are subscribed when it is sent
MAX_ANSWER_LENGTH = (
    560  # letters: ten SMS in Arabic, with what stands around it; the rest is on the case's page
)


def load_journals(cases: Iterable[UUID]) -> dict[UUID, list[Event]]:
    """Return the events of these cases in order, by case."""
    events = Event.objects.filter(case__in=cases).order_by("case", "seq")
    return {case: list(of_case) for case, of_case in groupby(events, key=lambda event: event.case_id)}


def replay_events(
    cases: Mapping[UUID, Case], journals: Mapping[UUID, Sequence[Event]], ids: set[int]
) -> Iterator[tuple[Event, EventContext]]:
    """Yield these events with the case state before and after each, by replaying the journals.

    Events undone meanwhile are left out; a later undo is checked at sending (`commands.delivery`).
    """
    for case, journal in journals.items():
        before: CaseState | None = None
        undone = list_undone_events(journal)
        for event, after in zip(journal, replay_journal(cases[case].reference, journal), strict=True):
            if event.pk in ids and event.seq not in undone:
                yield event, EventContext(EventType(event.kind), before, after, event.data)
            before = after


def find_cases_with_devices(cases: Iterable[UUID]) -> set[UUID]:
    """Return those of the cases that have a push subscription."""
    return set(PushSubscription.objects.filter(case__in=cases).values_list("case_id", flat=True))


def get_notification_time(event: Event) -> datetime:
    """Return the time from which the event can be announced: once it can no longer be undone."""
    return get_final_time(EventType(event.kind), event.actor, event.at)


def build_citizen_messages(
    template: Template, occasion: EventContext, event: Event, case: Case, composer: MessageRenderer,
    devices: Collection[UUID], without: Collection[Channel] = (),
) -> list[Message]:  # fmt: skip
    """Build one message on the preferred channel, or on the first that reaches the citizen.

    `devices`: the cases of the batch with a push subscription; `without`: channels that failed already.
    """
    who, when = (
        case.particulars,
        get_earliest_send_time(get_notification_time(event), at_once=template.is_immediate or case.urgent),
    )
    psid = "" if Channel.MESSENGER in without else _find_messenger_recipient(case, when)
    push = "" if Channel.PUSH in without or case.pk not in devices else ALL_DEVICES
    way = choose_channel(who.email, who.phone, ContactPreference(who.tell_by), messenger=psid, push=push)
    if (
        way is None
        and template in _TEMPLATES_AWAITING_REPLY
        and case.particulars.tell_by != ContactPreference.NONE
    ):
        way = (
            Channel.SMS,
            case.particulars.phone,
        )  # which takes none: whoever sends puts it on the list of call-backs
    if way is None or not way[1] or (way[0] is Channel.MESSENGER and template is Template.RECEIVED):
        return []  # that it was received has been said in the talk itself
    ways = dict([way])
    if answer := _get_full_answer(template, event, case):
        ways[Channel.SMS] = case.particulars.phone
    said = template if case.care == Handling.OPEN else Template.DISCREET
    return [
        Message(
            event=event,
            case=case,
            address=address,
            sealed=encrypt_secret(answer) if answer and channel is Channel.SMS else None,
            not_before=when,
            **composer.render(
                Template.ANSWERED_IN_FULL if answer and channel is Channel.SMS else said,
                channel, case.language, occasion, by_sms=who.phone_confirmed,
            ),
        )
        for channel, address in ways.items()
    ]  # fmt: skip


def _find_messenger_recipient(case: Case, when: datetime) -> str:
    """Return the Messenger id if the case came by Messenger and the window is open at that time; else ""."""
    if case.channel != Channel.MESSENGER:
        return ""
    found = ByMessenger.objects.select_related("person").filter(case=case, person__refused=False).first()
    return (
        found.person.psid
        if found and get_messaging_window(found.person.heard_at, when) is MessagingWindow.OPEN
        else ""
    )


def _get_full_answer(template: Template, event: Event, case: Case) -> str:
    """Return the answer's text if the citizen agreed to get it on a confirmed mobile; else "".

    Confidential cases and withheld identities never get it: others may see that phone's screen.
    """
    who = case.particulars
    agreed = who.full_by_sms and who.phone_confirmed and who.phone and is_mobile(who.phone)
    if template not in _ANSWER_TEMPLATES or not agreed or case.withheld or case.care != Handling.OPEN:
        return ""
    text = CaseText.objects.filter(case=case, seq=event.seq, field="answer").first()
    return shorten_text(text.body, MAX_ANSWER_LENGTH) if text else ""


_ANSWER_TEMPLATES = (Template.ANSWERED, Template.ANSWERED_PRAISE)
_TEMPLATES_AWAITING_REPLY = (Template.ASKED, Template.ANSWERED, Template.ASKED_AGAIN)
