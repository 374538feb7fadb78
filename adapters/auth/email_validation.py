"""Email addresses by RFC 5321 and RFC 6531, as the email-validator library reads them. DNS is not used."""

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from application.ports import EmailAddresses
from domain.errors import Invalid

MAX_EMAIL_LENGTH = 254
"""The limit of RFC 5321 §4.5.3.1.3, without the angle brackets. It is checked first, as the parser's errors may repeat
the address."""


class EmailValidation(EmailAddresses):
    """Converts the domain to lower case and everything to NFC; the part before the @ keeps its case. Domains without
    mail (localhost, .local, .invalid, .onion) are refused. example.com and, for tests, .test are accepted."""

    def normalize(self, address: str) -> str:
        address = address.strip()
        if len(address) > MAX_EMAIL_LENGTH:
            raise Invalid.field("email", f"must be at most {MAX_EMAIL_LENGTH} characters")
        try:
            return _checked(address).normalized
        except EmailNotValidError as error:
            raise Invalid.field("email", str(error)) from None


def _checked(address: str) -> ValidatedEmail:
    checked = validate_email(address, check_deliverability=False, strict=True, test_environment=True)
    if "." not in checked.domain:
        raise EmailNotValidError("The part after the @-sign is not valid. It should have a period.")
    return checked
