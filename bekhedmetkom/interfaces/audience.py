"""For whom a view is. Every view of ours says so, and a test holds the permission table against it."""

from collections.abc import Callable
from typing import Any, Literal, TypeVar, get_args

Audience = Literal["public", "citizen", "officer", "administrator", "machine"]
View = TypeVar("View", bound=Callable[..., object])


def audience(who: Audience) -> Callable[[View], View]:
    """Declare a view's audience: anyone, the holder of an access code, officers, administrators, programs."""
    if who not in get_args(Audience):
        raise ValueError(f"no audience {who!r}")

    def declare(view: View) -> View:
        marked: Any = view
        marked.audience = who
        return view

    return declare
