"""Presentation of steps: the dynamic part of a question, and messages cut to the channel's limits."""

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
DYNAMIC_PRESENTERS = frozenset({"options", "governorates"})  # presenters that add choices to the table's own
_MAX_SUMMARY_LENGTH = 300  # characters of the text in the summary


class StepPresentation(NamedTuple):
    """The question of a step; `draft` records what was shown."""

    question: BilingualText
    choices: tuple[BilingualChoice, ...]
    draft: Draft
    link: tuple[BilingualText, BilingualText] | None = None


@dataclass(frozen=True, slots=True)
class BilingualMessage:
    """A message in both languages."""

    text: BilingualText
    choices: tuple[BilingualChoice, ...] = ()
    link: tuple[BilingualText, BilingualText] | None = None
    case_id: UUID | None = None

    def in_language(self, language: str) -> OutgoingMessage:
        """Return the message in one language, cut to the limits of the channel."""
        return OutgoingMessage(
            truncate_text(self.text.in_language(language), MAX_MESSAGE_LENGTH),
            tuple(
                Choice(payload, truncate_text(title.in_language(language), MAX_TITLE_LENGTH))
                for payload, title in self.choices
            ),
            Link(*(words.in_language(language) for words in self.link)) if self.link else None,
            self.case_id,
        )


def truncate_text(text: str, limit: int) -> str:
    """Return the text cut to a number of characters, with an ellipsis."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def join_texts(*parts: BilingualText, by: str = "\n") -> BilingualText:
    """Join the texts that are not empty."""
    return BilingualText(*(by.join(filter(None, texts)) for texts in zip(*parts, strict=True)))


def present_step(step: str, draft: Draft, platform: PlatformProtocol) -> StepPresentation:
    """Return the question of a step with its dynamic parts."""
    row = STEPS[step]
    return PRESENTERS[row.presenter](StepPresentation(row.question, row.choices, draft), platform)


def _present_unchanged(presentation: StepPresentation, _platform: PlatformProtocol) -> StepPresentation:
    return presentation


def _present_options(presentation: StepPresentation, platform: PlatformProtocol) -> StepPresentation:
    """List the suggested bodies with reasons; after a published answer also offer to end."""
    if presentation.draft.answered:
        presentation = presentation._replace(choices=(*presentation.choices, _ENOUGH_CHOICE))
    options = presentation.draft.options or tuple(
        platform.suggest_destinations(presentation.draft.text, presentation.draft)
    )
    draft = presentation.draft.with_changes(options=options)
    if not options:
        unknown = BilingualText(
            "لم نعرف الجهة من نصك. اكتب اسمها، أو دعنا نوجّهه نحن.",
            "We could not tell the body from your text. Write its name, or let us send it where it belongs.",
        )
        return StepPresentation(unknown, presentation.choices, draft)
    lines = [
        join_texts(
            BilingualText(*(f"{n}. {title}" for title in option.title)),
            BilingualText(*map(_parenthesise, option.reason)),
            by=" ",
        )
        for n, option in enumerate(options, 1)
    ]
    choices = tuple(
        BilingualChoice(f"to:{n}", BilingualText(f"{n}. {option.title.ar}", f"{n}. {option.title.en}"))
        for n, option in enumerate(options, 1)
    )
    return StepPresentation(
        join_texts(presentation.question, *lines), (*choices[: MAX_CHOICES - 2], *presentation.choices), draft
    )


def _isolate_digits(typed: str) -> BilingualText:
    """Isolate digits in Arabic, where groups would otherwise change places."""
    return BilingualText(f"\u2066{typed}\u2069" if typed else "", typed)


def _parenthesise(reason: str) -> str:
    return f"({reason.rstrip('.')})" if reason else ""


def _present_governorates(presentation: StepPresentation, platform: PlatformProtocol) -> StepPresentation:
    choices = tuple(BilingualChoice(f"gov:{code}", name) for code, name in platform.list_governorates())
    return StepPresentation(presentation.question, choices[:MAX_CHOICES], presentation.draft)


def _present_summary(presentation: StepPresentation, platform: PlatformProtocol) -> StepPresentation:
    """Show all answers and the preview date, and set the idempotency key."""
    draft = presentation.draft.with_changes(key=presentation.draft.key or platform.generate_key())
    preview = platform.preview_submission(draft)
    if preview.refusal:
        return StepPresentation(
            join_texts(preview.refusal, presentation.question), presentation.choices, draft
        )
    kind, text = KIND_LABELS[Kind(draft.kind)], truncate_text(draft.text, _MAX_SUMMARY_LENGTH)
    place = next(
        (name for code, name in platform.list_governorates() if code == draft.governorate),
        BilingualText("", ""),
    )
    where = [
        part
        for part in (draft.address, draft.lat and _isolate_digits(f"{draft.lat}, {draft.lng}").ar)
        if part
    ]
    rows = [
        _format_row(BilingualText("النوع", "Kind"), kind),
        _format_row(BilingualText("النص", "Text"), BilingualText(text, text)),
        _format_row(BilingualText("الجهة", "Body"), preview.body),
        _format_row(
            BilingualText("المكان", "Place"),
            join_texts(*(BilingualText(w, w) for w in where), place, by=" – "),
        ),
        _format_row(BilingualText("ملفات", "Files"), BilingualText(*[str(len(draft.photos) or "")] * 2)),
        _format_row(BilingualText("رقمك", "Your number"), _isolate_digits(draft.phone)),
        _format_row(BilingualText("الرد قبل", "Answer by"), preview.due),
    ]
    choices = tuple(
        choice for choice in presentation.choices if choice.payload != "edit-phone" or not draft.phone
    )
    return StepPresentation(join_texts(presentation.question, *rows), choices, draft)


def _format_row(name: BilingualText, value: BilingualText) -> BilingualText:
    return BilingualText(
        f"{name.ar}: {value.ar}" if value.ar else "", f"{name.en}: {value.en}" if value.en else ""
    )


def _present_confidential_link(
    presentation: StepPresentation, platform: PlatformProtocol
) -> StepPresentation:
    return presentation._replace(
        link=(platform.get_page_url("box"), BilingualText("البلاغ السري", "Confidential report"))
    )


PRESENTERS: Mapping[str, Callable[[StepPresentation, PlatformProtocol], StepPresentation]] = {
    "": _present_unchanged,
    "options": _present_options,
    "governorates": _present_governorates,
    "summary": _present_summary,
    "box": _present_confidential_link,
}

ROUTED_BY_PLATFORM = BilingualText("نجدها له نحن", "We find it")
