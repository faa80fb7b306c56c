"""What came in each hour of today, against what is usual for the hour of such a day."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from .drawn import across, figure, number, path, words
from .scale import Scale, round_up

WIDE, SLIM = (580.0, 214.0), (400.0, 250.0)  # how wide and how high; letters stay as large
LEFT, TOP, MARGIN, BELOW = 48.0, 14.0, 14.0, 30.0


def hours(
    today: Sequence[int], usual: Sequence[float], now: int, first: int, title: str, *, slim: bool = False
) -> SafeString:
    """One bar an hour from `first` on, one mark for the usual. The hour `now` is not over: its bar is fainter."""
    all_width, all_height = SLIM if slim else WIDE
    right, bottom = all_width - MARGIN, all_height - BELOW
    axis = round_up([*today, *usual], 3)
    y = Scale(0, axis[-1], bottom, TOP)
    width = (right - LEFT) / len(today)
    inside = [
        path("grid", *(across(LEFT, right, y(value)) for value in axis)),
        *(words(f"{value:,.0f}", LEFT - 8, y(value) + 5, "end") for value in axis),
    ]
    every = 3 if len(today) > 10 else 2
    for place, (came, as_usual) in enumerate(zip(today, usual, strict=True)):
        hour, x = first + place, LEFT + place * width
        if came and hour <= now:
            going = ' opacity=".5"' if hour == now else ""
            inside.append(
                f'<rect class="d1" x="{number(x + width * 0.16)}" y="{number(y(came))}" '
                f'width="{number(width * 0.68)}" height="{number(bottom - y(came))}" rx="2"{going}/>'
            )
        if as_usual:
            inside.append(path("target usual", across(x + width * 0.06, x + width * 0.94, y(as_usual))))
        if hour % every == 0:
            inside.append(words(f"{hour}:00", x + width / 2, bottom + 22, "middle"))
    return figure(all_width, all_height, title, inside)
