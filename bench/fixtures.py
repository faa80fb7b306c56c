"""Database and sample case that several benchmarks share."""

from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import psycopg

from . import platform_runner
from .platform_runner import RunningPlatform

SAMPLE_TEXT = (
    "الرصيف أمام مدرسة البنات في شارع الأمير حسن مكسور منذ ثلاثة أشهر، والطالبات يمشين في الشارع بين السيارات. "
    "اتصلنا بالبلدية مرتين ووعدونا بالإصلاح ولم يأتِ أحد. نرجو إصلاحه قبل أن تبدأ الأمطار، فالمكان يصبح بركة ماء "
    "ولا يستطيع أحد المرور. وشكرًا لكم على متابعتكم. الملاحظة رقم "
)
ENTITY_CODE, SERVICE_CODE, GOVERNORATE_CODE = "GAM", "GAM-002", "GOV-AM"
CATCH_UP_TIMEOUT_SECONDS = 600


def ensure_database(home: Path, cases: int) -> dict[str, Any]:
    """Create and verify the database with this many cases unless it exists; return the figures of that."""
    stamp = home / "made"
    if stamp.exists():
        return {"cases": cases}
    platform_runner.run_command(home, "prepare", DEMO="0")
    began = monotonic()
    platform_runner.run_command(home, "demo", "--cases", str(cases))
    filled = monotonic()
    platform_runner.run_command(home, "journal", "verify")
    verified = monotonic()
    stamp.touch()
    return {
        "cases": cases, "demo_s": round(filled - began), "demo_per_s": round(cases / (filled - began)),
        "verify_s": round(verified - filled), "verify_per_s": round(cases / (verified - filled)),
    }  # fmt: skip


def wait_until_caught_up(platform: RunningPlatform) -> None:
    """Wait until the sweep is done and no projection is behind. Raises `SystemExit` after ten minutes."""
    deadline = monotonic() + CATCH_UP_TIMEOUT_SECONDS
    with psycopg.connect(platform.database_url, autocommit=True) as connection:
        while monotonic() < deadline:
            late = connection.execute('SELECT count(*) FROM "case" WHERE look_at < now()').fetchone()
            if late and late[0] < 100 and httpx.get(f"{platform.web}/readyz").is_success:
                return
            sleep(1)
    raise SystemExit("The platform does not come to rest: is something else running?")
