"""The box's WSGI application with a promise broken on purpose: the variable `BROKEN` names the function."""

import logging
import os
from importlib import import_module
from typing import Any

from bekhedmetkom.config.box_wsgi import application as application


def store_parts_unencrypted() -> None:
    """Store parts framed but not encrypted."""
    from bekhedmetkom.disclosures.rules.frame import build_frame

    encryption: Any = import_module("bekhedmetkom.disclosures.encryption")
    encryption.encrypt_part = lambda header, body, *, voice, to: build_frame(header, body, voice)


def store_rows_unencrypted() -> None:
    """Store everything in plain text."""
    outer_keys: Any = import_module("bekhedmetkom.disclosures.outer_keys")
    store_parts_unencrypted()
    outer_keys.encrypt = lambda key, plain: bytes(plain)


def log_submitted_text() -> None:
    """Log the submitted text."""
    report_form: Any = import_module("bekhedmetkom.interfaces.box.discloser.report_form")
    submit_report = report_form.EncryptedTurn.submit_report

    def submit_and_log(self: Any, text: str, **more: Any) -> None:
        logging.getLogger("box").warning("received %s", text)
        submit_report(self, text, **more)

    report_form.EncryptedTurn.submit_report = submit_and_log


def use_temporary_files() -> None:
    """Write uploads to temporary files, as Django does by default."""
    from django.core.files.uploadhandler import TemporaryFileUploadHandler

    report_form: Any = import_module("bekhedmetkom.interfaces.box.discloser.report_form")

    class TemporaryFiles(TemporaryFileUploadHandler):
        too_large: list[str] = []
        too_many = is_full = False

        def __init__(self, encrypted_turn: Any):
            super().__init__()

        def discard(self) -> None:
            """As if."""

    report_form.ServerEncryptingUploadHandler = TemporaryFiles


def shorten_stall_limit() -> None:
    """Cut stalled connections after ten seconds, to keep tests short. This breaks no promise."""
    background_threads: Any = import_module("bekhedmetkom.interfaces.box.background_threads")
    background_threads.STALL_SECONDS, background_threads.WATCH_SECONDS = 10, 0.5


def keep_stalled_connections() -> None:
    """Never cut stalled connections."""
    background_threads: Any = import_module("bekhedmetkom.interfaces.box.background_threads")
    background_threads.cut_stalled_connections = lambda samples, at: samples


VARIANTS = {
    break_promise.__name__: break_promise
    for break_promise in (
        store_rows_unencrypted,
        log_submitted_text,
        use_temporary_files,
        shorten_stall_limit,
        keep_stalled_connections,
    )
}

if name := os.environ.get("BROKEN"):
    VARIANTS[name]()
