"""Messages as the administrator sees them: masked outside the demonstration, and never a word of a case."""

import pytest
from django.test import Client
from pytest_django import Settings

from bekhedmetkom.cases.models import Event
from bekhedmetkom.cases.rules.applicant import Applicant
from bekhedmetkom.entities.models import ChangeRecord
from bekhedmetkom.kernel.personal_details import mask_email
from bekhedmetkom.notifications.commands import CodePurpose, send_code_message, send_due_messages
from bekhedmetkom.notifications.models import Message
from bekhedmetkom.notifications.rules.delivery import Channel
from bekhedmetkom.notifications.subscriber import NotificationSubscriber
from tests.commands.notifications.event_helpers import STREET_LAMP_TEXT, build_fed_event, create_sms
from tests.personas import NOON, Jordan


@pytest.fixture
def kept(jordan: Jordan) -> list[Message]:
    """One SMS and one e-mail to citizens, kept because nobody carries them."""
    jordan.submit(STREET_LAMP_TEXT)
    jordan.submit(STREET_LAMP_TEXT, applicant=Applicant(email="samer@example.jo"))
    NotificationSubscriber().handle_events([build_fed_event(event) for event in Event.objects.order_by("pk")])
    assert send_due_messages(NOON) == 2
    return list(Message.objects.order_by("pk"))


def test_the_page_shows_what_would_have_been_sent(admin: Client, kept: list[Message]) -> None:
    page = admin.get("/manage/messages/?state=kept").content.decode()
    for message in kept:
        assert message.case and message.case.reference in page
        shown = admin.get(f"/manage/messages/inspect/{message.pk}/").content.decode()
        assert message.body.split("\n")[0] in shown
        assert STREET_LAMP_TEXT not in shown


@pytest.mark.parametrize("demo", [True, False])
def test_addresses_are_masked_outside_the_demonstration(
    admin: Client, kept: list[Message], settings: Settings, demo: bool
) -> None:
    settings.DEMO = demo
    pages = [admin.get("/manage/messages/").content.decode()]
    pages += [admin.get(f"/manage/messages/inspect/{message.pk}/").content.decode() for message in kept]
    for clear, masked in (("079 123 4567", "079 ••• ••67"), ("samer@example.jo", "s•••@example.jo")):
        assert any((clear if demo else masked) in page for page in pages)
        assert any((masked if demo else clear) in page for page in pages) is False


def test_what_could_not_be_sent_is_seen_and_goes_out_again_by_hand(
    admin: Client, kept: list[Message]
) -> None:
    message = kept[0]
    again = f"/manage/messages/{message.pk}/again/"
    assert again not in admin.get(f"/manage/messages/inspect/{message.pk}/").content.decode()
    Message.objects.filter(pk=message.pk).update(state="parked", why="given_up", tries=6)
    assert f"inspect/{message.pk}/" in admin.get("/manage/messages/?state=parked").content.decode()
    assert again in admin.get(f"/manage/messages/inspect/{message.pk}/").content.decode()
    for _press in range(2):  # the second is told that it waits already
        assert admin.post(again).status_code == 302
    message.refresh_from_db()
    assert (message.state, message.why, message.tries) == ("queued", "", 0)
    assert ChangeRecord.objects.filter(model="notifications.Message", key=str(message.pk)).count() == 1


def test_masked_email() -> None:
    assert mask_email("samer@example.jo") == "s•••@example.jo"


def test_it_cannot_be_written_to(admin: Client, kept: list[Message]) -> None:
    for path in ("new/", f"edit/{kept[0].pk}/", f"delete/{kept[0].pk}/"):
        assert admin.get(f"/manage/messages/{path}").status_code == 404


def test_administrators_find_no_case_text_anywhere(
    admin: Client, jordan: Jordan, kept: list[Message]
) -> None:
    case = kept[0].case
    assert case
    reference = case.reference
    for path in (f"/desk/cases/{reference}", "/desk"):
        assert STREET_LAMP_TEXT not in admin.get(path, follow=True).content.decode()
    assert admin.get(f"/desk/cases/{reference}").status_code in (403, 404)


@pytest.mark.parametrize(("demo", "shown"), [(True, "294017"), (False, "••••••")])
def test_a_code_is_nobodys_to_read_but_its_owners(
    admin: Client, jordan: Jordan, settings: Settings, demo: bool, shown: str
) -> None:
    settings.DEMO = demo
    send_code_message(
        channel=Channel.SMS, address="+962791234567", language="ar", purpose=CodePurpose.SIGN_IN, code="294017", at=NOON
    )  # fmt: skip
    for sent in (False, True):
        page = admin.get(f"/manage/messages/inspect/{Message.objects.get().pk}/").content.decode()
        assert shown in page
        assert ("294017" in page) == demo
        if not sent:
            send_due_messages(NOON)


@pytest.mark.parametrize("state", ["failed", "parked"])
def test_what_did_not_arrive_is_sent_again_and_that_is_written_down(
    admin: Client, jordan: Jordan, state: str
) -> None:
    message = create_sms(state=state, why="in_doubt", tries=6)
    shown = admin.get(f"/manage/messages/inspect/{message.pk}/").content.decode()
    assert "فستصل صاحبها مرتين" in shown  # what is in doubt may have gone out
    assert admin.post(f"/manage/messages/{message.pk}/again/").status_code == 302
    message.refresh_from_db()
    assert (message.state, message.why, message.tries) == ("queued", "", 0)
    change = ChangeRecord.objects.latest("id")
    assert (change.actor, change.model) == (str(jordan.administrator), "notifications.Message")
    assert change.after and change.after["state"] == "queued"
    assert "791234567" not in str(change.after)


@pytest.mark.parametrize(
    "given",
    [{"state": "kept"}, {"state": "failed", "address": ""}, {"state": "parked", "body": "رمزك ••••••"}],
    ids=str,
)
def test_what_cannot_be_sent_again_is_not(admin: Client, jordan: Jordan, given: dict[str, str]) -> None:
    message = create_sms(**given)
    page = admin.post(f"/manage/messages/{message.pk}/again/", follow=True).content.decode()
    assert "لا يُعاد إرسال" in page or "مُحي" in page
    message.refresh_from_db()
    assert message.state == given["state"]
    assert not ChangeRecord.objects.filter(model="notifications.Message").exists()
