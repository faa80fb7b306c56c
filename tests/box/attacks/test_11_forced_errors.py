"""Attack 11: whatever fails, no page, log record or email contains anything that was sent."""

import io
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client

from bekhedmetkom.config.logging_config import PrivacyFormatter
from bekhedmetkom.disclosures.installation import Installation
from bekhedmetkom.interfaces.box import errors
from tests.box.support.actors import get_only_report, log_in, send_message_as_officer, submit_report
from tests.box.support.plaintext_search import contains_text
from tests.mutations import check_with_mutations

CANARY = "عبارةالكناري CANARY-11"
D, B = "bekhedmetkom.disclosures", "bekhedmetkom.interfaces.box"
# Steps of each request; each may fail with the plain text in its message.
STEPS: dict[str, tuple[str, ...]] = {
    "send": (
        f"{D}.current_manifest.get_current_manifest", f"{B}.discloser.report_form.derive_keys",
        f"{D}.server_encryption.encryption.generate_report_key", f"{D}.outer_keys.generate_key",
        f"{D}.server_encryption.StreamEncryptor.write", f"{D}.server_encryption.StreamEncryptor.close",
        f"{D}.part_storage.PartWriter._store_piece", f"{D}.outer_keys.encrypt",
        f"{B}.discloser.report_form.ReportForm.is_valid", f"{B}.discloser.report_form.compute_fingerprint",
        f"{D}.encryption.encrypt_key_ring", f"{D}.encryption.encrypt_part", f"{D}.encryption.encrypt_identity",
        f"{D}.encryption.compute_anchor", f"{D}.commands.intake.outer_keys.store_key",
        f"{D}.commands.intake.lock_report_writes", f"{D}.commands.intake.shuffle_reports_of_day",
        f"{B}.discloser.report_form.encrypt_token", f"{B}.discloser.report_form.render",
    ),
    "words": (
        f"{B}.discloser.receipt_login.derive_keys", f"{B}.discloser.receipt_login.session_cookies.set_cookie",
        f"{B}.discloser.receipt_login.redirect", f"{B}.discloser.forms.fold_words",
    ),
    "talk": (
        f"{D}.queries.conversation.get_decoy_lookup", f"{D}.queries.conversation.unwrap_report",
        f"{D}.part_storage.read_part", f"{D}.encryption.is_anchor_valid", f"{D}.encryption.decrypt_part",
        f"{B}.discloser.conversation.render",
    ),
    "answer": (
        f"{D}.server_encryption.get_report", f"{D}.encryption.is_anchor_valid",
        f"{D}.current_manifest.get_current_manifest", f"{D}.server_encryption.StreamEncryptor.write",
        f"{D}.part_storage.store_part", f"{B}.discloser.conversation.MessageForm.is_valid",
        f"{D}.commands.messages.save_state", f"{B}.discloser.conversation.redirect",
    ),
    "file": (
        f"{D}.queries.conversation.get_report", f"{D}.encryption.decrypt_part",
        f"{B}.discloser.conversation.content_disposition_header",
    ),
}  # fmt: skip


class Scenario:
    """A report that the Commission has answered, and a client that is logged in with its receipt."""

    def __init__(self) -> None:
        self.visitor = Client(raise_request_exception=False)
        self.words = submit_report(Client(), CANARY)
        report = get_only_report()
        send_message_as_officer(report.report.id, CANARY, (f"{CANARY}.txt", CANARY.encode()))
        self.file = get_only_report().state.turns[1].parts[1].id
        log_in(self.visitor, self.words)

    def send_request(self, what: str) -> Any:
        """Send one request with plain text wherever it can contain any."""
        file = SimpleUploadedFile(f"{CANARY}.txt", CANARY.encode() * 9)
        match what:
            case "send":
                form = {"text": CANARY, "identity": "yes", "name": CANARY, "phone": "1", "files": file}
                return self.visitor.post("/send", form)
            case "words":
                return self.visitor.post("/words", {"words": " ".join(self.words)})
            case "talk":
                return self.visitor.get("/talk")
            case "answer":
                return self.visitor.post("/talk", {"text": CANARY, "turn": 2, "files": file})
            case _:
                return self.visitor.get(f"/talk/1/1/{self.file}")


@pytest.fixture
def log() -> Any:
    """What the box's log would contain, with its own formatter."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    formatter = configured.LOGGING["formatters"]["plain"]
    handler.setFormatter(PrivacyFormatter(formatter["format"]))
    root = logging.getLogger()
    root.addHandler(handler)
    yield out
    root.removeHandler(handler)


def build_failing(what: Exception) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> Any:
        raise what

    return fail


@pytest.mark.parametrize("what", STEPS)
def test_errors_reveal_nothing_that_was_sent(
    what: str, box: Installation, log: io.StringIO, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = Scenario()
    secrets = (CANARY, " ".join(scenario.words))

    def promise() -> None:
        for step in STEPS[what]:
            for fault in (
                RuntimeError(CANARY, scenario.words),
                OperationalError(CANARY),
                ValueError(" ".join(scenario.words)),
            ):
                log.truncate(0)
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(step, build_failing(fault))
                    answer = scenario.send_request(what)
                assert answer.status_code in (400, 404, 409, 422, 500, 503), (step, answer.status_code)
                if answer.status_code not in (409, 422):  # a rejected form contains its own input
                    assert not contains_text(answer.content, secrets), step
                assert not contains_text(log.getvalue().encode(), secrets), step
        assert mailoutbox == []

    def quote_error(request: HttpRequest) -> HttpResponse:
        import sys

        logging.getLogger("box").error("a fault: %s", sys.exc_info()[1])
        return HttpResponse(str(sys.exc_info()[1]), status=500)

    def quote_errors(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(errors.show_server_error, "__code__", quote_error.__code__)

    check_with_mutations(promise, {"the page and the log quote the fault": quote_errors})
