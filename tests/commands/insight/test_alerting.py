"""Mail about alerts: to the body's head, once, without a figure, and not while it is muted."""

import pytest

from bekhedmetkom.insight.commands import alerting
from bekhedmetkom.insight.commands.alerting import tell_alerts
from bekhedmetkom.insight.commands.watching import mute, watch
from bekhedmetkom.insight.kept import Alert
from bekhedmetkom.messages.models import Message
from tests.personas import DAY, HOUR, NOON, Jordan, jordan

from .test_watching import TODAY, fallen

__all__ = ["jordan"]

pytestmark = pytest.mark.django_db


def mails() -> list[Message]:
    return list(Message.objects.filter(template="to_alerts"))


def test_the_head_is_told_once_and_of_no_figure(jordan: Jordan, monkeypatch: pytest.MonkeyPatch) -> None:
    fallen(jordan)
    watch(NOON)
    with monkeypatch.context() as broken:

        def dies(*_: object) -> None:
            raise RuntimeError

        broken.setattr(alerting, "tell_lines", dies)
        assert tell_alerts(NOON) == 0
    assert tell_alerts(NOON) == 1
    assert tell_alerts(NOON + HOUR) == 0
    watch(NOON + DAY)
    assert tell_alerts(NOON + DAY) == 0
    (mail,) = mails()
    assert mail.officer_id == jordan.head.officer_id
    assert "/dashboard/alerts" in mail.body
    assert "ردود وصلت في موعدها" in mail.body
    assert "%" not in mail.body


def test_what_is_muted_is_told_when_the_silence_ends_if_it_still_stands(jordan: Jordan) -> None:
    fallen(jordan)
    watch(NOON)
    mute(
        alert=Alert.objects.get().pk, until=TODAY + 2 * DAY, reason="نقل الأرشيف", actor=jordan.head, at=NOON
    )
    assert tell_alerts(NOON + HOUR) == tell_alerts(NOON + 2 * DAY) == 0
    assert tell_alerts(NOON + 3 * DAY) == 1
    assert len(mails()) == 1
