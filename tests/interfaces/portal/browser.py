"""A browser without script: it follows links, fills in the form of the page it is on, and presses its buttons."""

from typing import Any

from bs4 import BeautifulSoup, Tag
from django.test import Client


class Browser:
    """What one person sees. `page` is the page they are on, `answer` how it came."""

    def __init__(self) -> None:
        self.client = Client()

    def open(self, address: str) -> "Browser":
        """Type an address, and follow wherever it leads."""
        return self._see(self.client.get(address, follow=True))

    def send(self, button: str = "", *, form: str = "", **filled: str) -> "Browser":
        """Fill in a form (the page's main one, or the one whose address ends with `form`) and press a button.

        Without a button, the one that continues. Choices are `name="value"`; what is not named stays as it is.
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
        """The address that the page came from, with its query."""
        request = self.answer.request
        return f"{request['PATH_INFO']}?{request['QUERY_STRING']}".removesuffix("?")

    @property
    def title(self) -> str:
        """The one heading that says where we are."""
        (heading,) = self.page.select("h1")
        return heading.get_text(" ", strip=True)

    @property
    def text(self) -> str:
        main = self.page.select_one("main")
        assert main
        return main.get_text(" ", strip=True)

    @property
    def errors(self) -> list[str]:
        """What the page says is wrong, as its summary lists it."""
        return [
            found.get_text(" ", strip=True)
            for found in self.page.select(".error-summary li, .error-summary p")
        ]

    @property
    def hidden(self) -> dict[str, str]:
        """What travels along with the page's form."""
        return {
            str(field["name"]): str(field.get("value", ""))
            for field in self._form("").select("input[type=hidden]")
        }

    def choices(self, name: str) -> list[str]:
        """The values of a question's answers."""
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
    """What a browser would send of a form as it stands."""
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
