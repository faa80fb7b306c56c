"""What a body's own system says of a case is a proposal: the officer reads it, and may begin the reply with it."""

from collections.abc import Callable

from bekhedmetkom.cases.journal import Change, record
from bekhedmetkom.cases.rules.states import EventType
from bekhedmetkom.kernel.actor import CLOCK, Actor
from tests.personas import HOUR, NOON, Jordan

from ..conftest import Desk

Sits = Callable[[Actor], Desk]
SYSTEM_TEXT = "رُدمت الحفرة يوم الأحد"


def test_what_the_system_says_begins_the_reply_and_is_never_sent_by_itself(
    jordan: Jordan, sits: Sits
) -> None:
    case = jordan.create_assigned_case()
    act = Change(EventType.SYSTEM_SAID, {"system": 1, "far_status": "closed"}, {"system": SYSTEM_TEXT})
    record(case=case.pk, seen=None, actor=CLOCK, at=NOON + HOUR, decide=lambda _: act)
    desk = sits(jordan.roads_officer)
    page = desk.open_case(case).content.decode()
    assert page.count(SYSTEM_TEXT) == 2, "above, and in the journal"
    assert 'name="begin" value="system"' in page
    begun = desk.submit(case, "answer", use="answer", begin="system").content.decode()
    assert f"{SYSTEM_TEXT}</textarea>" in begun
    case.refresh_from_db()
    assert case.state == "assigned"
