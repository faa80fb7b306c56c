"""Environment of the box's tests: a temporary home folder, set before the settings are imported."""

import os
import tempfile
from pathlib import Path

import django

from bekhedmetkom.kernel.clock import get_local_date, now

IN_MEMORY = Path("/dev") / "shm"  # if it exists
HOME = Path(tempfile.mkdtemp(prefix="bkb-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None))
for name in [name for name in os.environ if name.startswith("BOX_")]:
    del os.environ[name]
for name in ("DATABASE_URL", "PORT", "LIVE_PORT"):
    os.environ.pop(name, None)
os.environ |= {
    "BK_HOME": str(HOME),
    "DEMO": "1",
    "DJANGO_SETTINGS_MODULE": "bekhedmetkom.config.box_settings",
}

django.setup()
del os.environ["DJANGO_SETTINGS_MODULE"]  # a worker of xdist would read its controller's home

TODAY = get_local_date(now())
