"""Files through the API: sent ahead, taken by a case or a message, seen at addresses that do not last."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from bekhedmetkom.attachments import rules
from bekhedmetkom.attachments.models import Upload
from bekhedmetkom.cases.models import Attachment, Case
from bekhedmetkom.kernel.actor import Actor
from tests.commands.attachments.sample_files import docx, find_secrets, jpeg, ogg, pdf
from tests.personas import HOUR, NOON, Jordan

from .api_client import ApiClient, get_problem_slug, list_error_fields, parse_problem
from .case_stages import create_assigned_case

BASE_URL = "http://testserver"
WORDS = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nwords, no file\r\n--x--'


def test_an_upload_is_answered_with_what_became_of_it(jordan: Jordan, anyone: ApiClient) -> None:
    answer = anyone.upload(jpeg(), name="IMG_2041.HEIC", media_type="text/html")
    assert answer.status_code == 201
    said = answer.json()
    assert set(said) == {"id", "name", "size", "media_type", "expires_at"}
    assert (said["name"], said["media_type"]) == ("IMG_2041.jpg", "image/jpeg")
    assert datetime.fromisoformat(said["expires_at"]) == NOON + HOUR + timedelta(hours=24)


def test_a_case_brings_its_files_and_shows_them_at_addresses_of_their_own(
    jordan: Jordan, anyone: ApiClient, settings: Settings
) -> None:
    settings.PUBLIC_URL = BASE_URL
    ids = [anyone.upload(content).json()["id"] for content in (jpeg(), pdf())]
    taken = anyone.submit_case(uploads=ids)
    assert taken.status_code == 201

    files = anyone.with_access_code(taken.json()).get(f"/cases/{taken.json()['reference']}").json()["files"]

    assert {file["id"] for file in files} == set(ids)
    for file in files:
        path = file["url"].removeprefix(BASE_URL)
        assert path.startswith("/files/")
        got: Any = anyone.client.get(path)
        assert got.status_code == 200
        assert find_secrets(b"".join(got.streaming_content)) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [(docx(), rules.OFFICE), (b"", None), (b"MZ\x90" + bytes(99), rules.UNKNOWN)],
)
def test_what_is_refused_says_why_in_both_languages(
    jordan: Jordan, anyone: ApiClient, content: bytes, words: Any
) -> None:
    answer = anyone.upload(content)
    assert (answer.status_code, list_error_fields(answer)) == (422, ["file"])
    if words:
        error = parse_problem(answer)["errors"][0]
        assert (error["message_ar"], error["message_en"]) == words
    assert not Upload.objects.exists()


def test_too_much_is_refused(jordan: Jordan, anyone: ApiClient) -> None:
    answer = anyone.upload(jpeg() + bytes(rules.MAX_FILE_BYTES))
    assert (answer.status_code, get_problem_slug(answer)) == (413, "too-large")
    answer = anyone.upload(bytes(rules.MAX_FILE_BYTES + 200_000))
    assert (answer.status_code, get_problem_slug(answer)) == (413, "too-large")


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{}", "application/json", 422),
        (b"", "multipart/form-data; boundary=x", 422),
        (b"--x\r\nContent-Dis", "multipart/form-data; boundary=x", 422),
        (b"x", "multipart/form-data", 400),
        (b"x", "multipart/form-data; boundary=\xff", 400),
        (WORDS, "multipart/form-data; boundary=x", 422),
    ],
)  # fmt: skip
def test_a_form_that_is_none_is_no_fault(
    jordan: Jordan, anyone: ApiClient, body: bytes, content_type: Any, status: int
) -> None:
    answer = anyone.client.generic("POST", "/api/v1/uploads", body, content_type=content_type)
    assert answer.status_code == status
    assert parse_problem(answer)


def test_two_files_at_once_are_one_too_many(jordan: Jordan, anyone: ApiClient) -> None:
    files = [SimpleUploadedFile(f"{n}.jpg", jpeg()) for n in range(2)]
    answer = anyone.client.post("/api/v1/uploads", {"file": files})
    assert (answer.status_code, list_error_fields(answer)) == (422, ["file"])


def test_a_busy_platform_says_when_to_come_back(
    jordan: Jordan, anyone: ApiClient, settings: Settings
) -> None:
    anyone.upload(jpeg())
    settings.UPLOADS_WAITING_BYTES = 1
    answer = anyone.upload(jpeg())
    assert (answer.status_code, get_problem_slug(answer)) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("given", [["x"], "x", [None], [str(uuid4())], [str(uuid4()) for _ in range(11)], {}])
def test_ids_that_are_none_refuse_the_case(jordan: Jordan, anyone: ApiClient, given: Any) -> None:
    answer = anyone.submit_case(uploads=given)
    assert answer.status_code == 422
    assert all(field.startswith("uploads") for field in list_error_fields(answer))
    assert not Case.objects.exists()


def test_files_are_added_to_a_case_with_its_code_alone(jordan: Jordan, anyone: ApiClient) -> None:
    sent = jordan.submit()
    photo = anyone.upload(jpeg()).json()["id"]
    path = f"/cases/{sent.reference}/attachments"
    assert anyone.post(path, {"uploads": [photo]}).status_code == 404
    assert list_error_fields(anyone.with_access_code(sent).post(path, {"uploads": []})) == ["uploads"]

    answer = anyone.with_access_code(sent).post(path, {"uploads": [photo]})

    assert answer.status_code == 200
    assert [file["id"] for file in answer.json()["files"]] == [photo]
    assert list_error_fields(anyone.with_access_code(sent).post(path, {"uploads": [photo]})) == [
        "uploads"
    ]  # it is used


def test_a_voice_message_alone_is_a_case_that_an_officer_writes_down(
    jordan: Jordan, anyone: ApiClient, of: Callable[[Actor], ApiClient]
) -> None:
    voice = anyone.upload(ogg(), name="voice.ogg").json()["id"]
    taken = anyone.submit_case(text="", uploads=[voice])
    assert taken.status_code == 201
    case = Case.objects.get(reference=taken.json()["reference"])
    main = of(jordan.main)
    seen = main.get(f"/desk/cases/{case.reference}").json()
    assert (seen["voice"], seen["text"], "transcribe" in seen["can"]) == (True, "", True)

    after = main.run_action(case, "transcribe", text="في حفرة قدام بيتي").json()

    assert (after["voice"], after["text"], "transcribe" in after["can"]) == (
        False,
        "في حفرة قدام بيتي",
        False,
    )


def test_no_words_and_no_voice_is_no_case(jordan: Jordan, anyone: ApiClient) -> None:
    assert list_error_fields(anyone.submit_case(text="")) == ["text"]
    assert list_error_fields(anyone.submit_case(text="", uploads=[anyone.upload(jpeg()).json()["id"]])) == [
        "text"
    ]


def test_an_officer_decides_what_the_citizen_sees(
    jordan: Jordan, anyone: ApiClient, of: Callable[[Actor], ApiClient]
) -> None:
    sent = jordan.submit()
    case = create_assigned_case(jordan, Case.objects.get(pk=sent.case))
    officer = of(jordan.roads_officer)
    photo = officer.upload(jpeg()).json()["id"]
    officer.run_action(case, "note", text="كشفنا على المكان", uploads=[photo])
    citizen = anyone.with_access_code(sent)
    assert citizen.get(f"/cases/{case.reference}").json()["files"] == []

    officer.run_action(case, "show", file=photo)

    assert [file["id"] for file in citizen.get(f"/cases/{case.reference}").json()["files"]] == [photo]
    assert Attachment.objects.get(pk=photo).shown
