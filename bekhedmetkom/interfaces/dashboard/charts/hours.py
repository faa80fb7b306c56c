"""What came in each hour of today, against what is usual for the hour of such a day."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from .drawn import across, figure, number, path, words
from .scale import Scale, round_up

WIDTH, HEIGHT = 580.0, 214.0
LEFT, RIGHT, TOP, BOTTOM = 48.0, 560.0, 14.0, 184.0


def hours(today: Sequence[int], usual: Sequence[float], now: int, first: int, title: str) -> SafeString:
    """One bar an hour from `first` on, one mark for the usual. The hour `now` is not over: its bar is fainter."""
    axis = round_up([*today, *usual], 2)
    y = Scale(0, axis[-1], BOTTOM, TOP)
    width = (RIGHT - LEFT) / len(today)
    inside = [
        path("grid", *(across(LEFT, RIGHT, y(value)) for value in axis)),
        *(words(f"{value:,.0f}", LEFT - 8, y(value) + 5, "end") for value in axis),
    ]
    every = 3 if len(today) > 10 else 2
    for place, (came, as_usual) in enumerate(zip(today, usual, strict=True)):
        hour, x = first + place, LEFT + place * width
        if came and hour <= now:
            going = ' opacity=".5"' if hour == now else ""
            inside.append(
                f'<rect class="d1" x="{number(x + width * 0.16)}" y="{number(y(came))}" '
                f'width="{number(width * 0.68)}" height="{number(BOTTOM - y(came))}" rx="2"{going}/>'
            )
        if as_usual:
            inside.append(path("target usual", across(x + width * 0.06, x + width * 0.94, y(as_usual))))
        if hour % every == 0:
            inside.append(words(f"{hour}:00", x + width / 2, BOTTOM + 22, "middle"))
    return figure(WIDTH, HEIGHT, title, inside)
