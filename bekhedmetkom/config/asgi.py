"""The live process: server-sent events only."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bekhedmetkom.config.settings")
os.environ.setdefault("BK_PROCESS", "live")

import django


def _load_application() -> Any:
    django.setup()
    from bekhedmetkom.interfaces.live.app import LiveApplication  # apps are ready only now

    return LiveApplication()


application = _load_application()

__all__ = ["application"]
