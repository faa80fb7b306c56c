"""What a step shows beside its question, and how a saying is put into one language and into its bounds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from bekhedmetkom.catalogue.rules import KIND_LABELS, Kind
from bekhedmetkom.kernel.text import BilingualText

from .draft import Draft
from .flow import STEPS, BilingualChoice
from .messages import MAX_CHOICES, MAX_MESSAGE_LENGTH, MAX_TITLE_LENGTH, Choice, Link, OutgoingMessage
from .platform_protocol import PlatformProtocol

_ENOUGH_CHOICE = BilingualChoice("enough", BilingualText("يكفيني الجواب", "The answer will do"))
DYNAMIC_PRESENTERS = frozenset({"options", "governorates"})  # what else is offered than the table's own
_MAX_SUMMARY_LENGTH = 300  # of what was written, on the last look at it


class StepPresentation(NamedTuple):
    """`draft` has what must be remembered of what was shown."""

    words: BilingualText
    offers: tuple[BilingualChoice, ...]
    draft: Draft
    link: tuple[BilingualText, BilingualText] | None = None


@dataclass(frozen=True, slots=True)
class BilingualMessage:
    """A message in both languages."""

    words: BilingualText
    offers: tuple[BilingualChoice, ...] = ()
    link: tuple[BilingualText, BilingualText] | None = None
    case: UUID | None = None

    def in_(self, language: str) -> OutgoingMessage:
        return OutgoingMessage(
            truncate_text(self.words.in_(language), MAX_MESSAGE_LENGTH),
            tuple(
                Choice(payload, truncate_text(title.in_(language), MAX_TITLE_LENGTH))
                for payload, title in self.offers
            ),
            Link(*(words.in_(language) for words in self.link)) if self.link else None,
            self.case,
        )


def truncate_text(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def join_texts(*parts: BilingualText, by: str = "\n") -> BilingualText:
    """Those that say something, one under the other."""
    return BilingualText(*(by.join(filter(None, said)) for said in zip(*parts, strict=True)))


def present_step(step: str, draft: Draft, world: PlatformProtocol) -> StepPresentation:
    """The question of a step with all that stands beside it."""
    row = STEPS[step]
    return PRESENTERS[row.shows](StepPresentation(row.asks, row.offers, draft), world)


def _present_unchanged(asked: StepPresentation, _world: PlatformProtocol) -> StepPresentation:
    return asked


def _present_options(asked: StepPresentation, world: PlatformProtocol) -> StepPresentation:
    """The bodies, numbered, each with why; and after a published answer, that it is enough."""
    if asked.draft.answered:
        asked = asked._replace(offers=(*asked.offers, _ENOUGH_CHOICE))
    options = asked.draft.options or tuple(world.options(asked.draft.text, asked.draft))
    draft = asked.draft.but(options=options)
    if not options:
        unknown = BilingualText(
            "لم نعرف الجهة من نصك. اكتب اسمها، أو دعنا نوجّهه نحن.",
            "We could not tell the body from your text. Write its name, or let us send it where it belongs.",
        )
        return StepPresentation(unknown, asked.offers, draft)
    lines = [
        join_texts(
            BilingualText(*(f"{n}. {title}" for title in option.title)),
            BilingualText(*map(_parenthesise, option.why)),
            by=" ",
        )
        for n, option in enumerate(options, 1)
    ]
    offers = tuple(
        BilingualChoice(f"to:{n}", BilingualText(f"{n}. {option.title.ar}", f"{n}. {option.title.en}"))
        for n, option in enumerate(options, 1)
    )
    return StepPresentation(
        join_texts(asked.words, *lines), (*offers[: MAX_CHOICES - 2], *asked.offers), draft
    )


def _isolate_digits(typed: str) -> BilingualText:
    """Isolated in Arabic, where signs and groups of digits would change places."""
    return BilingualText(f"\u2066{typed}\u2069" if typed else "", typed)


def _parenthesise(why: str) -> str:
    return f"({why.rstrip('.')})" if why else ""


def _present_governorates(asked: StepPresentation, world: PlatformProtocol) -> StepPresentation:
    offers = tuple(BilingualChoice(f"gov:{code}", name) for code, name in world.governorates())
    return StepPresentation(asked.words, offers[:MAX_CHOICES], asked.draft)


def _present_summary(asked: StepPresentation, world: PlatformProtocol) -> StepPresentation:
    """All of it once more, with the promised date, and the key that makes sending it twice harmless."""
    draft = asked.draft.but(key=asked.draft.key or world.new_key())
    promised = world.foreseen(draft)
    if promised.refused:
        return StepPresentation(join_texts(promised.refused, asked.words), asked.offers, draft)
    kind, text = KIND_LABELS[Kind(draft.kind)], truncate_text(draft.text, _MAX_SUMMARY_LENGTH)
    place = next(
        (name for code, name in world.governorates() if code == draft.governorate), BilingualText("", "")
    )
    where = [
        part
        for part in (draft.address, draft.lat and _isolate_digits(f"{draft.lat}, {draft.lng}").ar)
        if part
    ]
    rows = [
        _format_row(BilingualText("النوع", "Kind"), kind),
        _format_row(BilingualText("النص", "Text"), BilingualText(text, text)),
        _format_row(BilingualText("الجهة", "Body"), promised.body),
        _format_row(
            BilingualText("المكان", "Place"),
            join_texts(*(BilingualText(w, w) for w in where), place, by=" – "),
        ),
        _format_row(BilingualText("ملفات", "Files"), BilingualText(*[str(len(draft.photos) or "")] * 2)),
        _format_row(BilingualText("رقمك", "Your number"), _isolate_digits(draft.phone)),
        _format_row(BilingualText("الرد قبل", "Answer by"), promised.due),
    ]
    offers = tuple(o for o in asked.offers if o.payload != "edit-phone" or not draft.phone)
    return StepPresentation(join_texts(asked.words, *rows), offers, draft)


def _format_row(name: BilingualText, value: BilingualText) -> BilingualText:
    return BilingualText(
        f"{name.ar}: {value.ar}" if value.ar else "", f"{name.en}: {value.en}" if value.en else ""
    )


def _present_confidential_link(asked: StepPresentation, world: PlatformProtocol) -> StepPresentation:
    return asked._replace(link=(world.page("box"), BilingualText("البلاغ السري", "Confidential report")))


PRESENTERS: Mapping[str, Callable[[StepPresentation, PlatformProtocol], StepPresentation]] = {
    "": _present_unchanged,
    "options": _present_options,
    "governorates": _present_governorates,
    "summary": _present_summary,
    "box": _present_confidential_link,
}

ROUTED_BY_PLATFORM = BilingualText("نجدها له نحن", "We find it")
