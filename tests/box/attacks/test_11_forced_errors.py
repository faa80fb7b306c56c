"""Attack 11: whatever fails, wherever it fails: no page, no log line and no letter holds a word of what was sent."""

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
# Each step that a report, an opening, an answer and a download go through; each may fail, with the words in its mouth.
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


class Walk:
    """A report that the Commission has answered, and a visitor who holds its words."""

    def __init__(self) -> None:
        self.visitor = Client(raise_request_exception=False)
        self.words = submit_report(Client(), CANARY)
        report = get_only_report()
        send_message_as_officer(report.report.id, CANARY, (f"{CANARY}.txt", CANARY.encode()))
        self.file = get_only_report().state.turns[1].parts[1].id
        log_in(self.visitor, self.words)

    def does(self, what: str) -> Any:
        """One request, with words in it wherever there can be any."""
        file = SimpleUploadedFile(f"{CANARY}.txt", CANARY.encode() * 9)
        match what:
            case "send":
                said = {"text": CANARY, "identity": "yes", "name": CANARY, "phone": "1", "files": file}
                return self.visitor.post("/send", said)
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
    """What the box's own log would hold, written as its settings say."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    said = configured.LOGGING["formatters"]["plain"]
    handler.setFormatter(PrivacyFormatter(said["format"]))
    root = logging.getLogger()
    root.addHandler(handler)
    yield out
    root.removeHandler(handler)


def failing(what: Exception) -> Callable[..., Any]:
    def fails(*_: Any, **__: Any) -> Any:
        raise what

    return fails


@pytest.mark.parametrize("what", STEPS)
def test_nothing_that_fails_tells_a_word(
    what: str, box: Installation, log: io.StringIO, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = Walk()
    secrets = (CANARY, " ".join(walk.words))

    def promise() -> None:
        for step in STEPS[what]:
            for fault in (
                RuntimeError(CANARY, walk.words),
                OperationalError(CANARY),
                ValueError(" ".join(walk.words)),
            ):
                log.truncate(0)
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(step, failing(fault))
                    answer = walk.does(what)
                assert answer.status_code in (400, 404, 409, 422, 500, 503), (step, answer.status_code)
                if answer.status_code not in (409, 422):  # a form that comes back keeps what was typed
                    assert not contains_text(answer.content, secrets), step
                assert not contains_text(log.getvalue().encode(), secrets), step
        assert mailoutbox == []

    def quoting(request: HttpRequest) -> HttpResponse:
        import sys

        logging.getLogger("box").error("a fault: %s", sys.exc_info()[1])
        return HttpResponse(str(sys.exc_info()[1]), status=500)

    def broken(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(errors.show_server_error, "__code__", quoting.__code__)

    check_with_mutations(promise, {"the page and the log quote the fault": broken})
