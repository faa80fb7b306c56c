"""An application whose every answer takes a while, and says which process gave it."""

import os
from collections.abc import Callable, Iterable
from time import sleep
from typing import Any

TAKES = 0.3


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    sleep(TAKES)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]
