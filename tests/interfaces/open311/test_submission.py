"""POST requests: whose key, what must be there, what is answered; and that it is the case that any door makes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from bekhedmetkom.cases.commands import SubmissionInProgress
from bekhedmetkom.cases.models import Attachment, Case, CaseText, Event, Particulars, PictureToFetch
from bekhedmetkom.cases.queries import find_case_by_code
from bekhedmetkom.cases.rules.case_state import STATE_COLUMNS
from bekhedmetkom.identity.models import ApiClient
from bekhedmetkom.kernel.formatting import format_date
from bekhedmetkom.kernel.references import parse_access_code
from bekhedmetkom.language.corruption import detect_corruption
from tests.commands.attachments.sample_files import jpeg
from tests.interfaces.api.api_client import ApiClient as Program
from tests.personas import DAY, HOUR, NOON, POTHOLE, Jordan

from .conftest import IDENTITY_SERVICE, PLACE_SERVICE, PUBLIC_SERVICE
from .georeport_client import GeoReportClient, create_api_key

COORDINATES = {"lat": "31.953912", "long": "35.910645"}
COMPLETE_FORM: dict[str, Any] = {"service_code": PLACE_SERVICE, "description": POTHOLE, **COORDINATES}
BRIBE = "موظف في البلدية طلب مني رشوة خمسين دينارًا ليمشّي المعاملة"

pytestmark = pytest.mark.usefixtures("services")


def submit_case(program: GeoReportClient, **form: Any) -> Case:
    (answer,) = program.parse_response(program.post(**COMPLETE_FORM | form))
    return Case.objects.get(reference=answer["service_request_id"])


def test_the_answer_has_an_id_a_notice_and_no_token(program: GeoReportClient) -> None:
    answer = program.post(**COMPLETE_FORM)
    (said,) = program.parse_response(answer)
    assert said.keys() == {"service_request_id", "service_notice", "account_id"}
    case = Case.objects.get(reference=said["service_request_id"])
    assert case.channel == "open311"
    assert answer.headers["Cache-Control"] == "no-store"
    code = parse_access_code(said["service_notice"].split()[-1].rstrip("."))
    assert code and find_case_by_code(case.reference, code) == case.pk
    assert format_date(case.due_at, "ar", year=True) in said["service_notice"], "a person reads it"


def test_all_that_was_sent_is_in_the_case(program: GeoReportClient) -> None:
    case = submit_case(
        program, first_name="سامر", last_name="عواد", phone="0791234567", email="samer@example.com",
        address_string="شارع الجامعة", device_id="d-1", account_id="a-1", attribute__GOVERNORATE="GOV-AM",
    )  # fmt: skip
    who = Particulars.objects.get(case=case)
    assert (who.name, who.phone, who.email) == ("سامر عواد", "+962791234567", "samer@example.com")
    assert (who.address, who.lat, who.lng) == ("شارع الجامعة", "31.953912", "35.910645")
    assert case.governorate and case.governorate.code == "GOV-AM"
    assert CaseText.objects.get(case=case, field="text").body == POTHOLE


def test_it_is_the_case_that_any_other_door_would_make(program: GeoReportClient, jordan: Jordan) -> None:
    said = Program().submit_case(
        text=POTHOLE, entity="GAM", service=PLACE_SERVICE, lat=31.953912, lng=35.910645, governorate="GOV-AM"
    )
    by_api = Case.objects.get(reference=said.json()["reference"])
    by_open311 = submit_case(program, attribute__GOVERNORATE="GOV-AM")
    own = {"reference", "channel"}
    for name in set(STATE_COLUMNS) - own:
        assert getattr(by_open311, name) == getattr(by_api, name), name
    events = [Event.objects.get(case=case).data for case in (by_api, by_open311)]
    aside = {"channel", "texts", "particulars"}
    assert {k: v for k, v in events[0].items() if k not in aside} == {
        k: v for k, v in events[1].items() if k not in aside
    }


@pytest.mark.parametrize(
    ("key", "scopes"), [("", None), ("made-up", None), ("own", ()), ("own", ("webhooks",))]
)
def test_without_a_key_for_it_nothing_is_brought(
    anyone: GeoReportClient, jordan: Jordan, key: str, scopes: tuple[str, ...] | None
) -> None:
    anyone.key = create_api_key(jordan, *scopes) if scopes is not None else key
    assert anyone.get_error_text(anyone.post(**COMPLETE_FORM), 403)
    assert not Case.objects.exists()


@pytest.mark.parametrize("scope", ["open311", "cases"])
def test_either_scope_will_do(anyone: GeoReportClient, jordan: Jordan, scope: str) -> None:
    anyone.key = create_api_key(jordan, scope)
    assert submit_case(anyone)


def test_a_revoked_programs_key_is_no_key(program: GeoReportClient) -> None:
    ApiClient.objects.update(revoked_at=NOON)
    assert program.get_error_text(program.post(**COMPLETE_FORM), 403)


def test_a_key_in_the_address_is_not_read(program: GeoReportClient) -> None:
    path = f"/open311/v2/requests.{program.format}?api_key={program.key}"
    assert program.get_error_text(program.client.post(path, COMPLETE_FORM), 403)


def test_a_program_has_its_quota(anyone: GeoReportClient, jordan: Jordan) -> None:
    anyone.key = create_api_key(jordan, "open311", per_hour=2)
    answers = [anyone.post(**COMPLETE_FORM | {"description": f"حفرة عميقة {n}"}) for n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
    assert anyone.get_error_text(answers[2], 429)


INVALID_FORMS: dict[str, tuple[dict[str, Any], str]] = {
    "no service": ({"service_code": ""}, "service_code"),
    "half a place": ({"long": ""}, "long"),
    "no place": ({"lat": "", "long": ""}, "lat, long"),
    "an address of a register that is not there": ({"lat": "", "long": "", "address_id": "7"}, "address_string"),
    "no degrees": ({"lat": "north"}, "lat"),
    "beyond the pole": ({"lat": "90.1"}, "lat"),
    "beyond the date line": ({"long": "-181"}, "long"),
    "no number": ({"lat": "NaN"}, "lat"),
    "too long": ({"description": "س" * 4001}, "description"),
    "no telephone": ({"phone": "12"}, "phone"),
    "no address of e-mail": ({"email": "a@"}, "email"),
    "not of the list": ({"attribute__GOVERNORATE": "GOV-XX"}, "attribute[GOVERNORATE]"),
    "no such kind": ({"kind": "violation"}, "kind"),
    "a picture of no address": ({"media_url": "file:///etc/passwd"}, "media_url"),
    "a picture of too long an address": ({"media_url": f"https://example.com/{'a' * 500}"}, "media_url"),
}  # fmt: skip


@pytest.mark.parametrize("name", INVALID_FORMS)
def test_what_is_missing_or_malformed_is_a_400_that_names_it(program: GeoReportClient, name: str) -> None:
    form, named = INVALID_FORMS[name]
    assert named in program.get_error_text(program.post(**COMPLETE_FORM | form), 400)
    assert not Case.objects.exists()


def test_an_unknown_service_is_a_404(program: GeoReportClient) -> None:
    assert program.get_error_text(program.post(**COMPLETE_FORM | {"service_code": "NO-SUCH"}), 404)


def test_all_that_is_wrong_is_said_at_once(program: GeoReportClient) -> None:
    said = program.get_error_text(program.post(**COMPLETE_FORM | {"lat": "x", "phone": "1"}), 400)
    assert "lat" in said and "phone" in said


def test_a_place_is_asked_only_where_the_service_is_about_one(program: GeoReportClient) -> None:
    assert submit_case(program, service_code=PUBLIC_SERVICE, lat="", long="")
    assert submit_case(program, lat="", long="", address_string="شارع الجامعة، قرب الدوار")


def test_a_service_may_need_to_know_who_asks(program: GeoReportClient) -> None:
    form = {"service_code": IDENTITY_SERVICE, "first_name": "سامر", "last_name": "عواد"}
    assert "الوطني" in program.get_error_text(program.post(**COMPLETE_FORM | form), 400)
    case = submit_case(program, **form, attribute__NATIONAL_NUMBER="9851234567")
    assert Particulars.objects.get(case=case).national_number == "9851234567"


def test_without_a_description_it_says_what_it_is_about(program: GeoReportClient) -> None:
    case = submit_case(program, description="")
    assert case.service and CaseText.objects.get(case=case, field="text").body == case.service.name_ar


def test_attributes_come_with_and_without_brackets(program: GeoReportClient) -> None:
    for name in ("attribute[GOVERNORATE]", "attribute[GOVERNORATE][]", "attribute[GOVERNORATE][0]"):
        case = submit_case(program, **{name: "GOV-AM"}, description=f"حفرة كبيرة {name}")
        assert case.governorate and case.governorate.code == "GOV-AM"


def test_the_kind_is_the_services_unless_it_is_said(program: GeoReportClient) -> None:
    assert submit_case(program).kind == "complaint"
    assert submit_case(program, kind="suggestion").kind == "suggestion"


def test_what_the_client_does_not_have_to_know_is_not_in_the_way(program: GeoReportClient) -> None:
    """As FixMyStreet sends it: more than is asked, and attributes of its own."""
    assert submit_case(
        program, jurisdiction_id="localhost", attribute__fixmystreet_id="17", attribute__easting="1", source="fms",
        media_url="", account_id="", address_id="", attribute__title="حفرة",
    )  # fmt: skip


def test_the_jurisdiction_stands_in_the_form_or_the_address(program: GeoReportClient) -> None:
    assert program.get_error_text(program.post(**COMPLETE_FORM, jurisdiction_id="sfgov.org"), 404)
    path = f"/open311/v2/requests.{program.format}?jurisdiction_id=sfgov.org"
    assert program.get_error_text(program.client.post(path, COMPLETE_FORM | {"api_key": program.key}), 404)
    assert not Case.objects.exists()


def test_corruption_is_shown_the_safer_way_and_kept_nowhere(program: GeoReportClient) -> None:
    assert detect_corruption(BRIBE)
    for field in ("description", "address_string"):
        said = program.get_error_text(program.post(**COMPLETE_FORM | {field: BRIBE}), 400)
        assert settings.BOX_URL in said
    assert not Case.objects.exists()
    assert submit_case(program, description=BRIBE, gate="declined")


def test_the_same_form_again_is_the_same_case(
    program: GeoReportClient, stands: Callable[[datetime], None]
) -> None:
    first = program.parse_response(program.post(**COMPLETE_FORM))
    stands(NOON + HOUR + timedelta(minutes=7))
    assert program.parse_response(program.post(**COMPLETE_FORM)) == first
    assert Case.objects.count() == 1
    assert submit_case(program, device_id="another").reference != first[0]["service_request_id"]
    stands(NOON + 2 * HOUR)
    assert submit_case(program).reference != first[0]["service_request_id"]


def test_another_programs_equal_form_is_another_case(program: GeoReportClient, jordan: Jordan) -> None:
    other = GeoReportClient(program.format, create_api_key(jordan, "open311"))
    assert submit_case(program) != submit_case(other)


def test_files_come_along_and_once(program: GeoReportClient) -> None:
    def send() -> Any:
        return program.post(**COMPLETE_FORM, media=SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg"))

    first = program.parse_response(send())
    assert program.parse_response(send()) == first
    (file,) = Attachment.objects.all()
    assert (file.media_type, file.from_citizen) == ("image/jpeg", True)


def test_a_file_that_is_none_is_refused_and_nothing_is_kept(program: GeoReportClient) -> None:
    file = SimpleUploadedFile("a.jpg", b"<html>", "image/jpeg")
    assert "media" in program.get_error_text(program.post(**COMPLETE_FORM, media=file), 400)
    assert not Case.objects.exists()


def test_a_picture_that_is_named_waits_for_the_worker(program: GeoReportClient) -> None:
    case = submit_case(program, media_url="https://example.com/hole.jpg")
    (waits,) = PictureToFetch.objects.all()
    assert (waits.case_id, waits.url) == (case.pk, "https://example.com/hole.jpg")
    assert "example.com" not in str(Event.objects.get(case=case).data)


def test_what_is_still_under_way_has_a_token_until_it_is_there(
    program: GeoReportClient, monkeypatch: pytest.MonkeyPatch, stands: Callable[[datetime], None]
) -> None:
    with monkeypatch.context() as patch:

        def waited(**_: Any) -> Any:
            raise SubmissionInProgress

        patch.setattr("bekhedmetkom.interfaces.open311.submission.commands.submit_case", waited)
        (said,) = program.parse_response(program.post(**COMPLETE_FORM))
        assert said["token"] and "service_request_id" not in said
    token = said["token"]
    assert program.parse_response(program.get(f"v2/tokens/{token}")) == [{"token": token}]
    case = submit_case(program)
    assert program.parse_response(program.get(f"v2/tokens/{token}")) == [
        {"service_request_id": case.reference, "token": token}
    ]
    assert program.get_error_text(program.get(f"v2/tokens/{token[:-8]}AAAAAAA="), 404)
    stands(NOON + HOUR + 2 * DAY)
    assert program.get_error_text(program.get(f"v2/tokens/{token}"), 404)


def test_what_is_no_form_is_refused_in_the_format(program: GeoReportClient) -> None:
    path = f"/open311/v2/requests.{program.format}"
    form, utf16 = "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-16"
    for body, kind, status in (
        (b"{}", "application/json", 403), (b"\xff", "multipart/form-data", 400), (b"a=b", utf16, 400),
        (b"a=" + b"b" * 300_000, form, 413), (b"&".join(b"f%d=x" % n for n in range(500)), form, 400),
    ):  # fmt: skip
        assert program.get_error_text(program.client.generic("POST", path, body, kind), status)
