"""Mail about alerts: to the body's head, once, without a figure, and not while it is muted."""

import pytest

from bekhedmetkom.analytics.commands import alerts
from bekhedmetkom.analytics.commands.alerts import mute_alert, send_alert_emails, update_alerts
from bekhedmetkom.analytics.storage import Alert
from bekhedmetkom.notifications.models import Message
from tests.personas import DAY, HOUR, NOON, Jordan, jordan

from .test_alerts import TODAY, insert_falling_body

__all__ = ["jordan"]

pytestmark = pytest.mark.django_db


def list_emails() -> list[Message]:
    return list(Message.objects.filter(template="to_alerts"))


def test_the_head_is_told_once_and_of_no_figure(jordan: Jordan, monkeypatch: pytest.MonkeyPatch) -> None:
    insert_falling_body(jordan)
    update_alerts(NOON)
    with monkeypatch.context() as broken:

        def dies(*_: object) -> None:
            raise RuntimeError

        broken.setattr(alerts, "send_list_email", dies)
        assert send_alert_emails(NOON) == 0
    assert send_alert_emails(NOON) == 1
    assert send_alert_emails(NOON + HOUR) == 0
    update_alerts(NOON + DAY)
    assert send_alert_emails(NOON + DAY) == 0
    (mail,) = list_emails()
    assert mail.officer_id == jordan.head.officer_id
    assert "/dashboard/alerts" in mail.body
    assert "ردود وصلت في موعدها" in mail.body
    assert "%" not in mail.body


def test_what_is_muted_is_told_when_the_silence_ends_if_it_still_stands(jordan: Jordan) -> None:
    insert_falling_body(jordan)
    update_alerts(NOON)
    mute_alert(
        alert=Alert.objects.get().pk, until=TODAY + 2 * DAY, reason="نقل الأرشيف", actor=jordan.head, at=NOON
    )
    assert send_alert_emails(NOON + HOUR) == send_alert_emails(NOON + 2 * DAY) == 0
    assert send_alert_emails(NOON + 3 * DAY) == 1
    assert len(list_emails()) == 1
