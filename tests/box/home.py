"""A home of this process's own for the box's tests, set before its settings are read: now, and never again."""

import os
import tempfile
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="bkb-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))  # noqa: S108
for name in [name for name in os.environ if name.startswith("BOX_")]:
    del os.environ[name]
for name in ("DATABASE_URL", "PORT", "LIVE_PORT"):
    os.environ.pop(name, None)
os.environ |= {
    "BK_HOME": str(HOME),
    "DEMO": "1",
    "DJANGO_SETTINGS_MODULE": "bekhedmetkom.config.box_settings",
}

import django  # noqa: E402

django.setup()
del os.environ["DJANGO_SETTINGS_MODULE"]  # a worker of xdist would read its controller's home

from bekhedmetkom.kernel.clock import local_day, now  # noqa: E402

TODAY = local_day(now())
