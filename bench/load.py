"""A closed-loop load: so many keep-alive connections, each sending its next request when the last one is answered."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from bench.options import no_command


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    token: str
    body: bytes = b""
    accept: str = "application/json"

    def encoded(self) -> bytes:
        head = f"{self.method} {self.path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {self.token}\r\n"
        head += f"accept: {self.accept}\r\n"
        return f"{head}content-type: application/json\r\ncontent-length: {len(self.body)}\r\n\r\n".encode() + self.body


@dataclass(frozen=True, slots=True)
class Result:
    """`latencies` in milliseconds, sorted."""

    seconds: float
    latencies: list[float]

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        return self.latencies[int(share * (len(self.latencies) - 1))]


async def load(port: int, requests: Sequence[Request], connections: int, count: int) -> Result:
    """Each connection goes round `requests` from a place of its own, and with another user than the one before.

    Raises `RuntimeError` at the first answer that is no 2xx: an error would be the fastest of answers.
    """
    encoded = [request.encoded() for request in requests]
    share, places = count // connections, [each * len(encoded) // connections + each for each in range(connections)]
    rounds = [cycle(encoded[place % len(encoded) :] + encoded[: place % len(encoded)]) for place in places]
    began = time.perf_counter()
    found = await asyncio.gather(*(_client(port, islice(each, share)) for each in rounds))
    return Result(time.perf_counter() - began, sorted(each for latencies in found for each in latencies))


async def _client(port: int, requests: Iterable[bytes]) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    latencies = []
    for request in requests:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        body = await reader.readexactly(int(length))
        latencies.append((time.perf_counter() - began) * 1000)
        if not head.startswith(b"HTTP/1.1 2"):
            raise RuntimeError(f"{head.partition(bytes(2))[0]!r} {body[:200]!r}")
    writer.close()
    return latencies


if __name__ == "__main__":
    no_command(__doc__)
