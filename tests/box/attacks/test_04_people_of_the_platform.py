"""Attack 4: who has an office on the platform (administrator, minister, liaison officer, agent) has none here.

That the platform has no row, no address and no import of the box is `tests/meta/test_the_box_is_elsewhere.py`.
"""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern

from bekhedmetkom.disclosures.place import Place
from bekhedmetkom.interfaces.box import commission
from bekhedmetkom.interfaces.box.machine_urls import urlpatterns
from tests.box.people import only_report, sends
from tests.broken import holds

OPEN = {"challenge", "session", "healthz", "manifest", "sealed", "open", "answer", "file"}


def addresses() -> list[str]:
    """Every address behind which something of the Commission's lies."""
    report = str(only_report().report.id)
    guarded = [one for one in urlpatterns if isinstance(one, URLPattern) and one.name not in OPEN]
    return [
        "/" + str(one.pattern).replace("<uuid:report>", report).replace("<uuid:identifier>", str(uuid4()))
        for one in guarded
    ]


def test_nobody_of_the_platform_is_let_in_anywhere(box: Place, client: Client) -> None:
    sends(client)
    theirs = Client(raise_request_exception=False)
    for name in ("session", "__Host-session", "__Host-commission", "csrf", "__Host-box"):
        theirs.cookies[name] = "what-an-administrator-of-the-platform-has"

    def promise() -> None:
        found = addresses()
        assert len(found) >= 10
        for address in found:
            for answer in (theirs.get(address), theirs.post(address, {"turn": 1})):
                assert answer.status_code in (403, 404, 405), address
        assert theirs.get("/talk").status_code == 403

    def anybody(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(commission._Sessions, "whose", lambda sessions, token: "officer-1")

    holds(promise, {"any session will do": anybody})
