"""The address of a mail server, with the sender of our mails."""

from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

PORTS = {"smtp": 587, "smtps": 465}
"""The ports for mail submission, from RFC 6409 and RFC 8314."""


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
        URL, which may hold a password."""
        try:
            return _server(urlsplit(url))
        except (ValueError, KeyError, IndexError):
            raise ValueError("must be a URL such as smtp://user:password@host:587?from=todo@example.com") from None


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


def in_ascii(address: str) -> str:
    """Returns the address with the domain in IDNA form if possible, since few servers have SMTPUTF8 (RFC 6531)."""
    try:
        return validate_email(address, check_deliverability=False, test_environment=True).ascii_email or address
    except EmailNotValidError:
        return address
