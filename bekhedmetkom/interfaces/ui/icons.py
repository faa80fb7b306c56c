"""The Lucide icons in use, read from `icons.svg`: one symbol a line."""

import re
from collections.abc import Mapping
from pathlib import Path

from django.utils.safestring import SafeString

_SYMBOL = re.compile(r'<symbol id="([a-z0-9-]+)"[^>]*>(.*?)</symbol>')

_SHEET = (Path(__file__).parent / "icons.svg").read_text("utf-8")

ICONS: Mapping[str, SafeString] = {name: SafeString(drawing) for name, drawing in _SYMBOL.findall(_SHEET)}
