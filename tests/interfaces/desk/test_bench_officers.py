"""The officers of `bench officers` find their way about the desk: what they fill in and send goes through."""

from collections.abc import Callable
from random import Random

from bekhedmetkom.kernel.actor import Actor
from bench.officers.page_parser import COUNTS_LINK, find_actions, find_form, find_references
from tests.commands.cases.case_stages import ANSWER, create_assigned_case
from tests.interfaces.desk.conftest import Desk
from tests.personas import Jordan


def test_they_read_a_list_and_a_case_and_fill_in_its_forms(
    jordan: Jordan, sits: Callable[[Actor], Desk]
) -> None:
    case = create_assigned_case(jordan)
    desk = sits(jordan.main)
    listed = desk.open_list(queue="entity").content.decode()
    assert find_references(listed) == [case.reference]
    assert COUNTS_LINK.search(listed)
    for verb in ("note", "assign", "draft", "answer"):
        page, address = desk.open_case(case).content.decode(), f"/desk/cases/{case.reference}/{verb}"
        assert verb in find_actions(page, case.reference)
        form = find_form(page, address) or find_form(desk.open_form(case, verb).content.decode(), address)
        assert form
        assert desk.client.post(address, form.fill(ANSWER, Random(1))).status_code == 302
