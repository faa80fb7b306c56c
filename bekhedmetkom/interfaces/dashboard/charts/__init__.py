"""Drawings as SVG, made on the server by pure functions: numbers in, a picture out."""

from .flows import Flow, flows
from .hours import hours
from .scale import around, round_up
from .small import bar, spark
from .trend import NARROW, WIDE, Expected, Line, Trend, trend

__all__ = [
    "NARROW", "WIDE", "Expected", "Flow", "Line", "Trend", "around", "bar", "flows", "hours", "round_up", "spark",
    "trend",
]  # fmt: skip
