"""The vendored cryptography module, reproducible with tools/box_bundle/make.sh."""

import base64
import hashlib
import json
import re

from tests.box.support.browser import ROOT, STATIC

VENDOR = STATIC / "vendor" / "age-0.3.1"
HASH = "sha384-BMzEj9vT2PybfVKndio8wlTBCWpiOdZopM9XxXBdqOGCoPtFM5hyEdHfPG44fl7h"


def test_vendored_module_has_its_hash() -> None:
    digest = hashlib.sha384((VENDOR / "crypto.js").read_bytes()).digest()
    assert f"sha384-{base64.b64encode(digest).decode()}" == HASH


def test_pages_have_the_modules_hash() -> None:
    templates = (ROOT / "bekhedmetkom" / "interfaces" / "box" / "templates").rglob("*.html")
    loading = [text for text in (path.read_text("utf-8") for path in templates) if "vendor/age-" in text]
    for text in loading:
        assert re.findall(r'integrity="([^"]+)"', text) == [HASH]


def test_packages_are_pinned_and_licences_included() -> None:
    lock = json.loads((ROOT / "tools" / "box_bundle" / "package-lock.json").read_text())
    packages = {name: part for name, part in lock["packages"].items() if name}
    assert packages and all(part["integrity"].startswith("sha512-") for part in packages.values())
    licences = (VENDOR / "LICENSES.txt").read_text()
    for name, part in packages.items():
        if "esbuild" not in name and name.count("node_modules") == 1:
            assert f"== {name.removeprefix('node_modules/')} {part['version']} ==" in licences
