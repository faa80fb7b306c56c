"""Find Chromium for the browser tests and print its path; as root on Debian, install it if missing.

Searches `CHROMIUM`, PATH and Playwright's own browsers.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NOT_FOUND_MESSAGE = (
    "There is no Chromium for the browser tests: install it (apt-get install chromium, or"
    " .venv/bin/playwright install chromium), or name one with CHROMIUM=/path/to/it."
)


def find_chromium() -> str | None:
    """Return the path of Chromium, or None."""
    if named := os.environ.get("CHROMIUM"):
        return named if Path(named).exists() else None
    for name in NAMES:
        if on_path := shutil.which(name):
            return on_path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install_chromium() -> None:
    """Install Chromium by apt-get, as root on Debian only."""
    if os.geteuid() == 0 and (apt := shutil.which("apt-get")) and not os.environ.get("CHROMIUM"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run([apt, *arguments], env=environment, stdout=sys.stderr, check=False)


if __name__ == "__main__":
    if not find_chromium():
        install_chromium()
    found = find_chromium()
    if not found:
        sys.exit(NOT_FOUND_MESSAGE)
    print(found)
