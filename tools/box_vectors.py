"""Writes tests/box/vectors.json: what Python says of receipts, frames and manifests, for the browser to say too.

    python tools/box_vectors.py

Run once a version of the formats: vectors that change break every receipt and report there is.
"""

import json
from pathlib import Path

from bekhedmetkom.disclosures.rules.frame import Header, build_frame
from bekhedmetkom.disclosures.rules.receipts import derive_keys, encode_receipt

PATH = Path(__file__).resolve().parent.parent / "tests" / "box" / "vectors.json"
TYPED = [
    "زيتون نافذة قمح جسر رمان قافلة سراج غيمة أرنب مرساة",
    "١- آذار، ٢- إبريق، ٣- أسود، ٤- صحراء، ٥- مأكول، ٦- طَبْخَة، ٧- ليـــمون، ٨- قهوه، ٩- شباك، ١٠- ياسمين",
    "هدهد هدهد هدهد هدهد هدهد هدهد هدهد هدهد هدهد هدهد",
]
FRAMES: list[tuple[Header, str]] = [
    ({"kind": "text", "turn": 0, "place": 0, "files": 2}, "رشوة في دائرة \u2028 «س»"),
    ({"kind": "file", "turn": 0, "place": 1, "name": 'عقد "1".pdf', "type": "application/pdf"}, "x" * 5000),
    ({"kind": "message", "turn": 3, "place": 0, "files": 0, "from": "discloser"}, ""),
]


def main() -> None:
    """Writes the file."""
    receipts = []
    for typed in TYPED:
        keys = derive_keys(typed)
        receipts.append(
            {
                "typed": typed,
                "canonical": encode_receipt(typed).decode(),
                "lookup": keys.lookup_id.hex(),
                "reader": keys.reader_identity,
                "recipient": keys.recipient,
                "voice": keys.voice.hex(),
            }
        )
    voice = bytes(range(32))
    frames = [
        {
            "header": header,
            "body": body,
            "voice": voice.hex(),
            "frame": build_frame(header, body.encode(), voice).hex(),
        }
        for header, body in FRAMES
    ]
    said = json.dumps({"receipts": receipts, "frames": frames}, ensure_ascii=False, indent=1)
    PATH.write_text(said + "\n", "utf-8")


if __name__ == "__main__":
    main()
