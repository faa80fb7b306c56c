"""The sealed box: what a report and an opening cost, and how long a good receipt waits among 500 connections of bad.

The box alone, as `make run` starts it, in a home of its own. The attackers are another process: each connection sends
words that open nothing, without JavaScript, and sends the next as soon as it is answered or turned away; then the same
with look-up ids, as a script would.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import psutil

from bekhedmetkom.config.database.embedded_server import EmbeddedServer, create_box_database
from bekhedmetkom.config.installation import get_box_database_password
from bekhedmetkom.disclosures.rules.receipts import derive_keys
from bekhedmetkom.interfaces.cli.supervisor import COMMAND, build_box_command
from bench import Options
from bench.platform_runner import find_free_port, parse_box_words

CONNECTIONS = 500
REPETITIONS = 10
GOOD_RECEIPTS = 5  # good receipts during an attack, of which the slowest counts
SETTLE_SECONDS = 5
FILE_BYTES = 20 * 1024 * 1024 - 64 * 1024


def measure(options: Options) -> dict[str, Any]:
    """The figures of the contract, and those of the attack without JavaScript."""
    with run_box(options.home) as (url, process, server):
        words = send_report(url)
        submit = measure_cpu(process, server, lambda: send_report(url))
        opening = measure_cpu(process, server, lambda: open_report(url, words))
        figures = {
            "submit_cpu_s": submit,
            "open_cpu_s": opening,
            "rss_mb": measure_peak_memory(url, process, words),
        }
        lookup = derive_keys(words).lookup_id.hex()
        with run_attack(url, "words"):
            without = [open_report(url, words) for _ in range(GOOD_RECEIPTS)]
            scripted = [open_by_lookup(url, lookup) for _ in range(GOOD_RECEIPTS)]
        with run_attack(url, "open"):
            scripted += [open_by_lookup(url, lookup) for _ in range(GOOD_RECEIPTS)]
    return figures | {
        "good_receipt_ms_under_attack": round(1000 * max(scripted)),
        "good_receipt_without_javascript_ms_under_attack": round(1000 * max(without)),
        "connections": CONNECTIONS,
    }


@contextmanager
def run_box(home: Path) -> Iterator[tuple[str, psutil.Process, psutil.Process]]:
    """Its address, its process, and that of its database."""
    home.mkdir(parents=True, exist_ok=True)
    server, port = EmbeddedServer(home / "postgres"), find_free_port()
    server.start()
    known = {name: value for name, value in os.environ.items() if not name.startswith("BOX_")}
    environment = known | {"BK_HOME": str(home.absolute()), "BOX_PORT": str(port), "DEMO": "1"}
    try:
        create_box_database(server, get_box_database_password(home))
        subprocess.run([*COMMAND, "box", "prepare"], env=environment, check=True, stdout=sys.stderr)
        with subprocess.Popen(build_box_command(port), env=environment, stdout=sys.stderr) as box:
            try:
                _wait_until_healthy(f"http://127.0.0.1:{port}")
                assert server.process
                yield f"http://127.0.0.1:{port}", psutil.Process(box.pid), psutil.Process(server.process.pid)
            finally:
                box.terminate()
    finally:
        server.stop()


def _wait_until_healthy(url: str) -> None:
    for _ in range(300):
        try:
            httpx.get(f"{url}/healthz")
            return
        except httpx.HTTPError:
            sleep(0.1)
    raise SystemExit("The box was not ready within 30 seconds.")


def send_report(url: str) -> tuple[str, ...]:
    """A report without files; its words."""
    said = {"text": "اختفى نصف الإسفلت من المستودع بين الجرد والجرد. " * 10, "identity": "no"}
    answer = httpx.post(f"{url}/send", data=said, timeout=60).raise_for_status()
    return parse_box_words(answer.text)


def open_report(url: str, words: tuple[str, ...]) -> float:
    """Without JavaScript, as a browser does it: seconds until the talk is there."""
    begun = monotonic()
    with httpx.Client(base_url=url, timeout=120) as browser:
        answer = browser.post("/words", data={"words": " ".join(words)})
        while answer.status_code == 503:
            sleep(int(answer.headers["Retry-After"]))
            answer = browser.get("/words/again", headers=_build_cookie_header(answer))
        talk = browser.get("/talk", headers=_build_cookie_header(answer)).raise_for_status()
    assert "dl" in talk.text and monotonic() - begun < 120
    return monotonic() - begun


def _build_cookie_header(answer: httpx.Response) -> dict[str, str]:
    """What a browser would send back: they are `Secure`, and it takes this machine for safe."""
    given = [one.split(";")[0] for one in answer.headers.get_list("Set-Cookie")]
    return {"Cookie": "; ".join(one for one in given if not one.endswith("="))}


def open_by_lookup(url: str, lookup: str) -> float:
    """As the page's script does, once it has derived the look-up id in its own browser: seconds."""
    begun = monotonic()
    httpx.post(f"{url}/open", json={"lookup": lookup}, timeout=120).raise_for_status()
    return monotonic() - begun


def measure_cpu(box: psutil.Process, server: psutil.Process, what: Any) -> float:
    """CPU seconds of the box and its database for one."""
    what()
    before = _sum_cpu(box) + _sum_cpu(server)
    for _ in range(REPETITIONS):
        what()
    return round((_sum_cpu(box) + _sum_cpu(server) - before) / REPETITIONS, 3)


def _sum_cpu(process: psutil.Process) -> float:
    spent = 0.0
    for one in (process, *process.children(recursive=True)):
        times = one.cpu_times()
        spent += times.user + times.system + times.children_user + times.children_system
    return float(spent)


def measure_peak_memory(url: str, box: psutil.Process, words: tuple[str, ...]) -> float:
    """The most memory that its processes hold while a file of 20 MiB comes in and receipts are derived, two at once."""
    with ThreadPoolExecutor(5) as people:
        sent = people.submit(
            httpx.post,
            f"{url}/send",
            data={"text": "ملف", "identity": "no"},
            files={"files": os.urandom(FILE_BYTES)},
            timeout=120,
        )
        others = [people.submit(lambda: [open_report(url, words) for _ in range(4)]) for _ in range(4)]
        most = 0.0
        while not (sent.done() and all(one.done() for one in others)):
            family = (box, *box.children(recursive=True))
            most = max(most, sum(one.memory_info().rss for one in family) / 1e6)
            sleep(0.01)
        sent.result().raise_for_status()
    return round(most, 1)


@contextmanager
def run_attack(url: str, way: str) -> Iterator[None]:
    """500 connections that never stop, by another process."""
    attackers = subprocess.Popen(
        [sys.executable, "-m", "bench.box.attack", url, way, str(CONNECTIONS)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        sleep(SETTLE_SECONDS)
        yield
    finally:
        attackers.terminate()
        said, _ = attackers.communicate(timeout=60)
        sys.stderr.write(f"attack by {way}: {json.loads(said)}\n")
