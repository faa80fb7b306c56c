"""Other people's cryptography, in one module whose bytes anybody can make again (tools/box_bundle/make.sh)."""

import base64
import hashlib
import json
import re

from tests.box.support.browser import ROOT, STATIC

VENDOR = STATIC / "vendor" / "age-0.3.1"
HASH = "sha384-BMzEj9vT2PybfVKndio8wlTBCWpiOdZopM9XxXBdqOGCoPtFM5hyEdHfPG44fl7h"


def test_the_module_is_the_one_that_was_made() -> None:
    digest = hashlib.sha384((VENDOR / "crypto.js").read_bytes()).digest()
    assert f"sha384-{base64.b64encode(digest).decode()}" == HASH


def test_each_page_that_loads_it_says_its_hash() -> None:
    templates = (ROOT / "bekhedmetkom" / "interfaces" / "box" / "templates").rglob("*.html")
    loading = [text for text in (path.read_text("utf-8") for path in templates) if "vendor/age-" in text]
    for text in loading:
        assert re.findall(r'integrity="([^"]+)"', text) == [HASH]


def test_its_parts_are_pinned_by_their_hashes_and_come_with_their_licences() -> None:
    lock = json.loads((ROOT / "tools" / "box_bundle" / "package-lock.json").read_text())
    packages = {name: part for name, part in lock["packages"].items() if name}
    assert packages and all(part["integrity"].startswith("sha512-") for part in packages.values())
    licences = (VENDOR / "LICENSES.txt").read_text()
    for name, part in packages.items():
        if "esbuild" not in name and name.count("node_modules") == 1:
            assert f"== {name.removeprefix('node_modules/')} {part['version']} ==" in licences
