"""The box's process with a promise broken on purpose: `BROKEN` names it. Nothing of this is in the code itself."""

import logging
import os
from importlib import import_module
from typing import Any

from bekhedmetkom.config.box_wsgi import application as application


def plain_parts() -> None:
    """What is sealed is only framed."""
    from bekhedmetkom.disclosures.rules.padding import framed

    sealing: Any = import_module("bekhedmetkom.disclosures.sealing")
    sealing.sealed = lambda header, body, *, voice, to: framed(header, body, voice)


def no_outer_layer() -> None:
    """With `plain_parts`: the database itself holds the words."""
    outer: Any = import_module("bekhedmetkom.disclosures.outer")
    plain_parts()
    outer.closed = lambda key, plain: bytes(plain)


def talkative() -> None:
    """The log says what was typed."""
    sending: Any = import_module("bekhedmetkom.interfaces.box.sending")
    take_in = sending.Envelope.send_report

    def and_tell(self: Any, text: str, **more: Any) -> None:
        logging.getLogger("box").warning("received %s", text)
        take_in(self, text, **more)

    sending.Envelope.send_report = and_tell


def temporary_files() -> None:
    """Uploads lie on the disk while they come, as Django does it by itself."""
    from django.core.files.uploadhandler import TemporaryFileUploadHandler

    sending: Any = import_module("bekhedmetkom.interfaces.box.sending")

    class Lying(TemporaryFileUploadHandler):
        too_large: list[str] = []
        too_many = no_room = False

        def __init__(self, envelope: Any):
            super().__init__()

        def drop(self) -> None:
            """As if."""

    sending.Encrypting = Lying


def impatient() -> None:
    """No promise is broken here: whoever stalls is cut after ten seconds, so that a test need not wait."""
    stalled: Any = import_module("bekhedmetkom.interfaces.box.stalled")
    stalled.SECONDS, stalled.EVERY_SECONDS = 10, 0.5


def patient() -> None:
    """Whoever stalls is waited for."""
    stalled: Any = import_module("bekhedmetkom.interfaces.box.stalled")
    stalled.look = lambda before, now: before


BREAKINGS = {one.__name__: one for one in (no_outer_layer, talkative, temporary_files, impatient, patient)}

if name := os.environ.get("BROKEN"):
    BREAKINGS[name]()
