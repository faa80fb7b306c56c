"""What a step shows beside its question, and how a saying is put into one language and into its bounds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from bekhedmetkom.catalogue.rules import KIND_WORDS, Kind
from bekhedmetkom.kernel.words import Words

from .draft import Draft
from .flow import STEPS, Offer
from .talk import LONGEST_SAYING, LONGEST_TITLE, MOST_CHOICES, Choice, Link, Say
from .world import World

_ENOUGH = Offer("enough", Words("يكفيني الجواب", "The answer will do"))
CHANGING = frozenset({"options", "governorates"})  # what else is offered than the table's own
_SHORT_TEXT = 300  # of what was written, on the last look at it


class Shown(NamedTuple):
    """`draft` has what must be remembered of what was shown."""

    words: Words
    offers: tuple[Offer, ...]
    draft: Draft
    link: tuple[Words, Words] | None = None


@dataclass(frozen=True, slots=True)
class Saying:
    """A message in both languages."""

    words: Words
    offers: tuple[Offer, ...] = ()
    link: tuple[Words, Words] | None = None
    case: UUID | None = None

    def in_(self, language: str) -> Say:
        return Say(
            short(self.words.in_(language), LONGEST_SAYING),
            tuple(
                Choice(payload, short(title.in_(language), LONGEST_TITLE)) for payload, title in self.offers
            ),
            Link(*(words.in_(language) for words in self.link)) if self.link else None,
            self.case,
        )


def short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def joined(*parts: Words, by: str = "\n") -> Words:
    """Those that say something, one under the other."""
    return Words(*(by.join(filter(None, said)) for said in zip(*parts, strict=True)))


def shown(step: str, draft: Draft, world: World) -> Shown:
    """The question of a step with all that stands beside it."""
    row = STEPS[step]
    return SHOWS[row.shows](Shown(row.asks, row.offers, draft), world)


def _nothing(asked: Shown, _world: World) -> Shown:
    return asked


def _options(asked: Shown, world: World) -> Shown:
    """The bodies, numbered, each with why; and after a published answer, that it is enough."""
    if asked.draft.answered:
        asked = asked._replace(offers=(*asked.offers, _ENOUGH))
    options = asked.draft.options or tuple(world.options(asked.draft.text, asked.draft))
    draft = asked.draft.but(options=options)
    if not options:
        unknown = Words(
            "لم نعرف الجهة من نصك. اكتب اسمها، أو دعنا نوجّهه نحن.",
            "We could not tell the body from your text. Write its name, or let us send it where it belongs.",
        )
        return Shown(unknown, asked.offers, draft)
    lines = [
        joined(Words(*(f"{n}. {title}" for title in option.title)), Words(*map(_aside, option.why)), by=" ")
        for n, option in enumerate(options, 1)
    ]  # fmt: skip
    offers = tuple(
        Offer(f"to:{n}", Words(f"{n}. {option.title.ar}", f"{n}. {option.title.en}"))
        for n, option in enumerate(options, 1)
    )
    return Shown(joined(asked.words, *lines), (*offers[: MOST_CHOICES - 2], *asked.offers), draft)


def _digits(typed: str) -> Words:
    """Isolated in Arabic, where signs and groups of digits would change places."""
    return Words(f"\u2066{typed}\u2069" if typed else "", typed)


def _aside(why: str) -> str:
    return f"({why.rstrip('.')})" if why else ""


def _governorates(asked: Shown, world: World) -> Shown:
    offers = tuple(Offer(f"gov:{code}", name) for code, name in world.governorates())
    return Shown(asked.words, offers[:MOST_CHOICES], asked.draft)


def _summary(asked: Shown, world: World) -> Shown:
    """All of it once more, with the promised date, and the key that makes sending it twice harmless."""
    draft = asked.draft.but(key=asked.draft.key or world.new_key())
    promised = world.foreseen(draft)
    if promised.refused:
        return Shown(joined(promised.refused, asked.words), asked.offers, draft)
    kind, text = KIND_WORDS[Kind(draft.kind)], short(draft.text, _SHORT_TEXT)
    place = next((name for code, name in world.governorates() if code == draft.governorate), Words("", ""))
    where = [part for part in (draft.address, draft.lat and _digits(f"{draft.lat}, {draft.lng}").ar) if part]
    rows = [
        _row(Words("النوع", "Kind"), kind),
        _row(Words("النص", "Text"), Words(text, text)),
        _row(Words("الجهة", "Body"), promised.body),
        _row(Words("المكان", "Place"), joined(*(Words(w, w) for w in where), place, by=" – ")),
        _row(Words("ملفات", "Files"), Words(*[str(len(draft.photos) or "")] * 2)),
        _row(Words("رقمك", "Your number"), _digits(draft.phone)),
        _row(Words("الرد قبل", "Answer by"), promised.due),
    ]
    offers = tuple(o for o in asked.offers if o.payload != "edit-phone" or not draft.phone)
    return Shown(joined(asked.words, *rows), offers, draft)


def _row(name: Words, value: Words) -> Words:
    return Words(f"{name.ar}: {value.ar}" if value.ar else "", f"{name.en}: {value.en}" if value.en else "")


def _box(asked: Shown, world: World) -> Shown:
    return asked._replace(link=(world.page("box"), Words("البلاغ السري", "Confidential report")))


SHOWS: Mapping[str, Callable[[Shown, World], Shown]] = {
    "": _nothing, "options": _options, "governorates": _governorates, "summary": _summary, "box": _box,
}  # fmt: skip

FOUND_BY_US = Words("نجدها له نحن", "We find it")
