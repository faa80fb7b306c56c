"""How hard is a reply to read?"""

from collections.abc import Iterator

from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.language.boilerplate import find_concepts
from bekhedmetkom.language.normalisation import split_words

from .findings import Finding, FindingCode, ReplyContext, build_finding, split_sentences

_MAX_SENTENCE_WORDS = 35  # words of a sentence
_LONG_SENTENCE = BilingualText(
    "جملة طويلة. اقسمها إلى جملتين أو ثلاث.", "A long sentence. Make two or three of it."
)
_OFFICIALESE = BilingualText(
    "عبارة رسمية ثقيلة. قلها كما تقولها لإنسان أمامك.",
    "Officialese. Say it as you would to somebody in front of you.",
)


def detect_hard_sentences(text: str, _context: ReplyContext) -> Iterator[Finding]:
    """Sentences that are long or speak officialese."""
    for sentence in split_sentences(text):
        if len(split_words(sentence.text)) > _MAX_SENTENCE_WORDS:
            yield build_finding(FindingCode.LONG, _LONG_SENTENCE, sentence)
        if "officialese" in find_concepts(sentence.text):
            yield build_finding(FindingCode.OFFICIALESE, _OFFICIALESE, sentence)
