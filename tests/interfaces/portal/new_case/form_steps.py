"""Helpers that fill in the new-case form up to a step."""

from tests.personas import POTHOLE

from ..browser import Browser

BRIBE_TEXT = "موظف في البلدية طلب مني رشوة خمسين دينارًا ليمشّي المعاملة"


def go_to_destination(browser: Browser, kind: str = "complaint", text: str = POTHOLE) -> Browser:
    return browser.open(f"/new?kind={kind}").send(text=text)


def go_to_check(browser: Browser, **contact: str) -> Browser:
    go_to_destination(browser).send(to="GAM/-").send(governorate="GOV-AM", address="طبربور")
    return browser.send(**(contact or {"contact": "none"}))
