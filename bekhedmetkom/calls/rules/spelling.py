"""A reference and an access code as they are read out: sign by sign, with a word for each letter."""

from bekhedmetkom.kernel.references import PREFIX
from bekhedmetkom.kernel.words import Words

# Crockford's letters. Arabic: how the letter is called, and an English word that people in Jordan know it by.
_LETTERS = {
    "A": ("إيه", "America"), "B": ("بي", "Bravo"), "C": ("سي", "Canada"), "D": ("دي", "Delta"),
    "E": ("إي", "Egypt"), "F": ("إف", "France"), "G": ("جي", "Germany"), "H": ("إتش", "Hotel"),
    "J": ("جيه", "Jordan"), "K": ("كي", "Kuwait"), "M": ("إم", "Morocco"), "N": ("إن", "November"),
    "P": ("بي، مثل باكستان", "Pakistan"), "Q": ("كيو", "Qatar"), "R": ("آر", "Romeo"), "S": ("إس", "Syria"),
    "T": ("تي", "Tunisia"), "V": ("في", "Victor"), "W": ("دبليو", "Whiskey"), "X": ("إكس", "X-ray"),
    "Y": ("واي", "Yemen"), "Z": ("زد", "Zulu"),
}  # fmt: skip
_DIGITS = {
    "0": Words("صفر", "zero"), "1": Words("واحد", "one"), "2": Words("اثنان", "two"), "3": Words("ثلاثة", "three"),
    "4": Words("أربعة", "four"), "5": Words("خمسة", "five"), "6": Words("ستة", "six"), "7": Words("سبعة", "seven"),
    "8": Words("ثمانية", "eight"), "9": Words("تسعة", "nine"),
}  # fmt: skip


def spelled(sign: str) -> Words:
    """One sign, as it is said."""
    if sign in _DIGITS:
        return _DIGITS[sign]
    name, word = _LETTERS[sign]
    return Words(name, f"{sign} for {word}")


def spelled_reference(reference: str) -> list[list[tuple[str, Words]]]:
    """The eight signs in two groups of four; what all references begin with need not be said."""
    groups = reference.removeprefix(f"{PREFIX}-").split("-")
    return [[(sign, spelled(sign)) for sign in group] for group in groups]


def spelled_code(code: str) -> list[list[tuple[str, Words]]]:
    """The ten digits in five pairs, as people say numbers back."""
    return [[(sign, spelled(sign)) for sign in code[i : i + 2]] for i in range(0, len(code), 2)]
