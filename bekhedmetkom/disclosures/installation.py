"""Settings of a box installation and the files that must not lie in its database."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import django.conf

_settings: Any = django.conf.settings  # the type checker only knows the main service's settings


@dataclass(frozen=True, slots=True)
class Installation:
    home: Path
    key_folder: Path  # outer keys: outside the database, and never in the same backup
    demo_key_folder: Path  # keys of the demonstration's Commission
    pinned_root_key: str  # public key that signs manifests, in hexadecimal
    url: str
    demo: bool
    smtp_url: str = ""  # smtp[s]://…; if empty, emails are written to `home/letters`
    mail_from: str = ""
    mail_to: tuple[str, ...] = ()  # officers: the digest, twice a day
    alert_to: tuple[str, ...] = ()  # the Commission's chiefs: missed deadlines
    onion_address: str = ""  # address in the Tor network
    retention_days: int = 180  # how long a closed report is kept
    daily_upload_bytes: int = 20 * 1024**3  # beyond this, files are refused; texts are not

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str], *, home: Path, base_folder: Path, url: str, demo: bool
    ) -> Self:
        """Build it from environment variables (`.env.example`)."""
        return cls(
            home=home,
            key_folder=Path(environment.get("BOX_KEYS") or base_folder / "box-keys"),
            demo_key_folder=base_folder / "demo-keys",
            pinned_root_key=environment.get("BOX_ROOT_KEY", ""),
            url=url,
            demo=demo,
            smtp_url=environment.get("BOX_SMTP_URL", ""),
            mail_from=environment.get("BOX_MAIL_FROM", ""),
            mail_to=_split_list(environment.get("BOX_MAIL_TO", "")),
            alert_to=_split_list(environment.get("BOX_ALERT_TO", "")),
            onion_address=environment.get("BOX_ONION", ""),
            daily_upload_bytes=int(environment.get("BOX_GIGABYTES_A_DAY", "20")) * 1024**3,
            retention_days=int(environment.get("BOX_KEEP_DAYS", "180")),
        )

    @property
    def root_key(self) -> str:
        """The root's public key in hexadecimal; empty if none is pinned, and then intake is closed.

        A demonstration generates its own root, which no other installation trusts.
        """
        demo_root = self.demo_key_folder / "root.pub"
        if self.pinned_root_key or not (self.demo and demo_root.exists()):
            return self.pinned_root_key
        return demo_root.read_text().strip()

    @property
    def manifest_file(self) -> Path:
        """The signed manifest; its signature lies next to it as `.sig`."""
        return self.home / "manifest.json"

    @property
    def counts_file(self) -> Path:
        """The published monthly counts."""
        return self.home / "counts.json"


def get_installation() -> Installation:
    """Return this process's installation."""
    installation: Installation = _settings.BOX
    return installation


def _split_list(value: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in value.split(",") if item.strip())
