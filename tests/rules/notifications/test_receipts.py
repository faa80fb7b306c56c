"""What is known of a message after receipts in any order."""

from itertools import permutations

import pytest

from bekhedmetkom.notifications.rules.delivery import (
    ReceiptStatus,
    combine_part_statuses,
    merge_receipt_statuses,
    parse_receipt_status,
)

H, D, F = ReceiptStatus.HANDED, ReceiptStatus.DELIVERED, ReceiptStatus.FAILED


@pytest.mark.parametrize(
    ("said", "fate"),
    [
        ("DELIVRD", D), ("delivered", D), (" Delivered ", D), ("UNDELIV", F), ("EXPIRED", F), ("REJECTD", F),
        ("failed", F), ("ACCEPTD", H), ("ENROUTE", H), ("UNKNOWN", H), ("", H), ("تم", H),
    ],
)  # fmt: skip
def test_gateway_statuses_are_recognised(said: str, fate: ReceiptStatus) -> None:
    assert parse_receipt_status(said) == fate


def test_receipt_order_does_not_matter() -> None:
    for order in permutations((H, D, F, D)):
        known = H
        for told in order:
            known = merge_receipt_statuses(known, told)
        assert known == D


@pytest.mark.parametrize(
    ("fates", "state"),
    [
        ([], "sent"),
        ([H], "sent"),
        ([D], "delivered"),
        ([D, H], "sent"),
        ([D, D], "delivered"),
        ([D, F], "failed"),
    ],
)
def test_multipart_message_is_delivered_only_as_a_whole(fates: list[ReceiptStatus], state: str) -> None:
    assert combine_part_statuses(fates) == state
