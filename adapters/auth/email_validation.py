"""What is an email address, as the email-validator library reads RFC 5321 and RFC 6531; no DNS is asked."""

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from application.ports import EmailAddresses
from domain.errors import Invalid

LONGEST = 254
"""RFC 5321 §4.5.3.1.3, less the angle brackets. Checked first, as a parser's errors may repeat what it is given."""


class EmailValidation(EmailAddresses):
    """The domain becomes lower case, all becomes NFC, the part before the @ keeps its case.

    Domains that can't have mail (localhost, .local, .invalid, .onion) are refused; example.com and, for tests,
    anything under .test are not.
    """

    def normalize(self, address: str) -> str:
        address = address.strip()
        if len(address) > LONGEST:
            raise Invalid.field("email", f"must be at most {LONGEST} characters")
        try:
            return _checked(address).normalized
        except EmailNotValidError as error:
            raise Invalid.field("email", str(error)) from None


def _checked(address: str) -> ValidatedEmail:
    checked = validate_email(address, check_deliverability=False, strict=True, test_environment=True)
    if "." not in checked.domain:
        raise EmailNotValidError("The part after the @-sign is not valid. It should have a period.")
    return checked
