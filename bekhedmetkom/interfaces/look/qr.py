"""An address as a picture that a telephone's camera reads."""

import segno
from django.utils.safestring import SafeString


def qr_svg(address: str) -> SafeString:
    """Dark squares on white, as wide as its place; medium error correction, for screens and print under glass."""
    drawn = segno.make(address, error="m", micro=False)
    return SafeString(drawn.svg_inline(border=4, light="#fff", dark="#000", omitsize=True))
