"""How hard is a reply to read?"""

from collections.abc import Iterator

from bekhedmetkom.kernel.words import Words
from bekhedmetkom.language.empty import spoken
from bekhedmetkom.language.folding import words

from .findings import Code, Context, Finding, found, sentences

_LONGEST = 35  # words of a sentence
_TOO_LONG = Words("جملة طويلة. اقسمها إلى جملتين أو ثلاث.", "A long sentence. Make two or three of it.")
_PLAINER = Words(
    "عبارة رسمية ثقيلة. قلها كما تقولها لإنسان أمامك.",
    "Officialese. Say it as you would to somebody in front of you.",
)


def reading(text: str, _context: Context) -> Iterator[Finding]:
    """Sentences that are long or speak officialese."""
    for sentence in sentences(text):
        if len(words(sentence.text)) > _LONGEST:
            yield found(Code.LONG, _TOO_LONG, sentence)
        if "officialese" in spoken(sentence.text):
            yield found(Code.OFFICIALESE, _PLAINER, sentence)
