"""The box's process with a promise broken on purpose: `BROKEN` names it. Nothing of this is in the code itself."""

import logging
import os
from typing import Any

from bekhedmetkom.config.box_wsgi import application as application


def plain_parts() -> None:
    """What is sealed is only framed."""
    from bekhedmetkom.disclosures import sealing
    from bekhedmetkom.disclosures.rules.padding import framed

    sealing.sealed = lambda header, body, *, voice, to: framed(header, body, voice)


def no_outer_layer() -> None:
    """With `plain_parts`: the database itself holds the words."""
    from bekhedmetkom.disclosures import outer

    plain_parts()
    outer.closed = lambda key, plain: bytes(plain)


def talkative() -> None:
    """The log says what was typed."""
    from bekhedmetkom.interfaces.box import sending

    take_in = sending.Envelope.send_report

    def and_tell(self: Any, text: str, **more: Any) -> None:
        logging.getLogger("box").warning("received %s", text)
        take_in(self, text, **more)

    sending.Envelope.send_report = and_tell  # type: ignore[method-assign]


def temporary_files() -> None:
    """Uploads lie on the disk while they come, as Django does it by itself."""
    from django.core.files.uploadhandler import TemporaryFileUploadHandler

    from bekhedmetkom.interfaces.box import sending

    class Lying(TemporaryFileUploadHandler):
        too_large: list[str] = []
        too_many = False

        def __init__(self, envelope: Any):
            super().__init__()

        def drop(self) -> None:
            """As if."""

    sending.Encrypting = Lying  # type: ignore[misc,assignment]


BREAKINGS = {one.__name__: one for one in (no_outer_layer, talkative, temporary_files)}

if name := os.environ.get("BROKEN"):
    BREAKINGS[name]()
