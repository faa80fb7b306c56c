"""Talks in which everything occurs that Messenger's webhook brings: what each person says, step by step."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from tests.posts import PLACE, PLACE_AS_LINK, STICKER, image, passed_over, pressed, said, sent

Item = dict[str, Any]
_SOON = timedelta(milliseconds=150)  # between two messages that are typed one after the other
HOLE = "في حفرة كبيرة بنص الشارع جنب المدرسة من أسبوعين وبتخرب السيارات"
BRIBE = "الموظف طلب مني رشوة خمسين دينار حتى يمشي المعاملة"


class Speaker(NamedTuple):
    """Somebody who speaks now: each thing said has a name of its own, the same whenever it is posted again."""

    psid: str
    at: datetime
    step: int
    files: str  # where what they attach lies

    def says(self, text: str, payload: str = "", *, after: int = 0) -> Item:
        """Words, or the answer that was offered as `payload`."""
        more = {"quick_reply": {"payload": payload}} if payload else {}
        return said(text, self.at + after * _SOON, psid=self.psid, mid=self._mid(after), **more)

    def attaches(self, *attached: Item, after: int = 0, **more: Any) -> Item:
        """Files, a place, a sticker."""
        return sent(list(attached), self.at + after * _SOON, psid=self.psid, mid=self._mid(after), **more)

    def presses(self, payload: str) -> Item:
        """A button or an item of the menu, which has no `mid`."""
        return pressed(payload, self.at, psid=self.psid)

    def follows(self, ref: str) -> Item:
        """A link that leads to the talk."""
        return {
            **self.presses(""),
            "postback": {"payload": "", "referral": {"ref": ref, "source": "SHORTLINK"}},
        }

    def photo(self, name: str) -> Item:
        return image(f"{self.files}/{name}.jpg")

    def _mid(self, after: int) -> str:
        return f"m_{self.psid}_{self.step}_{after}"


Step = Callable[[Speaker], list[Item]]


def _press(payload: str) -> Step:
    return lambda who: [who.presses(payload)]


def _answer(text: str, payload: str) -> Step:
    return lambda who: [who.says(text, payload)]


_START = _press("start")
_COMPLAINT = _answer("شكوى", "kind:complaint")
_US = _answer("وجّهوه أنتم", "to:us")
_SKIP = _answer("تخطٍّ", "skip")
_SEND = _answer("أرسل", "yes")


def _say(*texts: str) -> Step:
    return lambda who: [who.says(text, after=number) for number, text in enumerate(texts)]


class Told(NamedTuple):
    """A talk; `cases`: how many come of it."""

    steps: Sequence[Step]
    cases: int = 0


TALKS: Mapping[str, Told] = {
    "by buttons": Told((
        _START, _COMPLAINT, _say(HOLE), _US, _say("إربد الحي الشرقي قرب المسجد"), _SKIP, _SEND), 1),
    "in one breath": Told((
        _say("مرحبا", "شكوى", HOLE), _say("انتو"), _say("اربد", "تخطي"), _say("ابعت"), _say("شكرا")), 1),
    "in English, with a place": Told((
        _say("hello"), _say("I want to complain"), _say("The street light in front of our house is broken"),
        _say("you choose"), lambda who: [who.attaches(PLACE)], _say("skip"), _say("send")), 1),
    "in Arabizi, with a place as a link": Told((
        _say("mar7aba"), _say("3ndi shakwa"), _say("ma fi mayy mn osboo3 bel 7ara"), _say("into"),
        lambda who: [who.attaches(PLACE_AS_LINK)], _say("mafi soora"), _say("eb3at")), 1),
    "with photos": Told((
        _COMPLAINT, _say(HOLE), _US, _say("إربد"),
        lambda who: [who.attaches(who.photo("1"), who.photo("gone"), who.photo("moved"))], _SKIP, _SEND), 1),
    "of corruption": Told((
        _START, _say(BRIBE), _say("مش عن فساد"), _say("الشارع كله حفر ومطبات من سنة"), _say("إلغاء"))),
    "that asks for a case": Told((
        _say("وين طلبي BK-7F3K-92MD"), _say("1111111111"), _say("نسيت الرمز"), lambda who: [who.follows("poster-7")])),
    "for a person": Told((
        lambda who: [who.attaches(STICKER)], _say("asdfgh"), _say("qwerty"), _say("وينكم"), _say("رجوع"))),
    "of a change of mind": Told((
        _COMPLAINT, _say(HOLE), _say("رجوع"), _say("الكهرباء مقطوعة عن حارتنا من يومين"), _US, _say("بطلت"),
        lambda who: [who.presses("en")])),
}  # fmt: skip


def beside(at: datetime) -> list[Item]:
    """What is posted too and is not said to us."""
    return passed_over(at)


ODD: Sequence[bytes] = (
    b"{", b"[]", b'{"entry": 7}', b'{"object":"page","entry":[{"id":"1","messaging":[[],7,null]}]}',
    b'{"object":"page","entry":[{"messaging":[{"sender":{"id":{}},"message":{"mid":[],"text":7}}]}]}',
    b'{"object":"page","entry":[{"standby":[{"sender":{"id":"7"},"message":{"mid":"m_standby","text":"x"}}]}]}',
    b'{"object":"page","entry":[{"changes":[{"field":"feed","value":{"item":"post"}}]}]}',
)  # fmt: skip
