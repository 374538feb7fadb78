"""A push service and a browser of our own: RFC 8030, 8188 and 8291."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ec import ECDH, SECP256R1, EllipticCurvePublicKey, generate_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from domain.reminders.push import PushSubscription

NOW = datetime.now(UTC)


def text_of(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class Browser:
    """Has the keys of a subscription, and reads what was encrypted for it."""

    def __init__(self) -> None:
        self._key = generate_private_key(SECP256R1())
        self.public = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.auth = bytes(range(16))

    @property
    def keys(self) -> dict[str, str]:
        """As `PushSubscription.toJSON()` gives them."""
        return {"p256dh": text_of(self.public), "auth": text_of(self.auth)}

    def subscription(self, endpoint: str) -> PushSubscription:
        return PushSubscription(user_id="ann", id="s1", endpoint=endpoint, created_at=NOW, **self.keys)

    def read(self, body: bytes) -> bytes:
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size
        shared = self._key.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), sender))
        info = b"WebPush: info\x00" + self.public + sender
        secret = HKDF(SHA256(), 32, self.auth, info).derive(shared)
        key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\x00").derive(secret)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\x00").derive(secret)
        text, _, padding = AESGCM(key).decrypt(nonce, record, None).rpartition(b"\x02")
        assert not padding.strip(b"\x00")
        return text


class PushService:
    """Takes what a push service takes, and keeps it."""

    def __init__(self) -> None:
        self.status, self.port = 201, 0
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.comes = asyncio.Event()

    async def next(self) -> bytes:
        """Waits for the next message."""
        while not self.taken:
            self.comes.clear()
            await self.comes.wait()
        return self.taken.pop(0)[1]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A sender that was killed may have sent a part."""
        with suppress(asyncio.IncompleteReadError, ConnectionResetError):
            await self._take(reader, writer)
        writer.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        headers[":path"] = head[0].split()[1]
        body = await reader.readexactly(int(headers["content-length"]))
        self.taken.append((headers, body))
        self.comes.set()
        writer.write(b"HTTP/1.1 %d Created\r\nContent-Length: 0\r\n\r\n" % self.status)
        await writer.drain()


@asynccontextmanager
async def running() -> AsyncIterator[PushService]:
    service = PushService()
    async with await asyncio.start_server(service.serve, "127.0.0.1", 0) as server:
        service.port = server.sockets[0].getsockname()[1]
        yield service
