"""An SMTP server on loopback that keeps what it is given, with a certificate of its own."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_string, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PASSWORD = "p@ss word"


class Inbox:
    """Refuses what is for `nobody@`, and repeats the address then as real servers do."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.passwords: list[bytes] = []
        self.encrypted: list[bool] = []

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return f"550 {address} is not here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        assert server.transport
        self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        return "250 OK"

    def login(self, server: SMTP, session: Session, envelope: Envelope, kind: str, given: LoginPassword) -> AuthResult:
        self.passwords.append(given.password)
        return AuthResult(success=given == LoginPassword(b"todo@example.com", PASSWORD.encode()))

    def mail(self) -> EmailMessage:
        [envelope] = self.envelopes
        assert isinstance(envelope.content, bytes)
        return message_from_string(envelope.content.decode(), policy=policy.default)


@asynccontextmanager
async def smtp_server(inbox: Inbox, implicit_tls: ssl.SSLContext | None = None, **options: Any) -> AsyncIterator[int]:
    """Its port; `options` are aiosmtpd's."""
    loop = asyncio.get_running_loop()
    settings = {"enable_SMTPUTF8": True, "hostname": "localhost", "authenticator": inbox.login, **options}

    def connection() -> SMTP:
        return SMTP(inbox, loop=loop, **settings)

    async with await loop.create_server(connection, "127.0.0.1", ssl=implicit_tls) as server:
        yield server.sockets[0].getsockname()[1]


def certified(folder: Path, host: str | None = None) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's side of TLS for a host, by default 127.0.0.1, and the side of a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(datetime.now(UTC)).not_valid_after(datetime.now(UTC) + timedelta(hours=1))
    names = [x509.DNSName(host) if host else x509.IPAddress(ip_address("127.0.0.1"))]
    made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate, private)
    return server, ssl.create_default_context(cafile=certificate)
