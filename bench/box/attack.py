"""`python -m bench.box.attack URL words|open CONNECTIONS`: bad receipts, each sent when the one before is answered."""

import asyncio
import json
import random
import signal
import sys
from collections import Counter
from contextlib import suppress
from urllib.parse import quote, urlsplit
from uuid import uuid4

from bekhedmetkom.disclosures.rules.receipts import get_word_list


def _build_request(way: str, host: str) -> bytes:
    if way == "open":
        sort, body = "application/json", json.dumps({"lookup": uuid4().hex})
    else:
        sort, body = (
            "application/x-www-form-urlencoded",
            f"words={quote(' '.join(random.choices(get_word_list(), k=10)))}",
        )
    head = (
        f"POST /{way} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {sort}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


async def _attack(host: str, port: int, way: str, answers: Counter[str]) -> None:
    while True:
        with suppress(OSError, asyncio.IncompleteReadError, ValueError):
            reader, writer = await asyncio.open_connection(host, port)
            while True:
                writer.write(_build_request(way, host))
                head = await reader.readuntil(b"\r\n\r\n")
                answers[head[9:12].decode()] += 1
                if b"transfer-encoding: chunked" in head.lower():
                    while size := int(await reader.readline(), 16):
                        await reader.readexactly(size + 2)
                    await reader.readline()
                else:
                    length = head.lower().split(b"content-length:")[1].split(b"\r\n")[0]
                    await reader.readexactly(int(length))


async def _main() -> None:
    url, way, connections = urlsplit(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    answers, over = Counter[str](), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    host, port = url.hostname or "", url.port or 80
    attacks = [asyncio.create_task(_attack(host, port, way, answers)) for _ in range(connections)]
    await over.wait()
    for attack in attacks:
        attack.cancel()
    sys.stdout.write(json.dumps(answers))


if __name__ == "__main__":
    asyncio.run(_main())
