"""Mail over SMTP, or to the log if there is no mail server."""

import asyncio
import logging
import ssl
from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from functools import partial

import aiosmtplib

from adapters.mail.mails import changed_mail, confirmation_mail, reminder_mail, reset_mail
from adapters.mail.smtp_server import SmtpServer, in_ascii
from application.ports import Mail, Mailer, ReminderMailer
from domain.webhooks.webhook import Undelivered

SEND_SECONDS = 30
CLOSE_SECONDS = 10
MAX_UNDER_WAY = 100
"""The limit of mails that are being sent. Further mails are dropped, so that a mail server that hangs does not fill the
memory."""

Written = Callable[[Address, str], EmailMessage]
"""Writes a mail from a sender to a recipient."""

log = logging.getLogger("adapters.mail")


class SmtpMailer(Mailer, ReminderMailer):
    """Sends links in the background, so that the time of an answer does not reveal whether the address has an account.
    STARTTLS is used if the server offers it, and required if there is a password."""

    def __init__(
        self, server: SmtpServer, tls: ssl.SSLContext | None = None, closing_seconds: float = CLOSE_SECONDS
    ) -> None:
        self._server = server
        self._tls = tls
        self._closing_seconds = closing_seconds
        self._under_way: set[asyncio.Task[None]] = set()

    async def send_reset_link(self, address: str, link: str) -> None:
        self._start(address, "password reset", partial(reset_mail, link=link))

    async def send_confirmation(self, address: str, link: str) -> None:
        self._start(address, "confirmation", partial(confirmation_mail, link=link))

    async def send_email_changed(self, address: str, email: str) -> None:
        self._start(address, "notice of change", partial(changed_mail, email=email))

    async def send(self, mail: Mail) -> None:
        try:
            await self._deliver(mail.to, partial(reminder_mail, mail=mail))
        except (TimeoutError, OSError, ValueError, aiosmtplib.SMTPException) as failure:
            raise Undelivered(f"The mail server did not take it: {type(failure).__name__}.") from None

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

    def _start(self, address: str, kind: str, written: Written) -> None:
        if len(self._under_way) >= MAX_UNDER_WAY:
            log.error("a %s mail was dropped: too many are under way", kind)
            return
        task = asyncio.create_task(self._deliver(address, written), name=kind)
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    async def _deliver(self, address: str, written: Written) -> None:
        server, recipient = self._server, in_ascii(address)
        async with asyncio.timeout(SEND_SECONDS):
            await aiosmtplib.send(
                written(server.sender, recipient),
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
            log.error("a %s mail could not be sent: %s", task.get_name(), type(error).__name__)


class LoggedMailer(Mailer, ReminderMailer):
    """Stands in for a mail server. Links are secrets, so they are logged only in development."""

    def __init__(self, *, show_links: bool, lacks: str = "there is no mail server (SMTP_URL)") -> None:
        self._show_links = show_links
        self._lacks = lacks

    async def send_reset_link(self, address: str, link: str) -> None:
        self._log("password reset", address, link)

    async def send_confirmation(self, address: str, link: str) -> None:
        self._log("confirmation", address, link)

    async def send_email_changed(self, address: str, email: str) -> None:  # noqa: ARG002
        log.warning("a notice of change was not sent: %s", self._lacks)

    async def send(self, mail: Mail) -> None:
        if self._show_links:
            log.info("mail for development: %s (for %s)", mail.subject, mail.to)
        else:
            log.warning("a reminder was not mailed: %s", self._lacks)

    def _log(self, kind: str, address: str, link: str) -> None:
        if self._show_links:
            log.info("%s link for development: %s (for %s)", kind, link, address)
        else:
            log.warning("a %s mail was not sent: %s", kind, self._lacks)
