"""A small platform for conversations: a few bodies, two governorates, one case."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from bekhedmetkom.assistant.rules.draft import DestinationOption, Draft
from bekhedmetkom.assistant.rules.platform_protocol import (
    RejectedSubmission,
    SimilarAnswer,
    SubmissionPreview,
    SubmittedCase,
)
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.language.corruption import detect_corruption
from bekhedmetkom.language.normalisation import fold_text

REFERENCE, CODE, GUESSED = (
    "BK-7F3K-92MD",
    "7294518340",
    "0000000003",
)  # the last code has had too many attempts
ROADS_OPTION = DestinationOption(
    "GAM/roads",
    BilingualText("أمانة عمان – شوارع", "GAM – roads"),
    BilingualText("ذكرتَ: حفرة.", "Hole."),
    is_about_place=True,
)
POWER_CUTS_OPTION = DestinationOption(
    "JEPCO/cuts", BilingualText("الكهرباء الأردنية – انقطاع", "JEPCO – cuts"), is_about_place=True
)
WATER_OPTION = DestinationOption("MIYA/", BilingualText("شركة مياهنا", "Miyahuna"))
SCHOOLS_OPTION = DestinationOption("MOE/", BilingualText("وزارة التربية والتعليم", "Ministry of Education"))
HEALTH_OPTION = DestinationOption("MOH/", BilingualText("وزارة الصحة", "Ministry of Health"))
PASSPORTS_OPTION = DestinationOption(
    "CSPD/passport",
    BilingualText("الأحوال المدنية – جواز", "Passports"),
    needs_identity=True,
    is_about_place=False,
)
OPTIONS_BY_TEXT = {
    ROADS_OPTION: ("حفر", "شارع", "الطريق", "pothole", "hole", "street", "road", "7of", "share3"),
    POWER_CUTS_OPTION: ("كهرب", "kahrab", "electric"),
    WATER_OPTION: ("مي ", "ماء", "mayy", "water"),
    PASSPORTS_OPTION: ("جواز", "passport"),
}  # fmt: skip
OPENING_HOURS_ANSWER = SimilarAnswer(
    "الدوام من الأحد إلى الخميس، 8 صباحًا إلى 3 عصرًا. " * 20,
    BilingualText("الأحوال المدنية · الأحد 1 تشرين الثاني 2026", "Civil Status · Sunday 1 November 2026"),
    BilingualText("https://here/answers/BK-2222-3333", "https://here/en/answers/BK-2222-3333"),
)  # fmt: skip
DUE_DATE = BilingualText("الأحد 6 كانون الأول", "Sunday 6 December")


@dataclass
class FakePlatform:
    """`PlatformProtocol` in memory; records what was submitted under which key."""

    sent: dict[str, Draft] = field(default_factory=dict)
    keys: int = 0

    def suggest_destinations(self, text: str, draft: Draft) -> list[DestinationOption]:
        said = fold_text(text)
        return [
            option
            for option, words in OPTIONS_BY_TEXT.items()
            if any(fold_text(word) in said for word in words)
        ][:3]

    def find_similar_answers(self, text: str) -> list[SimilarAnswer]:
        said = fold_text(text)
        return [OPENING_HOURS_ANSWER] if any(word in said for word in ("دوام", "dawam", "open on")) else []

    def search_bodies(self, text: str) -> list[DestinationOption]:
        words = fold_text(text).split()
        return [
            o
            for o in (HEALTH_OPTION, SCHOOLS_OPTION, WATER_OPTION)
            if words and all(w in fold_text(" ".join(o.title)) for w in words)
        ]

    def list_governorates(self) -> Sequence[tuple[str, BilingualText]]:
        return [("GOV-AM", BilingualText("عمّان", "Amman")), ("GOV-IR", BilingualText("إربد", "Irbid"))]

    def find_governorate(self, text: str) -> str:
        said = fold_text(text)
        towns = {"GOV-AM": ("عمان", "amman", "طبربور", "tabarbour"), "GOV-IR": ("اربد", "irbid")}
        return next((code for code, names in towns.items() if any(name in said for name in names)), "")

    def preview_submission(self, draft: Draft) -> SubmissionPreview:
        return SubmissionPreview(draft.to.title if draft.to else BilingualText("", ""), DUE_DATE)

    def generate_key(self) -> str:
        self.keys += 1
        return f"key-{self.keys:016d}"

    def submit(self, draft: Draft) -> SubmittedCase | RejectedSubmission:
        if draft.gate != "declined" and detect_corruption(draft.text):
            return RejectedSubmission(BilingualText("", ""), is_gated=True)
        assert draft.kind
        assert draft.text
        assert draft.key not in self.sent, "one draft is sent once"
        self.sent[draft.key] = draft
        return SubmittedCase(
            uuid4(), REFERENCE, CODE, draft.to.title if draft.to else BilingualText("", ""), DUE_DATE
        )

    def look_up_case(self, reference: str, code: str) -> BilingualText | int | None:
        if code == GUESSED:
            return 3
        opens = (reference, code) == (REFERENCE, CODE)
        return BilingualText(f"{reference}: قيد المعالجة", f"{reference}: In progress") if opens else None

    def get_page_url(self, name: str, reference: str = "") -> BilingualText:
        return BilingualText(f"https://here/{name}/{reference}", f"https://here/en/{name}/{reference}")


def create_photo_id() -> UUID:
    return uuid4()
