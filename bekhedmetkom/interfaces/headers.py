"""A header of a request, by its name."""

from django.http import HttpRequest


def header_of(request: HttpRequest, name: str) -> str | None:
    """What was sent under this name; one of several is cheaper to read so than by `request.headers`.

    That copies all that the server hands over first, the environment of the process among it.
    """
    value: str | None = request.META.get(f"HTTP_{name.upper().replace('-', '_')}")
    return value
