"""Every way out of the platform is known.

An address that somebody sent is called through `kernel/outward.py` alone, which never goes into our own house.
"""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent / "bekhedmetkom"
NETWORK_MODULES = {
    "aiohttp", "asyncio.streams", "boto3", "botocore", "ftplib", "http.client.HTTPConnection", "httpx", "imaplib",
    "paramiko", "requests", "smpplib", "smtplib", "socket", "telnetlib", "urllib.request", "urllib3", "xmlrpc",
    "django.core.mail",
}  # fmt: skip
# Where each leads is set by whoever runs the platform, in the environment, and by nobody else.
ALLOWED_FILES = {
    "attachments/scanning.py": "CLAMAV_SOCKET",
    "config/postgres.py": "the embedded database's own socket",
    "disclosures/letters.py": "BOX_SMTP_URL",
    "identity/oidc.py": "OIDC_*",
    "interfaces/box/stalled.py": "nowhere: it looks at connections that came in",
    "interfaces/cli/run.py": "its own ports",
    "kernel/outward.py": "public addresses that programs and bodies name, and networks of OUTWARD_NETWORKS",
    "interfaces/calls/management/": "PUBLIC_URL, or an address that somebody types",
    "messages/senders/": "SMTP_URL, SMS_*, MESSENGER_API",
}


def test_nothing_calls_out_but_what_the_environment_names() -> None:
    found = {
        str(file.relative_to(ROOT))
        for file in ROOT.rglob("*.py")
        if any(_is_network_module(name) for name in _list_imports(file))
    }
    unknown = {file for file in found if not file.startswith(tuple(ALLOWED_FILES))}
    assert unknown == set()
    assert {way for way in ALLOWED_FILES if not any(file.startswith(way) for file in found)} == set()


def _list_imports(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def _is_network_module(name: str) -> bool:
    return any(name == way or name.startswith(f"{way}.") for way in NETWORK_MODULES)
