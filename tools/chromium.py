"""Find the browser for the tests, and on a Debian machine as root install it; else say in one sentence how.

Prints its path. Looked for: `CHROMIUM`, the path, Playwright's own.
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
    """The path of a Chromium on this machine, or None."""
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
    """By apt-get, as root on Debian; elsewhere that is for a person to decide."""
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
