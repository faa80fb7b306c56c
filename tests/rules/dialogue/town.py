"""A small platform for talks: a few bodies, two governorates, one case that can be tracked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from bekhedmetkom.dialogue.rules.draft import Draft, Option
from bekhedmetkom.dialogue.rules.world import Answered, Foreseen, Sent, Stopped
from bekhedmetkom.kernel.words import Words
from bekhedmetkom.language.folding import fold
from bekhedmetkom.language.gate import speaks_of_corruption

REFERENCE, CODE, GUESSED = "BK-7F3K-92MD", "7294518340", "0000000003"  # the last: too many were tried
ROADS = Option(
    "GAM/roads", Words("أمانة عمان – شوارع", "GAM – roads"), Words("ذكرتَ: حفرة.", "Hole."), place=True
)
CUTS = Option("JEPCO/cuts", Words("الكهرباء الأردنية – انقطاع", "JEPCO – cuts"), place=True)
WATER = Option("MIYA/", Words("شركة مياهنا", "Miyahuna"))
SCHOOLS = Option("MOE/", Words("وزارة التربية والتعليم", "Ministry of Education"))
HEALTH = Option("MOH/", Words("وزارة الصحة", "Ministry of Health"))
PASSPORTS = Option(
    "CSPD/passport", Words("الأحوال المدنية – جواز", "Passports"), needs_identity=True, place=False
)
HEARD = {
    ROADS: ("حفر", "شارع", "الطريق", "pothole", "hole", "street", "road", "7of", "share3"),
    CUTS: ("كهرب", "kahrab", "electric"),
    WATER: ("مي ", "ماء", "mayy", "water"),
    PASSPORTS: ("جواز", "passport"),
}  # fmt: skip
HOURS = Answered(
    "الدوام من الأحد إلى الخميس، 8 صباحًا إلى 3 عصرًا. " * 20,
    Words("الأحوال المدنية · الأحد 1 تشرين الثاني 2026", "Civil Status · Sunday 1 November 2026"),
    Words("https://here/answers/BK-2222-3333", "https://here/en/answers/BK-2222-3333"),
)  # fmt: skip
DUE = Words("الأحد 6 كانون الأول", "Sunday 6 December")


@dataclass
class Town:
    """`rules.world.World`; remembers what was sent, under which key."""

    sent: dict[str, Draft] = field(default_factory=dict)
    keys: int = 0

    def options(self, text: str, draft: Draft) -> list[Option]:
        said = fold(text)
        return [option for option, words in HEARD.items() if any(fold(word) in said for word in words)][:3]

    def answers(self, text: str) -> list[Answered]:
        said = fold(text)
        return [HOURS] if any(word in said for word in ("دوام", "dawam", "open on")) else []

    def named(self, text: str) -> list[Option]:
        words = fold(text).split()
        return [
            o for o in (HEALTH, SCHOOLS, WATER) if words and all(w in fold(" ".join(o.title)) for w in words)
        ]

    def governorates(self) -> Sequence[tuple[str, Words]]:
        return [("GOV-AM", Words("عمّان", "Amman")), ("GOV-IR", Words("إربد", "Irbid"))]

    def governorate_in(self, text: str) -> str:
        said = fold(text)
        towns = {"GOV-AM": ("عمان", "amman", "طبربور", "tabarbour"), "GOV-IR": ("اربد", "irbid")}
        return next((code for code, names in towns.items() if any(name in said for name in names)), "")

    def foreseen(self, draft: Draft) -> Foreseen:
        return Foreseen(draft.to.title if draft.to else Words("", ""), DUE)

    def new_key(self) -> str:
        self.keys += 1
        return f"key-{self.keys:016d}"

    def submit(self, draft: Draft) -> Sent | Stopped:
        if draft.gate != "declined" and speaks_of_corruption(draft.text):
            return Stopped(Words("", ""), gated=True)
        assert draft.kind
        assert draft.text
        assert draft.key not in self.sent, "one draft is sent once"
        self.sent[draft.key] = draft
        return Sent(uuid4(), REFERENCE, CODE, draft.to.title if draft.to else Words("", ""), DUE)

    def look_up(self, reference: str, code: str) -> Words | int | None:
        if code == GUESSED:
            return 3
        opens = (reference, code) == (REFERENCE, CODE)
        return Words(f"{reference}: قيد المعالجة", f"{reference}: In progress") if opens else None

    def page(self, name: str, reference: str = "") -> Words:
        return Words(f"https://here/{name}/{reference}", f"https://here/en/{name}/{reference}")


def photo() -> UUID:
    return uuid4()
