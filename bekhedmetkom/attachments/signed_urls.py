"""Signed file addresses that are valid for a few minutes."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.urls import reverse

from .rules import EXTENSIONS, MediaType

URL_LIFETIME = timedelta(minutes=15)
_SALT = "bekhedmetkom.files"


@dataclass(frozen=True, slots=True)
class SignedFile:
    """What an address leads to; `name` is a number, never what somebody called the file."""

    id: UUID
    media_type: MediaType
    name: str


def build_file_url(file: UUID, media_type: MediaType, label: str) -> str:
    """The path of a file, signed now. `label`: the case's reference; it becomes the name under which it is saved."""
    token = signing.dumps([file.hex, str(media_type), label], salt=_SALT, compress=False)
    return reverse("file", args=[token])


def parse_file_token(token: str) -> SignedFile | None:
    """The file of a token that we signed within the last minutes; `None` for every other."""
    try:
        file, media_type, label = signing.loads(token, salt=_SALT, max_age=URL_LIFETIME)
    except signing.BadSignature:
        return None
    kind = MediaType(media_type)
    return SignedFile(UUID(file), kind, f"{label}-{file[:6]}.{EXTENSIONS[kind]}")
