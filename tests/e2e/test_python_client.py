"""The Python client over real HTTP."""

from collections.abc import Iterator

import pytest
from bekhedmetkom_client import Client, Problem, new_key

from bekhedmetkom.cases.models import Case
from tests.e2e.conftest import Site
from tests.e2e.page_steps import TEXTS

pytestmark = pytest.mark.e2e


@pytest.fixture
def platform(site: Site) -> Iterator[Client]:
    with Client(site.address, language="en") as client:
        yield client


def test_a_case_is_brought_and_followed(platform: Client) -> None:
    assert {kind["code"] for kind in platform.kinds()["items"]} >= {"complaint", "praise"}
    key = new_key()
    taken = [
        platform.submit(
            {"kind": "complaint", "text": TEXTS["complaint"], "entity": "GAM"}, idempotency_key=key
        )
        for _ in range(2)
    ]
    assert taken[0]["reference"] == taken[1]["reference"] == Case.objects.get().reference
    reference, code = taken[0]["reference"], taken[0]["access_code"]
    case = platform.write(reference, {"text": "أمام مدرسة طبربور"}, x_access_code=code)
    assert case["seq"] == 2
    assert platform.case(reference, x_access_code=code)["entity"] == "GAM"
    assert platform.entities(q="أمانة", limit=1)["items"][0]["code"] == "GAM"


def test_what_is_refused(platform: Client) -> None:
    with pytest.raises(Problem) as wrong:
        platform.case("BK-0000-0000", x_access_code="0000000000")
    assert wrong.value.status == 404
    with pytest.raises(Problem) as invalid:
        platform.submit({"kind": "complaint", "text": ""}, idempotency_key=new_key())
    assert (invalid.value.status, invalid.value.errors[0]["field"]) == (422, "text")
    with pytest.raises(Problem) as unknown:
        platform.webhooks()
    assert unknown.value.status == 401
