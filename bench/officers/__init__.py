"""Two hundred officers at once, through the real HTTP server, with 10 seconds of thinking between two acts.

    bekhedmetkom bench officers --json [--cases 20000] [--seconds 60]

`profile` is the locust profile; it runs as a process of its own beside the platform. Each officer has signed in with a
password; what is measured begins when all have.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from secrets import token_urlsafe
from time import monotonic
from typing import Any

from bekhedmetkom.kernel.clock import AMMAN

from .. import PROJECT_ROOT, Options, platform_runner
from ..fixtures import ensure_database, wait_until_caught_up

DEFAULT_CASES = 20_000
OFFICER_COUNT = 200
DEFAULT_SECONDS = 60
SIGN_INS_PER_SECOND = 4  # a second, until all are at their desks
CPU_INTERVAL_SECONDS = 1.0  # seconds between two looks at what the processes have cost
MAX_RUN_SECONDS = 600  # seconds, for that and for what is measured
LOCUSTFILE = Path(__file__).with_name("locustfile.py")


def measure(options: Options) -> dict[str, Any]:
    """What the officers waited for, in milliseconds; `errors` is to be 0."""
    cases, seconds = options.cases or DEFAULT_CASES, options.seconds or DEFAULT_SECONDS
    home = options.home / str(cases)
    figures = ensure_database(home, cases)
    with platform_runner.run_platform(home, ADDRESS_BURST="100000000") as platform:
        wait_until_caught_up(platform)
        with platform_runner.use_database(platform.database_url):
            accounts = list(_create_accounts())
        found = _run_locust(platform, accounts, seconds)
        return figures | _build_figures(found) | {"web_mb": round(platform.read_memory_mb("web"))}


def _create_accounts() -> Iterator[dict[str, str]]:
    """A new password for each of so many officers who have a desk."""
    from bekhedmetkom.identity.commands import accept_invitation, invite_officer
    from bekhedmetkom.identity.models import Officer
    from bekhedmetkom.identity.rules import Role
    from bekhedmetkom.kernel.actor import CLOCK

    at = datetime.now(AMMAN)
    here = Officer.objects.filter(is_active=True).exclude(memberships__role=Role.ADMINISTRATOR).order_by("pk")
    for officer in here.distinct()[:OFFICER_COUNT]:
        password = token_urlsafe(12)
        accept_invitation(
            token=invite_officer(officer=officer.pk, actor=CLOCK, at=at), password=password, at=at
        )
        yield {"email": officer.email, "password": password}


def _run_locust(
    platform: platform_runner.RunningPlatform, accounts: list[dict[str, str]], seconds: int
) -> dict[str, Any]:
    given, got = platform.home / "officers.json", platform.home / "figures.json"
    given.touch(mode=0o600)
    given.write_text(json.dumps(accounts), "utf-8")
    got.unlink(missing_ok=True)
    ours = {"OFFICERS_ACCOUNTS": str(given), "OFFICERS_FIGURES": str(got), "OFFICERS_SECONDS": str(seconds),
            "PYTHONPATH": str(PROJECT_ROOT)}  # fmt: skip
    spent: list[tuple[float, float]] = []
    try:
        running = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "locust",
                "--locustfile",
                LOCUSTFILE,
                "--headless",
                "--host",
                platform.web,
                "--users",
                str(len(accounts)),
                "--spawn-rate",
                str(SIGN_INS_PER_SECOND),
                "--run-time",
                f"{MAX_RUN_SECONDS + seconds}s",
                "--only-summary",
                "--exit-code-on-error",
                "0",
            ],
            env=os.environ | ours,
            stdout=sys.stderr,
        )
        while running.poll() is None:
            spent.append((monotonic(), _sum_cpu(platform)))
            with suppress(subprocess.TimeoutExpired):
                running.wait(CPU_INTERVAL_SECONDS)
        found: dict[str, Any] = json.loads(got.read_text("utf-8"))
        if not found["began"]:
            raise SystemExit(f"Only {found['officers']} officers came in within {MAX_RUN_SECONDS} seconds.")
        return found | {"cpu": _get_cpu_at(spent, found["ended"]) - _get_cpu_at(spent, found["began"])}
    finally:
        given.unlink()


def _sum_cpu(platform: platform_runner.RunningPlatform) -> float:
    spent = platform.read_cpu_seconds()
    return spent["web"] + spent["database"]


def _get_cpu_at(spent: list[tuple[float, float]], moment: float) -> float:
    """What had been spent when it was last looked at before this moment."""
    return max((cpu for at, cpu in spent if at <= moment), default=0.0)


def _build_figures(found: dict[str, Any]) -> dict[str, Any]:
    taken = found["taken"]
    errors = Counter(f"{one['name']}: {one['error']}" for one in taken if one["error"])
    by_name: dict[str, list[float]] = {}
    for one in taken:
        by_name.setdefault(one["name"], []).append(one["ms"] / 1000)
    every = [seconds for times in by_name.values() for seconds in times]
    seconds = found["ended"] - found["began"]
    return {
        "officers": found["officers"],
        "requests": len(taken),
        "seconds": round(seconds),
        "cpu_ms": round(1000 * found["cpu"] / len(taken), 1),
        "cores": round(found["cpu"] / seconds, 2),
        **{f"{share}_ms": value for share, value in platform_runner.compute_percentiles(every).items()},
        "errors": sum(errors.values()),
        "which_errors": dict(errors.most_common(10)),
        "answers": found["answers"],
        "p95_ms_of": {
            name: platform_runner.compute_percentiles(times)["p95"]
            for name, times in sorted(by_name.items())
            if len(times) > 1
        },
    }
