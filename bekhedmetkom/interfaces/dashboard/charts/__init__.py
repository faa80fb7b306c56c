"""Drawings as SVG, made on the server by pure functions: numbers in, a picture out."""

from .bars import draw_bar, draw_hours, draw_sparkline
from .flow_diagram import Flow, draw_flows
from .line_chart import NARROW, WIDE, ChartLine, ExpectedPoint, TrendChart, draw_trend
from .svg import build_count_axis, build_share_axis

__all__ = [
    "NARROW",
    "WIDE",
    "ChartLine",
    "ExpectedPoint",
    "Flow",
    "TrendChart",
    "build_count_axis",
    "build_share_axis",
    "draw_bar",
    "draw_flows",
    "draw_hours",
    "draw_sparkline",
    "draw_trend",
]  # fmt: skip
