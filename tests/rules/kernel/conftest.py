"""Hypothesis without a deadline for each example: cores are shared, and slowness is measured elsewhere."""

from hypothesis import settings

settings.register_profile("shared-cores")
settings.load_profile("shared-cores")
