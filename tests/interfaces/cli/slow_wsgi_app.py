"""An application whose every answer takes a while, and says which process gave it; each that begins leaves a mark."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from time import sleep
from typing import Any

RESPONSE_SECONDS = 0.3


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    with Path(os.environ["BEGUN"]).open("ab") as marks:
        marks.write(b".")
    sleep(RESPONSE_SECONDS)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]
