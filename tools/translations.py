"""Maintain the translation catalogues (Arabic sentences with English translations) without gettext programs.

  python tools/translations.py update     extract the sentences of code and templates, keep translations
  python tools/translations.py set        read lines `ARABIC<TAB>ENGLISH`, plurals `ARABIC<TAB>ONE<TAB>MANY`
  python tools/translations.py set-ar     read lines `ARABIC<TAB>FORM0<TAB>…<TAB>FORM5`: the six Arabic plural forms
  python tools/translations.py missing    print untranslated sentences; exit code 1 if there are any
  python tools/translations.py compile    write the .mo files

The msgid is the Arabic sentence, so Arabic has entries for plurals only. A lock serialises changes.
"""

import fcntl
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent / "bekhedmetkom"
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None, "gettext_noop": None, "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip
PLURALS = {  # as Django's own catalogues have them
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 :"
    " n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;",
    "en": "nplurals=2; plural=(n != 1);",
}
LANGUAGES = tuple(PLURALS)


def get_po_file(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalogue(language: str) -> Catalog:
    """Return the catalogue on disk, or an empty one."""
    if not get_po_file(language).exists():
        return Catalog(locale=language)
    with get_po_file(language).open("rb") as source:
        return read_po(source, locale=language)


def write_catalogue(language: str, catalog: Catalog) -> None:
    """Write the catalogue sorted and without dates or line numbers, so that changes merge."""
    plain = Catalog(locale=language, header_comment="", fuzzy=False)
    for message in catalog:
        if message.id:
            plain.add(message.id, message.string, context=message.context, flags=message.flags - {"fuzzy"})
    out = io.BytesIO()
    write_po(out, plain, width=0, sort_output=True, omit_header=True)
    header = f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: {language}\\n"\n'
    header += f'"Plural-Forms: {PLURALS[language]}\\n"\n\n'
    get_po_file(language).parent.mkdir(parents=True, exist_ok=True)
    temporary = get_po_file(language).with_suffix(".po.new")
    temporary.write_bytes(header.encode() + out.getvalue())
    temporary.replace(get_po_file(language))


def list_sentences() -> Iterator[tuple[str | None, str | tuple[str, str]]]:
    """Yield (context, sentence or (singular, plural)) of code and templates."""
    patterns = ("*.py", "templates/**/*.html", "templates/**/*.txt")
    for file in sorted(file for pattern in patterns for file in ROOT.rglob(pattern)):
        text = file.read_text(encoding="utf-8")
        # Brackets round a template, for indentation means nothing in it.
        source = text if file.suffix == ".py" else f"({templatize(text, origin=str(file))}\n)"
        for _, function, arguments, _ in extract_python(io.BytesIO(source.encode()), KEYWORDS, [], {}):
            given = (arguments,) if isinstance(arguments, str) else arguments
            words = [word for word in given if isinstance(word, str)]
            context = words.pop(0) if "pgettext" in str(function) and words else None
            if "n" in str(function).split("gettext")[0] and len(words) >= 2:
                yield context, (words[0], words[1])
            elif words:
                yield context, words[0]


def update_catalogues() -> int:
    """Update both catalogues to the sentences of the code; unused ones are removed."""
    sentences = dict.fromkeys(list_sentences())
    for language in LANGUAGES:
        old, new = read_catalogue(language), Catalog(locale=language)
        for context, sentence in sentences:
            if language == "en" or isinstance(sentence, tuple):
                known = old.get(sentence, context)
                new.add(sentence, known.string if known else None, context=context)
        write_catalogue(language, new)
    return 0


def set_translations(language: str) -> int:
    """Read translations from standard input; unknown sentences are reported and refused."""
    catalog, refused = read_catalogue(language), 0
    for line in sys.stdin.read().splitlines():
        sentence, *forms = (part.replace("\\n", "\n") for part in line.split("\t"))
        message = next((m for m in catalog if sentence == (m.id[0] if m.pluralizable else m.id)), None)
        if message is None or len(forms) != (catalog.num_plurals if message.pluralizable else 1):
            print(f"not a sentence of the catalogue, or not its number of forms: {sentence}", file=sys.stderr)
            refused += 1
        else:
            message.string = tuple(forms) if message.pluralizable else forms[0]
    write_catalogue(language, catalog)
    return 1 if refused else 0


def list_untranslated(language: str) -> list[Message]:
    """Return the sentences without a translation in a language."""
    return [
        m
        for m in read_catalogue(language)
        if m.id and not all([m.string] if isinstance(m.string, str) else m.string or [""])
    ]


def print_missing() -> int:
    """Print sentences without a translation or without a catalogue entry."""
    lacking = [(language, m.id) for language in LANGUAGES for m in list_untranslated(language)]
    catalog = read_catalogue("en")
    lacking += [
        ("en", sentence)
        for context, sentence in dict.fromkeys(list_sentences())
        if not catalog.get(sentence, context)
    ]
    for language, sentence in lacking:
        shown = sentence if isinstance(sentence, str) else " / ".join(sentence)
        print(f"{language}\t{shown}".replace("\n", "\\n"))
    return 1 if lacking else 0


def compile_catalogues() -> int:
    """Write the changed .mo files for Django."""
    for language in LANGUAGES:
        binary = get_po_file(language).with_suffix(".mo")
        with binary.with_suffix(f".{os.getpid()}").open("wb") as out:
            write_mo(out, read_catalogue(language))
        binary.with_suffix(f".{os.getpid()}").replace(binary)
    return 0


@contextmanager
def lock_catalogues() -> Iterator[None]:
    with (ROOT / "locale" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


COMMANDS: dict[str, Callable[[], int]] = {
    "update": update_catalogues,
    "set": lambda: set_translations("en"),
    "set-ar": lambda: set_translations("ar"),
    "missing": print_missing,
    "compile": compile_catalogues,
}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    settings.configure()
    (ROOT / "locale").mkdir(exist_ok=True)
    with lock_catalogues():
        sys.exit(COMMANDS[sys.argv[1]]())
