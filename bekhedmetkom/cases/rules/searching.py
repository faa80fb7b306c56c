"""What is kept of a case for searching beside its words."""


def word_of_unit(unit: int) -> str:
    """How the words of a case say which unit has it. Nobody types it: stems are letters and digits."""
    return f"#{unit}"
