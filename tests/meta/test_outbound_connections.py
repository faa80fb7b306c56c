"""Only the modules listed here open network connections.

Addresses that users supply are called through `kernel/outbound_http.py` alone, which refuses internal networks.
"""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent / "bekhedmetkom"
NETWORK_MODULES = {
    "aiohttp", "asyncio.streams", "boto3", "botocore", "ftplib", "http.client.HTTPConnection", "httpx", "imaplib",
    "paramiko", "requests", "smpplib", "smtplib", "socket", "telnetlib", "urllib.request", "urllib3", "xmlrpc",
    "django.core.mail",
}  # fmt: skip
# File or folder, and the setting that names where it connects to.
ALLOWED_FILES = {
    "attachments/virus_scan.py": "CLAMAV_SOCKET",
    "config/database/embedded_server.py": "the embedded database's own socket",
    "disclosures/emails.py": "BOX_SMTP_URL",
    "identity/oidc.py": "OIDC_*",
    "interfaces/box/background_threads.py": "nowhere: it inspects incoming connections",
    "interfaces/cli/supervisor.py": "its own ports",
    "kernel/outbound_http.py": "public addresses that API clients and bodies name, and OUTWARD_NETWORKS",
    "interfaces/calls/management/": "PUBLIC_URL, or an address given on the command line",
    "notifications/senders/": "SMTP_URL, SMS_*, MESSENGER_API",
}


def test_only_listed_modules_open_network_connections() -> None:
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
