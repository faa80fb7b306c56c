"""How hard is a reply to read?"""

from collections.abc import Iterator

from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.language.boilerplate import find_concepts
from bekhedmetkom.language.normalisation import split_words

from .findings import Code, Context, Finding, found, sentences

_LONGEST = 35  # words of a sentence
_TOO_LONG = BilingualText(
    "جملة طويلة. اقسمها إلى جملتين أو ثلاث.", "A long sentence. Make two or three of it."
)
_PLAINER = BilingualText(
    "عبارة رسمية ثقيلة. قلها كما تقولها لإنسان أمامك.",
    "Officialese. Say it as you would to somebody in front of you.",
)


def reading(text: str, _context: Context) -> Iterator[Finding]:
    """Sentences that are long or speak officialese."""
    for sentence in sentences(text):
        if len(split_words(sentence.text)) > _LONGEST:
            yield found(Code.LONG, _TOO_LONG, sentence)
        if "officialese" in find_concepts(sentence.text):
            yield found(Code.OFFICIALESE, _PLAINER, sentence)
