"""Another issuer on loopback: its keys, what it signs with them, and a server that publishes them or misbehaves."""

import asyncio
import base64
import json
import ssl
from collections.abc import Awaitable, Callable
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

Json = dict[str, Any]
JWKS = "/api/auth/jwks"
DISCOVERY = "/.well-known/openid-configuration"


def b64(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def encoded(part: Json | bytes) -> str:
    return b64(part if isinstance(part, bytes) else json.dumps(part).encode())


class SigningKey:
    """`public` is what a JWK set says of it: no `use`, as Better Auth has it."""

    def __init__(self, alg: str, kid: str, public: Json, sign: Callable[[bytes], bytes]) -> None:
        self.alg, self.kid, self.sign = alg, kid, sign
        self.public = {"alg": alg, "kid": kid, **public}

    def token(self, claims: Json | bytes, header: Json | bytes | None = None, **changes: Any) -> str:
        """`changes` are of the header; None leaves a name out."""
        given = header if header is not None else {"alg": self.alg, "kid": self.kid} | changes
        kept = (
            given if isinstance(given, bytes) else {name: value for name, value in given.items() if value is not None}
        )
        text = f"{encoded(kept)}.{encoded(claims)}"
        return f"{text}.{b64(self.sign(text.encode()))}"


def ed25519_key(kid: str) -> SigningKey:
    key = ed25519.Ed25519PrivateKey.generate()
    return SigningKey(
        "EdDSA", kid, {"kty": "OKP", "crv": "Ed25519", "x": b64(key.public_key().public_bytes_raw())}, key.sign
    )


def es256_key(kid: str) -> SigningKey:
    key = ec.generate_private_key(ec.SECP256R1())
    numbers = key.public_key().public_numbers()

    def sign(text: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(text, ec.ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    public = {
        "kty": "EC",
        "crv": "P-256",
        "x": b64(numbers.x.to_bytes(32, "big")),
        "y": b64(numbers.y.to_bytes(32, "big")),
    }
    return SigningKey("ES256", kid, public, sign)


def rs256_key(kid: str, bits: int = 2048) -> SigningKey:
    key = rsa.generate_private_key(65537, bits)
    numbers = key.public_key().public_numbers()
    public = {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)}
    return SigningKey("RS256", kid, public, lambda text: key.sign(text, padding.PKCS1v15(), SHA256()))


def jwks(*keys: SigningKey) -> bytes:
    return json.dumps({"keys": [key.public for key in keys]}).encode()


Play = Callable[[asyncio.StreamWriter], Awaitable[None]]


class IssuerServer:
    """Answers each path with its page, at once or as `Play` has it; what is not there is 404. `asked` are the paths."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.pages: dict[str, bytes | Play] = {}
        self.asked: list[str] = []
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                path = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split()[1]
                self.asked.append(path)
                page = self.pages.get(path) or self.pages.get(path.partition("?")[0], answered(404))
                await (answered(200, page) if isinstance(page, bytes) else page)(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()


def answered(status: int, body: bytes = b"", **headers: str) -> Play:
    async def play(writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status} x", *(f"{name}: {value}" for name, value in headers.items())]
        writer.write("\r\n".join([*lines, f"content-length: {len(body)}", "", ""]).encode() + body)
        await writer.drain()

    return play


async def silence(writer: asyncio.StreamWriter) -> None:
    """Until the client hangs up."""
    await writer.wait_closed()


async def hang_up(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
