"""Web push by its standards: what is encrypted is what the RFC says, and what an answer means."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from bekhedmetkom.notifications.rules.delivery import Channel, choose_channel
from bekhedmetkom.notifications.rules.push import (
    CURVE,
    PushResult,
    decode_base64url,
    encode_base64url,
    encrypt_message,
    interpret_status,
    parse_public_key,
)


def test_encryption_matches_the_rfc_8291_example() -> None:
    own = ec.derive_private_key(
        int.from_bytes(decode_base64url("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), CURVE
    )
    found = encrypt_message(
        b"When I grow up, I want to be a watermelon",
        decode_base64url(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        decode_base64url("BTBZMqHH6r4Tts7J_aSIgg"),
        own=own,
        salt=decode_base64url("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert encode_base64url(found) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBr"
        "u3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@pytest.mark.parametrize("raw", [b"", b"\x04" + b"\x01" * 64, b"x" * 65, b"\x00"])
def test_invalid_key_is_rejected(raw: bytes) -> None:
    with pytest.raises(ValueError):
        parse_public_key(raw)


@pytest.mark.parametrize(
    ("status", "meant"),
    [
        (201, PushResult.ACCEPTED),
        (202, PushResult.ACCEPTED),
        (404, PushResult.UNSUBSCRIBED),
        (410, PushResult.UNSUBSCRIBED),
        (429, PushResult.THROTTLED),
        (503, PushResult.THROTTLED),
        (400, PushResult.REJECTED),
        (413, PushResult.REJECTED),
        (301, PushResult.RETRY),
        (403, PushResult.RETRY),
        (500, PushResult.RETRY),
    ],
)
def test_status_has_expected_result(status: int, meant: PushResult) -> None:
    assert interpret_status(status) is meant


def test_push_comes_after_messenger_and_before_sms() -> None:
    email, phone = "sama@example.jo", "+962791234567"
    assert choose_channel(email, phone, push="devices") == (Channel.PUSH, "devices")
    assert choose_channel(email, phone, push="devices", messenger="1") == (Channel.MESSENGER, "1")
    assert choose_channel(email, phone) == (Channel.EMAIL, email)
