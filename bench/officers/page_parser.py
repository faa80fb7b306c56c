"""What a person sees of a page of the desk: the cases on it, what can be done, and the forms to fill in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from random import Random

from bekhedmetkom.kernel.clock import get_local_date, now

REFERENCE_LINK = re.compile(r"/desk/cases/(BK-\w{4}-\w{4})")
NEXT_PAGE_LINK = re.compile(r'href="(\?[^"]+)" rel="next"')
COUNTS_LINK = re.compile(r'data-live="([^"]+)"')


@dataclass
class ParsedForm:
    """`given` is filled in already; `choices` and `empty` are the person's to fill in."""

    prefilled: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    empty: dict[str, str] = field(default_factory=dict)  # the sort of each field
    actions: set[str] = field(default_factory=set)

    def fill(self, words: str, chance: Random) -> dict[str, str]:
        """With words in every field for words, a day of next week, and one of each list of choices."""
        chosen = {name: chance.choice(values) for name, values in self.choices.items() if values}
        day = str(get_local_date(now()) + timedelta(days=2))
        typed = {name: day if sort == "date" else words for name, sort in self.empty.items()}
        return typed | chosen | self.prefilled


class _FormParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[ParsedForm] = []
        self._form: ParsedForm | None = None
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = ParsedForm()
            self.forms.append(self._form)
        if self._form is None:
            return
        self._form.actions |= {said[name] for name in ("action", "formaction") if name in said}
        if tag == "input" and said.get("name"):
            self._input(self._form, said)
        elif tag == "select":
            self._select = said.get("name", "")
        elif tag == "option" and self._select and said.get("value"):
            if "selected" in said:
                self._form.prefilled[self._select] = said["value"]
            self._form.choices.setdefault(self._select, []).append(said["value"])
        elif tag == "textarea":
            self._area = said.get("name", "")
            self._form.empty[self._area] = "text"

    def _input(self, form: ParsedForm, said: dict[str, str]) -> None:
        sort, name = said.get("type", "text"), said["name"]
        if sort == "radio":
            form.choices.setdefault(name, []).append(said.get("value", ""))
        elif sort in ("file", "checkbox", "submit"):
            return
        elif said.get("value") or sort == "hidden":
            form.prefilled[name] = said.get("value", "")
        else:
            form.empty[name] = sort

    def handle_data(self, data: str) -> None:
        if self._form and self._area and data.strip():
            self._form.empty.pop(self._area, None)
            self._form.prefilled[self._area] = data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def find_references(page: str) -> list[str]:
    """The references on a list, each once."""
    return sorted(set(REFERENCE_LINK.findall(page)))


def find_actions(page: str, reference: str) -> set[str]:
    """What the page of a case offers to do with it."""
    return set(re.findall(rf'/desk/cases/{reference}/([a-z-]+)"', page))


def find_form(page: str, address: str) -> ParsedForm | None:
    """The form that is sent to this address."""
    return next((form for form in _parse_forms(page) if address in form.actions), None)


def _parse_forms(page: str) -> Iterator[ParsedForm]:
    parser = _FormParser()
    parser.feed(page)
    yield from parser.forms
