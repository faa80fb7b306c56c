"""`bench messenger` in small: whatever is repeated, mixed and killed, each person reads what is read in peace."""

import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import zip_longest

import pytest

from bekhedmetkom.cases.models import Case
from bekhedmetkom.messenger import commands as messenger
from bekhedmetkom.messenger.models import Event, Saying
from bench.messenger.meta import normal
from bench.messenger.talks import ODD, TALKS, Item, Speaker, beside
from tests import posts
from tests.commands.messenger.conftest import Page
from tests.personas import Jordan
from tests.posts import signature

PAUSE = timedelta(minutes=5)
NAMES = [name for name in TALKS if name != "with photos"]  # files have tests of their own


def read_by(page: Page, psid: str) -> list[str]:
    return [normal(call["message"]) for call in page.api.calls if call["recipient"]["id"] == psid]


def rounds(page: Page, first: int) -> Sequence[list[tuple[str, list[Item]]]]:
    """What each talk's person says, step by step, all at once."""
    talks = []
    for number, name in enumerate(NAMES):
        psid = str(first + number)
        talks.append(
            [
                (psid, step(Speaker(psid, page.at + at * PAUSE, at, "")))
                for at, step in enumerate(TALKS[name].steps)
            ]
        )
    return [[one for one in together if one] for together in zip_longest(*talks)]


def taken_in(page: Page, raw: bytes, at: datetime) -> None:
    messenger.take_in(raw=raw, signature=signature(raw), at=at)


def test_in_a_storm_everything_happens_once(
    jordan: Jordan, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    for together in rounds(page, 1000):
        for _, items in together:
            page.post(*items)
        page.work()
        page.at += PAUSE
    in_peace = Case.objects.count()
    chance = random.Random(7)
    for together in rounds(page, 2000):
        said = [item for _, items in together for item in items] + beside(page.at)
        chance.shuffle(said)
        for raw in [*map(posts.post, said), posts.post(*chance.sample(said, 5)), chance.choice(ODD)]:
            taken_in(page, raw, page.at)
        with monkeypatch.context() as killed, suppress(KeyboardInterrupt):
            killed.setattr(messenger, "worked", dies(chance))
            page.work()
        page.work()
        page.at += PAUSE
    page.work(page.at + PAUSE)
    page.work(page.at + 2 * PAUSE)
    assert (Event.objects.filter(worked_at=None).count(), Saying.objects.count()) == (0, 0)
    for number, name in enumerate(NAMES):
        assert read_by(page, str(2000 + number)) == read_by(page, str(1000 + number)), name
    assert Case.objects.count() == 2 * in_peace == 2 * sum(TALKS[name].cases for name in NAMES)
    assert page.api.refused == []


def dies(chance: random.Random) -> object:
    worked = messenger.worked

    def sometimes(event: Event, at: datetime) -> None:
        if chance.random() < 0.3:
            raise KeyboardInterrupt
        worked(event, at)

    return sometimes
