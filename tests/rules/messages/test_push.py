"""Web push by its standards: what is encrypted is what the RFC says, and what an answer means."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from bekhedmetkom.messages.rules.delivery import Channel, channel_for
from bekhedmetkom.messages.rules.push import CURVE, Taken, as_bytes, as_text, encrypted, point, taken


def test_the_example_of_rfc_8291() -> None:
    own = ec.derive_private_key(
        int.from_bytes(as_bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), CURVE
    )
    found = encrypted(
        b"When I grow up, I want to be a watermelon",
        as_bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        as_bytes("BTBZMqHH6r4Tts7J_aSIgg"),
        own=own,
        salt=as_bytes("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert as_text(found) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBr"
        "u3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@pytest.mark.parametrize("raw", [b"", b"\x04" + b"\x01" * 64, b"x" * 65, b"\x00"])
def test_what_is_no_key_is_not_taken_for_one(raw: bytes) -> None:
    with pytest.raises(ValueError):
        point(raw)


@pytest.mark.parametrize(
    ("status", "meant"),
    [(201, Taken.TAKEN), (202, Taken.TAKEN), (404, Taken.GONE), (410, Taken.GONE), (429, Taken.SLOWER),
     (503, Taken.SLOWER), (400, Taken.NEVER), (413, Taken.NEVER), (301, Taken.LATER), (403, Taken.LATER),
     (500, Taken.LATER)],
)  # fmt: skip
def test_what_an_answer_means(status: int, meant: Taken) -> None:
    assert taken(status) is meant


def test_push_comes_before_what_costs_and_after_the_way_by_which_the_case_came() -> None:
    email, phone = "sama@example.jo", "+962791234567"
    assert channel_for(email, phone, push="devices") == (Channel.PUSH, "devices")
    assert channel_for(email, phone, push="devices", messenger="1") == (Channel.MESSENGER, "1")
    assert channel_for(email, phone) == (Channel.EMAIL, email)
