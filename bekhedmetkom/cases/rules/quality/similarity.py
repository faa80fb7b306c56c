"""Is a reply the one that its writer sent about another matter?"""

from collections.abc import Iterator
from functools import lru_cache

from bekhedmetkom.catalogue.rules import BLANK_PATTERN
from bekhedmetkom.kernel.text import BilingualText
from bekhedmetkom.language.boilerplate import CONCEPTS
from bekhedmetkom.language.normalisation import get_stem, split_words

from .findings import Finding, FindingCode, ReplyContext, build_finding

_SHINGLE_SIZE = 3  # words
_MIN_SHINGLES = 6  # that are the officer's own, or nothing is said of likeness
_MIN_SIMILARITY = 0.8
_DAY_WORDS = frozenset(split_words(CONCEPTS["when"]))
_SIMILAR_REPLY = BilingualText(
    "يكاد يطابق الرد على الطلب {reference}، وموضوعه مختلف.",
    "Nearly the same as the reply on {reference}, which is about something else.",
)
_Shingles = frozenset[tuple[str, ...]]


def detect_similar_reply(text: str, context: ReplyContext) -> Iterator[Finding]:
    """The reply, of another matter, that this one repeats; what comes from templates counts in neither."""
    common = frozenset().union(*map(_get_template_shingles, context.templates))
    own = _get_shingles(text) - common
    if len(own) < _MIN_SHINGLES:
        return
    others = [
        (past, _get_shingles(past.text) - common) for past in context.past if past.matter != context.matter
    ]
    past, share = max(
        ((past, _compute_similarity(own, runs)) for past, runs in others),
        key=lambda p: p[1],
        default=(None, 0),
    )
    if past and share >= _MIN_SIMILARITY:
        yield build_finding(FindingCode.ALIKE, _SIMILAR_REPLY.format(reference=past.reference))


_MIN_TEMPLATE_SHARE = 0.5


def is_based_on_template(text: str, template: str) -> bool:
    """Whether at least half of a template's runs of words stand in a reply."""
    runs = _get_template_shingles(template)
    return bool(runs) and len(runs & _get_shingles(text)) >= _MIN_TEMPLATE_SHARE * len(runs)


def _compute_similarity(one: _Shingles, other: _Shingles) -> float:
    """Twice what they have in common, of all that both have: 1 where they are the same."""
    return 2 * len(one & other) / (len(one) + len(other))


@lru_cache(maxsize=500)
def _get_shingles(text: str) -> _Shingles:
    """The runs of three stems in a text; any number or day is like any other."""
    roots = ["#" if word.isdigit() or word in _DAY_WORDS else get_stem(word) for word in split_words(text)]
    return frozenset(tuple(roots[at : at + _SHINGLE_SIZE]) for at in range(len(roots) - _SHINGLE_SIZE + 1))


@lru_cache(maxsize=500)
def _get_template_shingles(template: str) -> _Shingles:
    return frozenset().union(*map(_get_shingles, BLANK_PATTERN.split(template)))
