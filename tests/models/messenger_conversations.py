"""Talks in which everything occurs that Messenger's webhook brings: what each person says, step by step."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from tests.fakes import messenger_events
from tests.fakes.messenger_events import (
    LOCATION,
    LOCATION_LINK,
    STICKER,
    build_attachments,
    build_image,
    build_postback,
    build_text,
)

Item = dict[str, Any]
_TYPING_DELAY = timedelta(milliseconds=150)  # between two messages that are typed one after the other
POTHOLE_TEXT = "في حفرة كبيرة بنص الشارع جنب المدرسة من أسبوعين وبتخرب السيارات"
BRIBE_TEXT = "الموظف طلب مني رشوة خمسين دينار حتى يمشي المعاملة"


class Speaker(NamedTuple):
    """Somebody who speaks now: each thing said has a name of its own, the same whenever it is posted again."""

    psid: str
    at: datetime
    step: int
    files: str  # where what they attach lies

    def text(self, text: str, payload: str = "", *, after: int = 0) -> Item:
        """Words, or the answer that was offered as `payload`."""
        more = {"quick_reply": {"payload": payload}} if payload else {}
        return build_text(text, self.at + after * _TYPING_DELAY, psid=self.psid, mid=self._mid(after), **more)

    def attachments(self, *attached: Item, after: int = 0, **more: Any) -> Item:
        """Files, a place, a sticker."""
        return build_attachments(
            list(attached), self.at + after * _TYPING_DELAY, psid=self.psid, mid=self._mid(after), **more
        )

    def postback(self, payload: str) -> Item:
        """A button or an item of the menu, which has no `mid`."""
        return build_postback(payload, self.at, psid=self.psid)

    def referral(self, ref: str) -> Item:
        """A link that leads to the talk."""
        return {
            **self.postback(""),
            "postback": {"payload": "", "referral": {"ref": ref, "source": "SHORTLINK"}},
        }

    def photo(self, name: str) -> Item:
        return build_image(f"{self.files}/{name}.jpg")

    def _mid(self, after: int) -> str:
        return f"m_{self.psid}_{self.step}_{after}"


Step = Callable[[Speaker], list[Item]]


def _press_button(payload: str) -> Step:
    return lambda who: [who.postback(payload)]


def _choose_reply(text: str, payload: str) -> Step:
    return lambda who: [who.text(text, payload)]


_START = _press_button("start")
_COMPLAINT = _choose_reply("شكوى", "kind:complaint")
_US = _choose_reply("وجّهوه أنتم", "to:us")
_SKIP = _choose_reply("تخطٍّ", "skip")
_SEND = _choose_reply("أرسل", "yes")


def _send_texts(*texts: str) -> Step:
    return lambda who: [who.text(text, after=number) for number, text in enumerate(texts)]


class Conversation(NamedTuple):
    """A talk; `cases`: how many come of it."""

    steps: Sequence[Step]
    cases: int = 0


CONVERSATIONS: Mapping[str, Conversation] = {
    "by buttons": Conversation(
        (
            _START,
            _COMPLAINT,
            _send_texts(POTHOLE_TEXT),
            _US,
            _send_texts("إربد الحي الشرقي قرب المسجد"),
            _SKIP,
            _SEND,
        ),
        1,
    ),
    "in one breath": Conversation(
        (
            _send_texts("مرحبا", "شكوى", POTHOLE_TEXT),
            _send_texts("انتو"),
            _send_texts("اربد", "تخطي"),
            _send_texts("ابعت"),
            _send_texts("شكرا"),
        ),
        1,
    ),
    "in English, with a place": Conversation(
        (
            _send_texts("hello"),
            _send_texts("I want to complain"),
            _send_texts("The street light in front of our house is broken"),
            _send_texts("you choose"),
            lambda who: [who.attachments(LOCATION)],
            _send_texts("skip"),
            _send_texts("send"),
        ),
        1,
    ),
    "in Arabizi, with a place as a link": Conversation(
        (
            _send_texts("mar7aba"),
            _send_texts("3ndi shakwa"),
            _send_texts("ma fi mayy mn osboo3 bel 7ara"),
            _send_texts("into"),
            lambda who: [who.attachments(LOCATION_LINK)],
            _send_texts("mafi soora"),
            _send_texts("eb3at"),
        ),
        1,
    ),
    "with photos": Conversation(
        (
            _COMPLAINT,
            _send_texts(POTHOLE_TEXT),
            _US,
            _send_texts("إربد"),
            lambda who: [who.attachments(who.photo("1"), who.photo("gone"), who.photo("moved"))],
            _SKIP,
            _SEND,
        ),
        1,
    ),
    "of corruption": Conversation(
        (
            _START,
            _send_texts(BRIBE_TEXT),
            _send_texts("مش عن فساد"),
            _send_texts("الشارع كله حفر ومطبات من سنة"),
            _send_texts("إلغاء"),
        )
    ),
    "that asks for a case": Conversation(
        (
            _send_texts("وين طلبي BK-7F3K-92MD"),
            _send_texts("1111111111"),
            _send_texts("نسيت الرمز"),
            lambda who: [who.referral("poster-7")],
        )
    ),
    "for a person": Conversation(
        (
            lambda who: [who.attachments(STICKER)],
            _send_texts("asdfgh"),
            _send_texts("qwerty"),
            _send_texts("وينكم"),
            _send_texts("رجوع"),
        )
    ),
    "of a change of mind": Conversation(
        (
            _COMPLAINT,
            _send_texts(POTHOLE_TEXT),
            _send_texts("رجوع"),
            _send_texts("الكهرباء مقطوعة عن حارتنا من يومين"),
            _US,
            _send_texts("بطلت"),
            lambda who: [who.postback("en")],
        )
    ),
}


def list_irrelevant_events(at: datetime) -> list[Item]:
    """What is posted too and is not said to us."""
    return messenger_events.list_irrelevant_events(at)


MALFORMED_BODIES: Sequence[bytes] = (
    b"{", b"[]", b'{"entry": 7}', b'{"object":"page","entry":[{"id":"1","messaging":[[],7,null]}]}',
    b'{"object":"page","entry":[{"messaging":[{"sender":{"id":{}},"message":{"mid":[],"text":7}}]}]}',
    b'{"object":"page","entry":[{"standby":[{"sender":{"id":"7"},"message":{"mid":"m_standby","text":"x"}}]}]}',
    b'{"object":"page","entry":[{"changes":[{"field":"feed","value":{"item":"post"}}]}]}',
)  # fmt: skip
