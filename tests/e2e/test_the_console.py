"""The call centre's console in a browser: axe, small screens, and what its script does beside its forms."""

import pytest

from bekhedmetkom.calls import commands as calls
from bekhedmetkom.calls.models import Call, CallBack
from bekhedmetkom.calls.rules.events import CallEvent, Name
from bekhedmetkom.cases.commands import answer, confirm_contact
from bekhedmetkom.cases.models import Case
from bekhedmetkom.cases.rules.contact import Contact, Known
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.kernel.clock import now
from tests.e2e.conftest import Site, Visit
from tests.e2e.walks import sign_in
from tests.pages import check
from tests.personas import POTHOLE

pytestmark = pytest.mark.e2e
PHONE = "+962791234567"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_call_from_its_ringing_to_its_number(site: Site, visit: Visit, prefix: str) -> None:
    jordan, at = site.jordan, now()
    case = Case.objects.get(pk=jordan.submit(at=at).case)
    confirm_contact(case=case.pk, actor=jordan.citizen(case), at=at, known=Known(Contact.PHONE, PHONE))
    answer(
        case=case.pk,
        seen=2,
        text="أُصلحت الحفرة اليوم.",
        disposition=Disposition.UPHELD,
        actor=jordan.main,
        at=at,
    )
    CallBack.objects.create(case=case, seq=1, why="check", since=at, not_before=at)
    page = visit(size=(1440, 900))
    sign_in(page, "agent", prefix=prefix)
    page.goto(f"{prefix}/calls")
    check(page, "between two calls")
    calls.hear_event(call_id="one", event=CallEvent(now(), Name.NEW_CALL, PHONE, "in", ("21",), "national"))
    page.locator(".rings button").click()  # it came by itself
    page.wait_for_url(f"**{prefix}/calls/*")
    check(page, "a call")
    call = Call.objects.get()
    sent = calls.code_for(call=call.pk, actor=jordan.agent, at=now())
    page.locator("[name=digits]").fill(sent.code)
    page.locator("[name=way][value=digits]").click()
    page.locator(".own .link-btn").click()
    page.wait_for_selector(".case-read")
    page.locator(".seg label").nth(1).click()
    with page.expect_response("**/draft"):
        page.locator("[name=text]").last.fill(POTHOLE)
    page.locator("[name=to]").select_option(index=1)
    page.wait_for_selector("[data-foreseen]:not(:empty)")
    assert page.locator("[data-script] li").count() > 3
    check(page, "a call with a case open and another written")
    page.locator("[data-main]").click()
    page.wait_for_selector(".spell")
    check(page, "read out")
    page.locator("[name=wrap]").select_option("registered")
    page.locator("form[action$='/wrap'] button").click()
    page.wait_for_url(f"**{prefix}/calls")
    page.locator(f"form[action$='{prefix}/calls/back'] button").click()
    page.wait_for_url("**/calls/back/*")
    check(page, "a call-back")
