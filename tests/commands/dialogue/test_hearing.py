"""Talks through the house: what is kept, what is sent and how often, and what is gone."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest

from bekhedmetkom.attachments.models import Upload
from bekhedmetkom.cases.models import Case
from bekhedmetkom.dialogue.commands import conversation_of, forget, hear, hear_gated
from bekhedmetkom.dialogue.models import Conversation, Line
from bekhedmetkom.dialogue.queries import talk_of
from bekhedmetkom.dialogue.rules.draft import Draft
from bekhedmetkom.dialogue.rules.talk import Heard, Say
from bekhedmetkom.dialogue.sealing import opened
from bekhedmetkom.kernel.errors import Refused
from tests.personas import DAY, HOUR, NOON, POTHOLE, Jordan
from tests.uploads import upload

BRIBE = "الموظف طلب مني رشوة خمسين دينار حتى يمشي معاملتي"
PLAIN = ("مرحبا", "شكوى", POTHOLE, "وجهوه انتم", "شارع الشهيد وصفي التل، تلاع العلي", "تخطي", "ارسل")

Talking = Callable[..., list[Say]]


@pytest.fixture
def talk(jordan: Jordan) -> UUID:
    return conversation_of(channel="messenger", person="7001", at=NOON)


def said(talk: UUID, *lines: str | Heard, at: datetime = NOON) -> list[Say]:
    """Each in its turn; what is said to the last."""
    told: list[Say] = []
    for line in lines:
        told = hear(conversation=talk, heard=line if isinstance(line, Heard) else Heard(text=line), at=at)
    return told


def row(talk: UUID) -> Conversation:
    return Conversation.objects.get(pk=talk)


def draft(talk: UUID) -> Draft:
    return Draft.from_json(opened(row(talk).draft))


def test_seven_turns_from_greeting_to_reference(talk: UUID) -> None:
    assert len(PLAIN) == 7
    told = said(talk, *PLAIN)
    case = Case.objects.get()
    assert case.reference in told[0].text
    assert (case.channel, case.kind, told[0].case) == ("messenger", "complaint", case.pk)
    assert told[0].link
    assert told[0].link.url.endswith(f"/c/{case.reference}")
    assert case.particulars.address == "شارع الشهيد وصفي التل، تلاع العلي"


def test_a_case_is_sent_once_whatever_is_said_after_it(talk: UUID) -> None:
    said(talk, *PLAIN, "ارسل", "نعم", Heard(choice="yes"), "ارسل")
    assert Case.objects.count() == 1


def test_a_message_is_heard_once(talk: UUID) -> None:
    said(talk, *PLAIN[:-1])
    assert said(talk, Heard(text="ارسل", key="m-1"))
    assert said(talk, Heard(text="ارسل", key="m-1")) == []
    assert Case.objects.count() == 1
    said(talk, *PLAIN[1:-1])
    assert said(talk, Heard(text="ارسل", key="m-1")) == []  # also after everything said was erased


def test_after_it_was_sent_nothing_of_the_draft_is_left(talk: UUID) -> None:
    said(talk, *PLAIN)
    assert bytes(row(talk).draft) == b""
    said(talk, "شكوى")
    assert all(bytes(line.words) == b"" for line in Line.objects.filter(number__lte=15))


def test_words_lie_sealed(talk: UUID) -> None:
    said(talk, "شكوى", POTHOLE)
    kept = b"".join(bytes(line.words) for line in Line.objects.all()) + bytes(row(talk).draft)
    assert POTHOLE.encode() not in kept
    assert b"7001" not in bytes(row(talk).person) + bytes(row(talk).person_key)
    assert opened(row(talk).person) == "7001"
    assert draft(talk).text == POTHOLE


def test_a_text_of_corruption_is_kept_nowhere(talk: UUID) -> None:
    file = upload()
    said(talk, "شكوى", Heard(photos=(file,)))
    told = said(talk, Heard(text=BRIBE, key="m-9"))
    assert told[0].link
    assert "8001" in told[0].link.url
    assert row(talk).gated_at == NOON
    assert all(BRIBE not in (opened(line.words) or {}).get("text", "") for line in Line.objects.all())
    assert draft(talk).text == ""
    assert not Upload.objects.filter(pk=file).exists()
    assert said(talk, Heard(text=BRIBE, key="m-9")) == []
    assert Case.objects.count() == 0


def test_a_door_that_kept_nothing_of_it_says_the_same(talk: UUID) -> None:
    assert hear_gated(conversation=talk, key="m-3", at=NOON)[0].link
    assert hear_gated(conversation=talk, key="m-3", at=NOON) == []


def test_whoever_was_shown_the_safer_way_may_go_on(talk: UUID) -> None:
    said(talk, BRIBE, "طلب عادي", BRIBE, "انتو", "تخطي", "تخطي", "ارسل")
    assert Case.objects.get().kind == "complaint"


def test_two_days_of_silence_erase_it(talk: UUID) -> None:
    said(talk, "شكوى", POTHOLE)
    assert forget(NOON + DAY) == 0
    assert forget(NOON + 2 * DAY + HOUR) == 1
    assert forget(NOON + 2 * DAY + HOUR) == 0
    assert bytes(row(talk).draft) == b""
    assert not Line.objects.exclude(words=b"").exists()
    assert "مضى يومان" in said(talk, "1", at=NOON + 3 * DAY)[0].text


def test_two_days_of_silence_are_seen_also_where_nothing_was_swept(talk: UUID) -> None:
    said(talk, "شكوى", POTHOLE)
    assert "مضى يومان" in said(talk, "مرحبا", at=NOON + 3 * DAY)[0].text
    assert draft(talk).text == ""


def test_what_was_sent_is_shown_for_an_hour(talk: UUID) -> None:
    said(talk, *PLAIN)
    assert forget(NOON + HOUR) == 0
    assert forget(NOON + 2 * HOUR) == 1


def test_a_case_is_told_of_after_its_code_alone(talk: UUID, jordan: Jordan) -> None:
    case = jordan.submit()
    asked = said(talk, f"وين طلبي {case.reference}")
    assert jordan_gam(asked) == ""
    assert "لا يفتح" in said(talk, "1234567890")[0].text
    told = said(talk, case.access_code)
    assert case.reference in told[0].text
    assert "أمانة عمان" in told[0].text
    kept = [opened(line.words)["text"] for line in Line.objects.exclude(words=b"")]
    assert all(case.access_code not in text for text in kept)


def jordan_gam(told: list[Say]) -> str:
    """What of the case is said before the code."""
    return "".join(say.text for say in told if "أمانة" in say.text or "وصل:" in say.text)


def test_guessing_a_code_gets_slow(talk: UUID, jordan: Jordan) -> None:
    case = jordan.submit()
    said(talk, f"وين طلبي {case.reference}", *["1234567890"] * 21)
    assert "انتظر" in said(talk, case.access_code)[0].text


def test_a_person_has_the_talk_until_it_is_given_back(talk: UUID) -> None:
    said(talk, "شكوى", POTHOLE)
    assert said(talk, "بدي احكي مع موظف")
    assert row(talk).wanted_at == NOON
    assert said(talk, "وينكم؟") == []
    assert said(talk, "رجوع")[0].choices
    assert row(talk).wanted_at is None
    assert draft(talk).text == POTHOLE


def test_corruption_told_to_a_person_is_not_kept_either(talk: UUID) -> None:
    said(talk, "موظف")
    assert said(talk, BRIBE)[0].link
    assert all(BRIBE not in (opened(line.words) or {}).get("text", "") for line in Line.objects.all())


def test_what_a_door_refuses_undoes_the_whole_turn(talk: UUID) -> None:
    def full(_key: str) -> None:
        raise Refused

    said(talk, *PLAIN[:-1])
    lines, version = Line.objects.count(), row(talk).version
    with pytest.raises(Refused):
        hear(conversation=talk, heard=Heard(text="ارسل", key="k"), at=NOON, admit=full)
    assert (Case.objects.count(), Line.objects.count(), row(talk).version) == (0, lines, version)
    assert said(talk, Heard(text="ارسل", key="k"))[0].case


def test_ten_thousand_messages_fill_no_table(talk: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bekhedmetkom.dialogue.talking.MOST_LINES", 100)
    said(talk, *["؟"] * 150)
    assert Line.objects.count() <= 151


def test_a_talk_is_found_by_channel_and_person(talk: UUID) -> None:
    assert conversation_of(channel="messenger", person="7001", at=NOON) == talk
    assert conversation_of(channel="chat", person="7001", at=NOON) != talk
    said(talk, "شكوى")
    seen = talk_of("messenger", "7001")
    assert seen
    assert [line.whose for line in seen.lines] == ["person", "platform"]


def test_files_come_with_the_case(talk: UUID) -> None:
    file = upload()
    said(talk, "شكوى", POTHOLE, "انتو", "تخطي", Heard(photos=(file,)), "ارسل")
    assert Case.objects.get().attachments.count() == 1
