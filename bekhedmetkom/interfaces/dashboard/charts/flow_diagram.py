"""Cases that moved between bodies, as bands from who sent to who received: as thick as they are many."""

from collections.abc import Sequence
from textwrap import wrap
from typing import NamedTuple

from django.utils.safestring import SafeString

from .svg import build_svg, draw_label, format_number

WIDTH, HEIGHT, NODE = 640.0, 260.0, 6.0
MIN_HEIGHT, LINE_HEIGHT, GAP = (
    20.0,
    17.0,
    6.0,
)  # a name needs so much height, its second line so much, and so much lies between two
LETTERS_PER_LINE = 26  # of a line of a name; its whole stands in the table
LEFT_X, RIGHT_X = 230.0, 410.0  # the bands run between these; names stand outside


class Flow(NamedTuple):
    """So many cases from one body to another, both by name."""

    sent: str
    received: str
    cases: int


class FlowNode(NamedTuple):
    """A body at one side: where it begins, how high it stands, how high its bands are together."""

    top: float
    height: float
    bands_height: float


def draw_flows(found: Sequence[Flow], title: str) -> SafeString:
    """Who sent stands at the left and who received at the right, as time runs; the busiest first."""
    called = {name: _wrap_name(name) for one in found for name in (one.sent, one.received)}
    least = MIN_HEIGHT + LINE_HEIGHT * (max(map(len, called.values())) - 1)
    unit = _compute_case_height(found, least)
    sent, received = build_nodes(found, "sent", unit, least), build_nodes(found, "received", unit, least)
    inside = list(_draw_bands(found, sent, received, unit))
    for side, x, label, anchor in (
        (sent, LEFT_X - NODE, -10.0, "end"),
        (received, RIGHT_X, NODE + 10, "start"),
    ):
        for name, node in side.items():
            inside.append(
                f'<rect class="d1" x="{format_number(x)}" y="{format_number(node.top)}" width="{format_number(NODE)}" '
                f'height="{format_number(node.height)}" rx="2"/>'
            )
            first = node.top + node.height / 2 + 5 - LINE_HEIGHT * (len(called[name]) - 1) / 2
            inside += [
                draw_label(said, x + label, first + LINE_HEIGHT * row, anchor)
                for row, said in enumerate(called[name])
            ]
    height = max(node.top + node.height for side in (sent, received) for node in side.values())
    return build_svg(WIDTH, height + 4, title, inside)


def _wrap_name(name: str) -> list[str]:
    """A name in as many lines as it needs, two at most: a long one would run out of the drawing."""
    return wrap(name, LETTERS_PER_LINE, max_lines=2, placeholder="…")


def build_nodes(
    found: Sequence[Flow], side: str, unit: float, least: float = MIN_HEIGHT
) -> dict[str, FlowNode]:
    """The bodies of one side under each other."""
    sums: dict[str, int] = {}
    for one in found:
        name = getattr(one, side)
        sums[name] = sums.get(name, 0) + one.cases
    placed: dict[str, FlowNode] = {}
    top = 0.0
    for name, cases in sorted(sums.items(), key=lambda pair: -pair[1]):
        placed[name] = FlowNode(top, max(cases * unit, least), cases * unit)
        top += placed[name].height + GAP
    return placed


def _compute_case_height(found: Sequence[Flow], least: float) -> float:
    """So that the side with the most bodies fits, as far as names leave room."""
    most = max(len({one.sent for one in found}), len({one.received for one in found}))
    room = max(HEIGHT - most * (least + GAP), HEIGHT / 3)
    return room / sum(one.cases for one in found)


def _draw_bands(
    found: Sequence[Flow], sent: dict[str, FlowNode], received: dict[str, FlowNode], unit: float
) -> list[str]:
    used: dict[tuple[str, str], float] = {}
    middle = (LEFT_X + RIGHT_X) / 2
    drawn = []
    for one in sorted(found, key=lambda one: (sent[one.sent].top, received[one.received].top)):
        thick, ends = one.cases * unit, []
        for side, name, node in (
            ("sent", one.sent, sent[one.sent]),
            ("received", one.received, received[one.received]),
        ):
            begun = used.get((side, name), node.top + (node.height - node.bands_height) / 2)
            used[side, name] = begun + thick
            ends.append(begun)
        (a, b), (c, d) = (ends[0], ends[1]), (ends[0] + thick, ends[1] + thick)
        m = format_number(middle)
        drawn.append(
            f'<path class="a1" d="M{format_number(LEFT_X)} {format_number(a)}C{m} {format_number(a)} {m} '
            f"{format_number(b)} {format_number(RIGHT_X)} "
            f"{format_number(b)}V{format_number(d)}C{m} {format_number(d)} {m} {format_number(c)} "
            f'{format_number(LEFT_X)} {format_number(c)}Z"/>'
        )
    return drawn
