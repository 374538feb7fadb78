import asyncio
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from ssl import SSLContext

import pytest

from adapters.mail import MAX_UNDER_WAY, LoggedMailer, SmtpMailer, SmtpServer
from application.ports import Mail
from tests.servers.mail_server import PASSWORD, Inbox, certified, smtp_server

LINK = "https://todo.example.com/reset-password?token=" + "s3cret" * 12
FROM = "from=Todo%20f%C3%BCr%20alle%20%3Ctodo@example.com%3E"
LOGIN = "todo%40example.com:p%40ss%20word"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "adapters.mail")
    return caplog


async def send(url: str, address: str = "ada@example.com", tls: SSLContext | None = None) -> None:
    mailer = SmtpMailer(SmtpServer.from_url(url), tls)
    await mailer.send_reset_link(address, LINK)
    await mailer.close()


def failure(log: pytest.LogCaptureFixture) -> str:
    """The kind of error that is logged, and nothing that is secret."""
    [message] = [record.getMessage() for record in log.records if record.name == "adapters.mail"]
    assert not any(secret in message for secret in ("@", "example", "s3cret", PASSWORD))
    return message.removeprefix("a password reset mail could not be sent: ")


async def test_the_link_comes_by_mail(inbox: Inbox) -> None:
    async with smtp_server(inbox) as port:
        await send(f"smtp://127.0.0.1:{port}?{FROM}")
    mail = inbox.mail()
    assert inbox.envelopes[0].rcpt_tos == ["ada@example.com"]
    assert LINK in mail.get_content().splitlines()
    assert (mail["To"], mail["From"]) == ("ada@example.com", "Todo für alle <todo@example.com>")
    assert mail["Subject"] == "Choose a new tasktalk password"
    assert mail["Message-ID"].endswith("@example.com>")
    assert abs(mail["Date"].datetime - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("address", ["zoë@example.com", "日本@例え.example", "o'neil+x@example.com"])
async def test_an_address_may_have_letters_of_any_script(inbox: Inbox, address: str) -> None:
    async with smtp_server(inbox) as port:
        await send(f"smtp://127.0.0.1:{port}", address)
    assert inbox.envelopes[0].rcpt_tos == [address]
    assert inbox.mail()["To"].addresses[0].addr_spec == address


async def test_a_domain_of_any_script_needs_no_modern_server(inbox: Inbox) -> None:
    async with smtp_server(inbox, enable_SMTPUTF8=False) as port:
        await send(f"smtp://127.0.0.1:{port}", "ada@faß.example")
    assert inbox.envelopes[0].rcpt_tos == ["ada@xn--fa-hia.example"]


async def test_mails_of_reminders_end_by_one_click_on_an_address_that_every_mailbox_reads(inbox: Inbox) -> None:
    """RFC 8058, 3.1. Its token makes the header longer than the lines of a mail."""
    address = f"https://tasks.example.com/api/mail/unsubscribe?token={'aB_-' * 60}"
    mail = Mail(to="ann@example.com", subject="Reminder: Bäcker", text="Bäcker", id="reminder.4.a", unsubscribe=address)
    async with smtp_server(inbox) as port:
        await SmtpMailer(SmtpServer.from_url(f"smtp://127.0.0.1:{port}?{FROM}")).send(mail)
    [envelope] = inbox.envelopes
    assert isinstance(envelope.content, bytes)
    head = envelope.content.decode().replace("\r\n", "\n").partition("\n\n")[0].split("\n")
    assert f"List-Unsubscribe: <{address}>" in head
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head
    assert "Message-ID: <reminder.4.a@example.com>" in head


async def test_the_old_address_is_told_what_helps_there(inbox: Inbox) -> None:
    """Links for a new password go to the new address by now."""
    async with smtp_server(inbox) as port:
        mailer = SmtpMailer(SmtpServer.from_url(f"smtp://127.0.0.1:{port}?{FROM}"))
        await mailer.send_email_changed("ada@example.com", "eve@example.com")
        await mailer.close()
    text = inbox.mail().get_content()
    assert "eve@example.com" in text
    assert "ask for a new password" not in text
    assert "tell who runs this service at once" in text


async def test_an_address_that_the_server_has_no_letters_for_is_told_in_the_log(
    inbox: Inbox, log: pytest.LogCaptureFixture
) -> None:
    async with smtp_server(inbox, enable_SMTPUTF8=False) as port:
        await send(f"smtp://127.0.0.1:{port}", "zoë@example.com")
    assert failure(log) == "SMTPNotSupported"


@pytest.mark.parametrize(
    "address", ["ada@example.com\r\nBcc: eve@example.com", "ada@example.com>\r\nRCPT TO:<eve@example.com", "nobody"]
)
async def test_nothing_else_can_be_put_into_the_mail_by_an_address(
    inbox: Inbox, log: pytest.LogCaptureFixture, address: str
) -> None:
    async with smtp_server(inbox) as port:
        await send(f"smtp://127.0.0.1:{port}", address)
    assert not inbox.envelopes
    assert failure(log)


async def test_a_refused_address_is_told_in_the_log_without_the_address(
    inbox: Inbox, log: pytest.LogCaptureFixture
) -> None:
    async with smtp_server(inbox) as port:
        await send(f"smtp://127.0.0.1:{port}", "nobody@example.com")
    assert failure(log) == "SMTPRecipientsRefused"


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_a_server_that_is_away_is_told_in_the_log(log: pytest.LogCaptureFixture, scheme: str) -> None:
    await send(f"{scheme}://127.0.0.1:1")
    assert failure(log) == "SMTPConnectError"


@pytest.mark.parametrize("implicit", [False, True])
async def test_the_password_goes_over_tls(inbox: Inbox, tmp_path: Path, implicit: bool) -> None:
    server, client = certified(tmp_path)
    options = {"implicit_tls": server, "auth_require_tls": False} if implicit else {"tls_context": server}
    async with smtp_server(inbox, **options) as port:
        await send(f"{'smtps' if implicit else 'smtp'}://{LOGIN}@127.0.0.1:{port}", tls=client)
    assert inbox.encrypted == [True]
    assert inbox.passwords == [PASSWORD.encode()]
    assert inbox.mail()["From"] == "tasktalk <todo@example.com>"


async def test_tls_is_used_where_it_is_offered(inbox: Inbox, tmp_path: Path) -> None:
    server, client = certified(tmp_path)
    async with smtp_server(inbox, tls_context=server) as port:
        await send(f"smtp://127.0.0.1:{port}", tls=client)
    assert inbox.encrypted == [True]


async def test_the_password_is_kept_from_a_server_without_tls(inbox: Inbox, log: pytest.LogCaptureFixture) -> None:
    async with smtp_server(inbox, auth_require_tls=False) as port:
        await send(f"smtp://{LOGIN}@127.0.0.1:{port}")
    assert not inbox.passwords
    assert failure(log) == "SMTPException"


async def test_a_server_that_proves_nothing_gets_nothing(
    inbox: Inbox, log: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    server, _ = certified(tmp_path)
    async with smtp_server(inbox, tls_context=server) as port:
        await send(f"smtp://{LOGIN}@127.0.0.1:{port}")
    assert not inbox.passwords
    assert "Error" in failure(log)


async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def test_nobody_waits_for_a_server_that_hangs_and_mails_do_not_pile_up(log: pytest.LogCaptureFixture) -> None:
    async with await asyncio.start_server(silence, "127.0.0.1") as server:
        url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        mailer = SmtpMailer(SmtpServer.from_url(url), closing_seconds=0.05)
        for _ in range(MAX_UNDER_WAY + 2):
            await mailer.send_reset_link("ada@example.com", LINK)
        await mailer.close()
    dropped = "a password reset mail was dropped: too many are under way"
    late = f"{MAX_UNDER_WAY} password reset mails could not be sent before the end"
    assert log.messages == [dropped, dropped, late]
    await mailer.close()


async def test_in_development_the_link_is_in_the_log(log: pytest.LogCaptureFixture) -> None:
    await LoggedMailer(show_links=True).send_reset_link("ada@example.com", LINK)
    assert [(record.levelname, LINK in record.message) for record in log.records] == [("INFO", True)]


async def test_elsewhere_the_log_warns_and_keeps_the_link(log: pytest.LogCaptureFixture) -> None:
    await LoggedMailer(show_links=False).send_reset_link("ada@example.com", LINK)
    assert [record.levelname for record in log.records] == ["WARNING"]
    assert "SMTP_URL" in failure(log)


@pytest.mark.parametrize(
    "url",
    ["", "mail.example.com", "http://s3cret@h:25", "smtp://", "smtp://h:s3cret", "smtp://h:99999", "smtp://h?from=s3"],
)
def test_what_is_no_smtp_url_is_said_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="must be a URL such as smtp://") as refused:
        SmtpServer.from_url(url)
    assert "s3" not in str(refused.value)


@pytest.mark.parametrize(("url", "port"), [("smtp://h", 587), ("smtps://h", 465), ("smtp://h:25", 25)])
def test_a_url_without_a_port_means_the_port_of_submission(url: str, port: int) -> None:
    assert SmtpServer.from_url(url).port == port


def test_the_password_is_in_no_representation() -> None:
    assert PASSWORD not in repr(SmtpServer.from_url(f"smtp://{LOGIN}@h"))
