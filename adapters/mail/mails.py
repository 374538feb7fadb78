from datetime import UTC, datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy, default
from email.utils import make_msgid

from application.ports import Mail

RESET_TEXT = """\
Somebody, hopefully you, asked for a new password for your tasktalk account.
To choose one, open this link within an hour; it works once:

{link}

A new password ends all sessions, API tokens and webhooks of the account.
If that was not you, there is nothing to do: your password stays as it is.
"""

CONFIRM_TEXT = """\
Somebody, hopefully you, wants to use this address for a tasktalk account.
To confirm it, open this link within a day; it works once:

{link}

If that was not you, there is nothing to do: nothing is sent here.
"""

CHANGED_TEXT = """\
Your tasktalk account has another address now: {email}
Mails no longer come here, nor do links for a new password.

If that was not you, somebody knows your password: tell who runs this service at once.
"""


class _AddressHeader(UnstructuredHeader, BaseHeader):
    """A header with an address stays in one line: Python would encode a long one (RFC 2047), and mailboxes, which may
    not decode it there (RFC 2369, 2), would find no address."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _AddressHeader)
_POLICY = default.clone(header_factory=_HEADERS)


def reset_mail(sender: Address, recipient: str, link: str) -> EmailMessage:
    return _mail(sender, recipient, "Choose a new tasktalk password", RESET_TEXT.format(link=link))


def confirmation_mail(sender: Address, recipient: str, link: str) -> EmailMessage:
    return _mail(sender, recipient, "Confirm your address for tasktalk", CONFIRM_TEXT.format(link=link))


def changed_mail(sender: Address, recipient: str, email: str) -> EmailMessage:
    return _mail(sender, recipient, "Your tasktalk address has changed", CHANGED_TEXT.format(email=email))


def reminder_mail(sender: Address, recipient: str, mail: Mail) -> EmailMessage:
    """Returns a mail with the headers by which one click ends such mails (RFC 8058). Its id is that of the reminder, so
    a mailbox may drop doubles."""
    made = _mail(sender, recipient, mail.subject, mail.text, f"<{mail.id}@{sender.domain}>")
    if mail.unsubscribe:
        made["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return made


def _mail(sender: Address, recipient: str, subject: str, text: str, message_id: str | None = None) -> EmailMessage:
    local, domain = recipient.rsplit("@", 1)
    mail = EmailMessage(_POLICY)
    mail["From"] = sender
    mail["To"] = Address(username=local, domain=domain)
    mail["Subject"] = subject
    mail["Date"] = datetime.now(UTC)
    mail["Message-ID"] = message_id or make_msgid(domain=sender.domain)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    return mail
