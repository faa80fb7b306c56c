"""The box's process with a promise broken on purpose: `BROKEN` names it. Nothing of this is in the code itself."""

import logging
import os
from importlib import import_module
from typing import Any

from bekhedmetkom.config.box_wsgi import application as application


def store_parts_unencrypted() -> None:
    """What is sealed is only framed."""
    from bekhedmetkom.disclosures.rules.frame import build_frame

    sealing: Any = import_module("bekhedmetkom.disclosures.encryption")
    sealing.sealed = lambda header, body, *, voice, to: build_frame(header, body, voice)


def store_rows_unencrypted() -> None:
    """With `plain_parts`: the database itself holds the words."""
    outer: Any = import_module("bekhedmetkom.disclosures.outer_keys")
    store_parts_unencrypted()
    outer.closed = lambda key, plain: bytes(plain)


def log_submitted_text() -> None:
    """The log says what was typed."""
    sending: Any = import_module("bekhedmetkom.interfaces.box.discloser.report_form")
    take_in = sending.Envelope.send_report

    def and_tell(self: Any, text: str, **more: Any) -> None:
        logging.getLogger("box").warning("received %s", text)
        take_in(self, text, **more)

    sending.Envelope.send_report = and_tell


def use_temporary_files() -> None:
    """Uploads lie on the disk while they come, as Django does it by itself."""
    from django.core.files.uploadhandler import TemporaryFileUploadHandler

    sending: Any = import_module("bekhedmetkom.interfaces.box.discloser.report_form")

    class Lying(TemporaryFileUploadHandler):
        too_large: list[str] = []
        too_many = no_room = False

        def __init__(self, envelope: Any):
            super().__init__()

        def drop(self) -> None:
            """As if."""

    sending.Encrypting = Lying


def shorten_stall_limit() -> None:
    """No promise is broken here: whoever stalls is cut after ten seconds, so that a test need not wait."""
    stalled: Any = import_module("bekhedmetkom.interfaces.box.background_threads")
    stalled.SECONDS, stalled.EVERY_SECONDS = 10, 0.5


def keep_stalled_connections() -> None:
    """Whoever stalls is waited for."""
    stalled: Any = import_module("bekhedmetkom.interfaces.box.background_threads")
    stalled.look = lambda before, now: before


BREAKINGS = {
    one.__name__: one
    for one in (
        store_rows_unencrypted,
        log_submitted_text,
        use_temporary_files,
        shorten_stall_limit,
        keep_stalled_connections,
    )
}

if name := os.environ.get("BROKEN"):
    BREAKINGS[name]()
