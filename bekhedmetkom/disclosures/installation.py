"""Where the box keeps what must not lie in its database, and what its installation has set."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django.conf

_settings: Any = django.conf.settings  # the type checker knows the main service's alone


@dataclass(frozen=True, slots=True)
class Installation:
    """One installation of the box."""

    home: Path
    keys: Path  # outer keys: outside the database, and never in the same backup
    demo_keys: Path  # of the demonstration's Commission
    pinned: str  # the public key of whoever signs manifests, in hexadecimal
    url: str
    demo: bool
    smtp: str = ""  # smtp[s]://…; without it letters are kept in `home/letters`
    mail_from: str = ""
    mail_to: tuple[str, ...] = ()  # officers, twice a day
    alert_to: tuple[str, ...] = ()  # the Commission's chain, when a date was missed
    onion: str = ""  # the box's address in the Tor network
    keep_days: int = 180  # after a report was closed
    uploads_a_day: int = 20 * 1024**3  # bytes of all that comes in; texts are taken beyond it, files are not

    @classmethod
    def of(cls, said: Mapping[str, str], *, home: Path, beside: Path, url: str, demo: bool) -> "Installation":
        """As the environment says (`.env.example`)."""
        return cls(
            home=home,
            keys=Path(said.get("BOX_KEYS") or beside / "box-keys"),
            demo_keys=beside / "demo-keys",
            pinned=said.get("BOX_ROOT_KEY", ""),
            url=url,
            demo=demo,
            smtp=said.get("BOX_SMTP_URL", ""),
            mail_from=said.get("BOX_MAIL_FROM", ""),
            mail_to=_split_list(said.get("BOX_MAIL_TO", "")),
            alert_to=_split_list(said.get("BOX_ALERT_TO", "")),
            onion=said.get("BOX_ONION", ""),
            uploads_a_day=int(said.get("BOX_GIGABYTES_A_DAY", "20")) * 1024**3,
            keep_days=int(said.get("BOX_KEEP_DAYS", "180")),
        )

    @property
    def root_key(self) -> str:
        """The public key that manifests must be signed with; empty where none is pinned, and then nothing is taken in.

        A demonstration makes one of its own, and only a demonstration believes it.
        """
        own = self.demo_keys / "root.pub"
        return self.pinned or (own.read_text().strip() if self.demo and own.exists() else "")

    @property
    def manifest(self) -> Path:
        """The Commission's public keys, as they were signed; the signature lies beside it as `.sig`."""
        return self.home / "manifest.json"

    @property
    def counts(self) -> Path:
        """The figures that may be published."""
        return self.home / "counts.json"


def get_installation() -> Installation:
    """This installation's."""
    found: Installation = _settings.BOX
    return found


def _split_list(said: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in said.split(",") if one.strip())
