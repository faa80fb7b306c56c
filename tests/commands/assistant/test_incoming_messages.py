"""Conversations with the database: storage, submission, erasure and hand-over."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest

from bekhedmetkom.assistant.commands import (
    erase_expired_conversations,
    get_or_create_conversation,
    handle_gated_message,
    handle_message,
)
from bekhedmetkom.assistant.models import Conversation, Line
from bekhedmetkom.assistant.queries import find_conversation
from bekhedmetkom.assistant.rules.draft import Draft
from bekhedmetkom.assistant.rules.messages import IncomingMessage, OutgoingMessage
from bekhedmetkom.assistant.storage import decrypt
from bekhedmetkom.attachments.models import Upload
from bekhedmetkom.cases.models import Case
from bekhedmetkom.kernel.errors import Refusal
from tests.factories import create_upload
from tests.personas import DAY, HOUR, NOON, POTHOLE, Jordan

BRIBE_TEXT = "الموظف طلب مني رشوة خمسين دينار حتى يمشي معاملتي"
CONVERSATION_TEXTS = (
    "مرحبا",
    "شكوى",
    POTHOLE,
    "وجهوه انتم",
    "شارع الشهيد وصفي التل، تلاع العلي",
    "تخطي",
    "ارسل",
)

SendMessages = Callable[..., list[OutgoingMessage]]


@pytest.fixture
def talk(jordan: Jordan) -> UUID:
    return get_or_create_conversation(channel="messenger", person="7001", at=NOON)


def send_messages(talk: UUID, *lines: str | IncomingMessage, at: datetime = NOON) -> list[OutgoingMessage]:
    """Send the messages in order; return the replies to the last one."""
    replies: list[OutgoingMessage] = []
    for line in lines:
        replies = handle_message(
            conversation=talk,
            message=line if isinstance(line, IncomingMessage) else IncomingMessage(text=line),
            at=at,
        )
    return replies


def get_conversation(talk: UUID) -> Conversation:
    return Conversation.objects.get(pk=talk)


def get_draft(talk: UUID) -> Draft:
    return Draft.from_json(decrypt(get_conversation(talk).draft))


def test_seven_turns_lead_from_greeting_to_reference(talk: UUID) -> None:
    assert len(CONVERSATION_TEXTS) == 7
    replies = send_messages(talk, *CONVERSATION_TEXTS)
    case = Case.objects.get()
    assert case.reference in replies[0].text
    assert (case.channel, case.kind, replies[0].case_id) == ("messenger", "complaint", case.pk)
    assert replies[0].link
    assert replies[0].link.url.endswith(f"/c/{case.reference}")
    assert case.particulars.address == "شارع الشهيد وصفي التل، تلاع العلي"


def test_later_messages_do_not_submit_the_case_again(talk: UUID) -> None:
    send_messages(talk, *CONVERSATION_TEXTS, "ارسل", "نعم", IncomingMessage(choice="yes"), "ارسل")
    assert Case.objects.count() == 1


def test_repeated_key_is_processed_once(talk: UUID) -> None:
    send_messages(talk, *CONVERSATION_TEXTS[:-1])
    assert send_messages(talk, IncomingMessage(text="ارسل", key="m-1"))
    assert send_messages(talk, IncomingMessage(text="ارسل", key="m-1")) == []
    assert Case.objects.count() == 1
    send_messages(talk, *CONVERSATION_TEXTS[1:-1])
    assert (
        send_messages(talk, IncomingMessage(text="ارسل", key="m-1")) == []
    )  # also after the content was erased


def test_draft_is_empty_after_submission(talk: UUID) -> None:
    send_messages(talk, *CONVERSATION_TEXTS)
    assert bytes(get_conversation(talk).draft) == b""
    send_messages(talk, "شكوى")
    assert all(bytes(line.words) == b"" for line in Line.objects.filter(number__lte=15))


def test_content_is_stored_encrypted(talk: UUID) -> None:
    send_messages(talk, "شكوى", POTHOLE)
    kept = b"".join(bytes(line.words) for line in Line.objects.all()) + bytes(get_conversation(talk).draft)
    assert POTHOLE.encode() not in kept
    assert b"7001" not in bytes(get_conversation(talk).person) + bytes(get_conversation(talk).person_key)
    assert decrypt(get_conversation(talk).person) == "7001"
    assert get_draft(talk).text == POTHOLE


def test_text_about_corruption_is_not_stored(talk: UUID) -> None:
    file = create_upload()
    send_messages(talk, "شكوى", IncomingMessage(photos=(file,)))
    replies = send_messages(talk, IncomingMessage(text=BRIBE_TEXT, key="m-9"))
    assert replies[0].link
    assert "8001" in replies[0].link.url
    assert get_conversation(talk).gated_at == NOON
    assert all(BRIBE_TEXT not in (decrypt(line.words) or {}).get("text", "") for line in Line.objects.all())
    assert get_draft(talk).text == ""
    assert not Upload.objects.filter(pk=file).exists()
    assert send_messages(talk, IncomingMessage(text=BRIBE_TEXT, key="m-9")) == []
    assert Case.objects.count() == 0


def test_gated_message_without_text_gets_the_same_reply(talk: UUID) -> None:
    assert handle_gated_message(conversation=talk, key="m-3", at=NOON)[0].link
    assert handle_gated_message(conversation=talk, key="m-3", at=NOON) == []


def test_person_may_continue_after_declining_the_confidential_report(talk: UUID) -> None:
    send_messages(talk, BRIBE_TEXT, "طلب عادي", BRIBE_TEXT, "انتو", "تخطي", "تخطي", "ارسل")
    assert Case.objects.get().kind == "complaint"


def test_two_days_of_silence_erase_the_content(talk: UUID) -> None:
    send_messages(talk, "شكوى", POTHOLE)
    assert erase_expired_conversations(NOON + DAY) == 0
    assert erase_expired_conversations(NOON + 2 * DAY + HOUR) == 1
    assert erase_expired_conversations(NOON + 2 * DAY + HOUR) == 0
    assert bytes(get_conversation(talk).draft) == b""
    assert not Line.objects.exclude(words=b"").exists()
    assert "مضى يومان" in send_messages(talk, "1", at=NOON + 3 * DAY)[0].text


def test_expired_draft_is_dropped_before_the_erasure_job_runs(talk: UUID) -> None:
    send_messages(talk, "شكوى", POTHOLE)
    assert "مضى يومان" in send_messages(talk, "مرحبا", at=NOON + 3 * DAY)[0].text
    assert get_draft(talk).text == ""


def test_receipt_is_shown_for_an_hour(talk: UUID) -> None:
    send_messages(talk, *CONVERSATION_TEXTS)
    assert erase_expired_conversations(NOON + HOUR) == 0
    assert erase_expired_conversations(NOON + 2 * HOUR) == 1


def test_case_state_needs_the_access_code(talk: UUID, jordan: Jordan) -> None:
    case = jordan.submit()
    asked = send_messages(talk, f"وين طلبي {case.reference}")
    assert get_last_reference(asked) == ""
    assert "لا يفتح" in send_messages(talk, "1234567890")[0].text
    replies = send_messages(talk, case.access_code)
    assert case.reference in replies[0].text
    assert "أمانة عمان" in replies[0].text
    kept = [decrypt(line.words)["text"] for line in Line.objects.exclude(words=b"")]
    assert all(case.access_code not in text for text in kept)


def get_last_reference(replies: list[OutgoingMessage]) -> str:
    """Return the text of the receipt before the access code."""
    return "".join(say.text for say in replies if "أمانة" in say.text or "وصل:" in say.text)


def test_guessing_an_access_code_is_throttled(talk: UUID, jordan: Jordan) -> None:
    case = jordan.submit()
    send_messages(talk, f"وين طلبي {case.reference}", *["1234567890"] * 21)
    assert "انتظر" in send_messages(talk, case.access_code)[0].text


def test_officer_has_the_conversation_until_it_is_returned(talk: UUID) -> None:
    send_messages(talk, "شكوى", POTHOLE)
    assert send_messages(talk, "بدي احكي مع موظف")
    assert get_conversation(talk).wanted_at == NOON
    assert send_messages(talk, "وينكم؟") == []
    assert send_messages(talk, "رجوع")[0].choices
    assert get_conversation(talk).wanted_at is None
    assert get_draft(talk).text == POTHOLE


def test_corruption_is_not_stored_while_an_officer_has_the_conversation(talk: UUID) -> None:
    send_messages(talk, "موظف")
    assert send_messages(talk, BRIBE_TEXT)[0].link
    assert all(BRIBE_TEXT not in (decrypt(line.words) or {}).get("text", "") for line in Line.objects.all())


def test_refused_rate_limit_rolls_the_turn_back(talk: UUID) -> None:
    def full(_key: str) -> None:
        raise Refusal

    send_messages(talk, *CONVERSATION_TEXTS[:-1])
    lines, version = Line.objects.count(), get_conversation(talk).version
    with pytest.raises(Refusal):
        handle_message(
            conversation=talk, message=IncomingMessage(text="ارسل", key="k"), at=NOON, check_rate_limit=full
        )
    assert (Case.objects.count(), Line.objects.count(), get_conversation(talk).version) == (0, lines, version)
    assert send_messages(talk, IncomingMessage(text="ارسل", key="k"))[0].case_id


def test_number_of_lines_is_limited(talk: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bekhedmetkom.assistant.storage.MAX_LINES", 100)
    send_messages(talk, *["؟"] * 150)
    assert Line.objects.count() <= 151


def test_conversation_is_found_by_channel_and_person(talk: UUID) -> None:
    assert get_or_create_conversation(channel="messenger", person="7001", at=NOON) == talk
    assert get_or_create_conversation(channel="chat", person="7001", at=NOON) != talk
    send_messages(talk, "شكوى")
    seen = find_conversation("messenger", "7001")
    assert seen
    assert [line.speaker for line in seen.lines] == ["person", "platform"]


def test_files_are_attached_to_the_case(talk: UUID) -> None:
    file = create_upload()
    send_messages(talk, "شكوى", POTHOLE, "انتو", "تخطي", IncomingMessage(photos=(file,)), "ارسل")
    assert Case.objects.get().attachments.count() == 1
