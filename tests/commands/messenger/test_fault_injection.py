"""A small `bench messenger`: repetition, reordering and crashes change no conversation."""

import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import zip_longest

import pytest

from bekhedmetkom.cases.models import Case
from bekhedmetkom.messenger import commands as messenger
from bekhedmetkom.messenger.models import Event, Saying
from tests.commands.messenger.conftest import MessengerPage
from tests.fakes import messenger_events
from tests.fakes.messenger_events import sign_body
from tests.fakes.meta import normalize_message
from tests.models.messenger_conversations import (
    CONVERSATIONS,
    MALFORMED_BODIES,
    Item,
    Speaker,
    list_irrelevant_events,
)
from tests.personas import Jordan

PAUSE_BETWEEN_ROUNDS = timedelta(minutes=5)
NAMES = [name for name in CONVERSATIONS if name != "with photos"]  # files are tested separately


def list_read_messages(page: MessengerPage, psid: str) -> list[str]:
    return [normalize_message(call["message"]) for call in page.api.calls if call["recipient"]["id"] == psid]


def build_rounds(page: MessengerPage, first: int) -> Sequence[list[tuple[str, list[Item]]]]:
    """Return the messages of all conversations, step by step."""
    talks = []
    for number, name in enumerate(NAMES):
        psid = str(first + number)
        talks.append(
            [
                (psid, step(Speaker(psid, page.at + at * PAUSE_BETWEEN_ROUNDS, at, "")))
                for at, step in enumerate(CONVERSATIONS[name].steps)
            ]
        )
    return [[one for one in together if one] for together in zip_longest(*talks)]


def post_webhook(page: MessengerPage, raw: bytes, at: datetime) -> None:
    messenger.accept_webhook(raw=raw, signature=sign_body(raw), at=at)


def test_every_message_is_processed_once_under_faults(
    jordan: Jordan, page: MessengerPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for together in build_rounds(page, 1000):
        for _, items in together:
            page.post(*items)
        page.work()
        page.at += PAUSE_BETWEEN_ROUNDS
    in_peace = Case.objects.count()
    chance = random.Random(7)
    for together in build_rounds(page, 2000):
        said = [item for _, items in together for item in items] + list_irrelevant_events(page.at)
        chance.shuffle(said)
        for raw in [
            *map(messenger_events.build_webhook_body, said),
            messenger_events.build_webhook_body(*chance.sample(said, 5)),
            chance.choice(MALFORMED_BODIES),
        ]:
            post_webhook(page, raw, page.at)
        with monkeypatch.context() as killed, suppress(KeyboardInterrupt):
            killed.setattr(messenger, "complete_event", raise_at_random(chance))
            page.work()
        page.work()
        page.at += PAUSE_BETWEEN_ROUNDS
    page.work(page.at + PAUSE_BETWEEN_ROUNDS)
    page.work(page.at + 2 * PAUSE_BETWEEN_ROUNDS)
    assert (Event.objects.filter(worked_at=None).count(), Saying.objects.count()) == (0, 0)
    for number, name in enumerate(NAMES):
        assert list_read_messages(page, str(2000 + number)) == list_read_messages(page, str(1000 + number)), (
            name
        )
    assert Case.objects.count() == 2 * in_peace == 2 * sum(CONVERSATIONS[name].cases for name in NAMES)
    assert page.api.refused == []


def raise_at_random(chance: random.Random) -> object:
    worked = messenger.complete_event

    def sometimes(event: Event, at: datetime) -> None:
        if chance.random() < 0.3:
            raise KeyboardInterrupt
        worked(event, at)

    return sometimes
