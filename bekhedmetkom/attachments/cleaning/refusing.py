"""Why a file is not cleaned."""

from typing import Literal

Why = Literal["damaged", "locked", "too_large_inside", "uncleanable"]


class Unfit(Exception):
    """This file cannot be cleaned; `why` chooses the sentence that its sender reads."""

    def __init__(self, why: Why):
        self.why = why
        super().__init__(why)
