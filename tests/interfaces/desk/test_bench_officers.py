"""The officers of `bench officers` find their way about the desk: what they fill in and send goes through."""

from collections.abc import Callable
from random import Random

from bekhedmetkom.kernel.actor import Actor
from bench.officers.pages import COUNTS, cases_on, form_on, verbs_on
from tests.commands.cases.stages import ANSWER, assigned
from tests.interfaces.desk.conftest import Desk
from tests.personas import Jordan


def test_they_read_a_list_and_a_case_and_fill_in_its_forms(
    jordan: Jordan, sits: Callable[[Actor], Desk]
) -> None:
    case = assigned(jordan)
    desk = sits(jordan.main)
    listed = desk.queue(queue="entity").content.decode()
    assert cases_on(listed) == [case.reference]
    assert COUNTS.search(listed)
    for verb in ("note", "assign", "draft", "answer"):
        page, address = desk.case(case).content.decode(), f"/desk/cases/{case.reference}/{verb}"
        assert verb in verbs_on(page, case.reference)
        form = form_on(page, address) or form_on(desk.form(case, verb).content.decode(), address)
        assert form
        assert desk.client.post(address, form.filled(ANSWER, Random(1))).status_code == 302
