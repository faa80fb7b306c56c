"""The live process: server-sent events only."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bekhedmetkom.config.settings")
os.environ.setdefault("BK_PROCESS", "live")

from bekhedmetkom.interfaces.live.app import application

__all__ = ["application"]
