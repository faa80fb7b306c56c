"""A browser without script: it follows links, fills in forms and presses buttons."""

from typing import Any

from bs4 import BeautifulSoup, Tag
from django.test import Client


class Browser:
    """One person's browser. `page`: the current page; `answer`: its response."""

    def __init__(self) -> None:
        self.client = Client()

    def open(self, address: str) -> "Browser":
        """Open a URL and follow redirects."""
        return self._see(self.client.get(address, follow=True))

    def send(self, button: str = "", *, form: str = "", **filled: str) -> "Browser":
        """Fill in a form and press a button.

        `form` is the end of the form's URL; the default is the main form. Without a button the first one is pressed.
        A choice is `name="value"`; other fields keep their value.
        """
        found = self._form(form)
        fields = {**_fields(found), **filled}
        if button:
            pressed = next(
                b for b in self._buttons(found) if button in (b.get("value"), b.get_text(strip=True))
            )
            if pressed.get("name"):
                fields[str(pressed["name"])] = str(pressed["value"])
            address = pressed.get("formaction") or found.get("action")
        else:
            address = found.get("action")
        path = str(address or self.path)
        return self._see(self.client.post(path, fields, follow=True))

    def _see(self, answer: Any) -> "Browser":
        self.answer = answer
        self.page = BeautifulSoup(answer.content, "html.parser")
        return self

    @property
    def path(self) -> str:
        """The URL of the page with its query."""
        request = self.answer.request
        return f"{request['PATH_INFO']}?{request['QUERY_STRING']}".removesuffix("?")

    @property
    def title(self) -> str:
        """The page's only main heading."""
        (heading,) = self.page.select("h1")
        return heading.get_text(" ", strip=True)

    @property
    def text(self) -> str:
        """The text of the page's main part."""
        main = self.page.select_one("main")
        assert main
        return main.get_text(" ", strip=True)

    @property
    def errors(self) -> list[str]:
        """The errors in the page's summary."""
        return [
            found.get_text(" ", strip=True)
            for found in self.page.select(".error-summary li, .error-summary p")
        ]

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page's form."""
        return {
            str(field["name"]): str(field.get("value", ""))
            for field in self._form("").select("input[type=hidden]")
        }

    def choices(self, name: str) -> list[str]:
        """Return the values of a question's choices."""
        return [str(choice["value"]) for choice in self.page.select(f"input[type=radio][name={name}]")]

    def _form(self, ending: str) -> Tag:
        forms = [
            form for form in self.page.select("main form") if str(form.get("action", "")).endswith(ending)
        ]
        return next((form for form in forms if form.get("id")), forms[0])

    def _buttons(self, form: Tag) -> list[Tag]:
        elsewhere = self.page.select(f"button[form={form['id']}]") if form.get("id") else []
        return [*form.select("button"), *elsewhere]


def _fields(form: Tag) -> dict[str, str]:
    """Return what a browser would send for the form as it stands."""
    fields = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name = str(field["name"])
        if field.name == "textarea":
            fields[name] = field.get_text().removeprefix("\n")
        elif field.name == "select":
            chosen = field.select_one("option[selected]")
            fields[name] = str(chosen["value"]) if chosen else ""
        elif field.get("type") not in ("radio", "checkbox") or field.has_attr("checked"):
            fields[name] = str(field.get("value", ""))
    return fields
