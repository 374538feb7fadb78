"""Mail over SMTP, or to the log if there is no mail server."""

import asyncio
import logging
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import aiosmtplib
from email_validator import EmailNotValidError, validate_email

from application.ports import Mailer

SEND_SECONDS = 30
CLOSE_SECONDS = 10
MAX_UNDER_WAY = 100
"""The limit of mails that are being sent. Further mails are dropped, so that a mail server that hangs does not fill the
memory."""

PORTS = {"smtp": 587, "smtps": 465}
"""The ports for mail submission, from RFC 6409 and RFC 8314."""

RESET_TEXT = """\
Somebody, hopefully you, asked for a new password for your tasktalk account.
To choose one, open this link within an hour; it works once:

{link}

A new password ends all sessions, API tokens and webhooks of the account.
If that was not you, there is nothing to do: your password stays as it is.
"""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SmtpServer:
    host: str
    port: int
    sender: Address
    implicit_tls: bool = False
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def from_url(cls, url: str) -> "SmtpServer":
        """Parses `smtp[s]://user:password@host:port?from=tasktalk <todo@example.com>`, percent-encoded where needed.

        Without `from`, the sender is the user name if that is an address. Raises `ValueError`; its text leaves out the
        URL, which may hold a password.
        """
        try:
            return _server(urlsplit(url))
        except (ValueError, KeyError, IndexError):
            raise ValueError("must be a URL such as smtp://user:password@host:587?from=todo@example.com") from None


class SmtpMailer(Mailer):
    """Sends in the background, so that the time of an answer does not reveal whether the address has an account.

    STARTTLS is used if the server offers it, and required if there is a password.
    """

    def __init__(
        self, server: SmtpServer, tls: ssl.SSLContext | None = None, closing_seconds: float = CLOSE_SECONDS
    ) -> None:
        self._server = server
        self._tls = tls
        self._closing_seconds = closing_seconds
        self._under_way: set[asyncio.Task[None]] = set()

    async def send_reset_link(self, address: str, link: str) -> None:
        if len(self._under_way) >= MAX_UNDER_WAY:
            log.error("a password reset mail was dropped: too many are under way")
            return
        task = asyncio.create_task(self._deliver(address, link))
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    async def close(self) -> None:
        """Waits for the mails that are being sent, for a limited time."""
        if not self._under_way:
            return
        _, late = await asyncio.wait(self._under_way, timeout=self._closing_seconds)
        for task in late:
            task.cancel()
        if late:
            log.error("%d password reset mails could not be sent before the end", len(late))
            await asyncio.wait(late)

    async def _deliver(self, address: str, link: str) -> None:
        server, recipient = self._server, _in_ascii(address)
        async with asyncio.timeout(SEND_SECONDS):
            await aiosmtplib.send(
                _reset_mail(server.sender, recipient, link),
                recipients=[recipient],
                hostname=server.host,
                port=server.port,
                username=server.username,
                password=server.password,
                use_tls=server.implicit_tls,
                start_tls=True if server.username and not server.implicit_tls else None,
                tls_context=self._tls,
            )

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Logs only the kind of an error, since errors of mail servers contain the address."""
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("a password reset mail could not be sent: %s", type(error).__name__)


class LoggedMailer(Mailer):
    """Stands in for a mail server. Reset links are secrets, so they are logged only in development."""

    def __init__(self, *, show_links: bool, lacks: str = "there is no mail server (SMTP_URL)") -> None:
        self._show_links = show_links
        self._lacks = lacks

    async def send_reset_link(self, address: str, link: str) -> None:
        if self._show_links:
            log.info("password reset link for development: %s (for %s)", link, address)
        else:
            log.warning("a password reset mail was not sent: %s", self._lacks)


def _server(url: SplitResult) -> SmtpServer:
    if not url.hostname:
        raise ValueError("no host")
    username = unquote(url.username or "") or None
    default = username if username and "@" in username else f"tasktalk@{url.hostname}"
    name, address = parseaddr(parse_qs(url.query).get("from", [default])[0])
    local, domain = address.rsplit("@", 1)
    port = PORTS[url.scheme]
    return SmtpServer(
        host=url.hostname,
        port=url.port or port,
        sender=Address(name or "tasktalk", local, domain),
        implicit_tls=url.scheme == "smtps",
        username=username,
        password=unquote(url.password or "") or None,
    )


def _in_ascii(address: str) -> str:
    """Returns the address with the domain in IDNA form if possible, since few servers have SMTPUTF8 (RFC 6531)."""
    try:
        return validate_email(address, check_deliverability=False, test_environment=True).ascii_email or address
    except EmailNotValidError:
        return address


def _reset_mail(sender: Address, recipient: str, link: str) -> EmailMessage:
    local, domain = recipient.rsplit("@", 1)
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = Address(username=local, domain=domain)
    mail["Subject"] = "Choose a new tasktalk password"
    mail["Date"] = datetime.now(UTC)
    mail["Message-ID"] = make_msgid(domain=sender.domain)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(RESET_TEXT.format(link=link))
    return mail
