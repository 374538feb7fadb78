from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from domain.accounts.account import MAX_NAME_LENGTH, MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH
from domain.accounts.profile import TIME_OF_DAY, WEEK_STARTS

Email = Annotated[
    str,
    Meta(
        description="Compared without regard to case.",
        examples=["ann@example.com"],
        extra_json_schema={"format": "email"},
    ),
]
NewPassword = Annotated[
    str,
    Meta(
        description=f"{MIN_PASSWORD_LENGTH}–{MAX_PASSWORD_LENGTH} characters.",
        examples=["correct horse battery"],
        extra_json_schema={"minLength": MIN_PASSWORD_LENGTH, "maxLength": MAX_PASSWORD_LENGTH, "format": "password"},
    ),
]
Password = Annotated[str, Meta(examples=["correct horse battery"], extra_json_schema={"format": "password"})]


Name = Annotated[
    str,
    Meta(
        description=f"At most {MAX_NAME_LENGTH} characters.",
        examples=["Ann"],
        extra_json_schema={"maxLength": MAX_NAME_LENGTH},
    ),
]
Timezone = Annotated[
    str, Meta(description="Of the IANA Time Zone Database, in any case; UTC by default.", examples=["Europe/Berlin"])
]
WeekStart = Annotated[
    str, Meta(description="Monday by default.", examples=["sunday"], extra_json_schema={"enum": WEEK_STARTS})
]
Locale = Annotated[str, Meta(description="A language tag (RFC 5646); `en` by default.", examples=["en-US"])]
ReminderTime = Annotated[
    str,
    Meta(
        description="When reminders of a day without an hour ring; 09:00 by default.",
        examples=["08:30"],
        extra_json_schema={"pattern": f"^{TIME_OF_DAY.pattern}$"},
    ),
]


class SignUp(Struct, forbid_unknown_fields=True):
    email: Email
    password: NewPassword
    name: Name | None = None
    timezone: Timezone | None = None
    week_start: WeekStart | None = None
    locale: Locale | None = None


class SignIn(Struct, forbid_unknown_fields=True):
    email: Email
    password: Password


class ProfileChanges(Struct, forbid_unknown_fields=True):
    """An absent field keeps its value, and null restores its default."""

    name: Name | UnsetType | None = UNSET
    timezone: Timezone | UnsetType | None = UNSET
    week_start: WeekStart | UnsetType | None = UNSET
    locale: Locale | UnsetType | None = UNSET
    reminder_time: ReminderTime | UnsetType | None = UNSET
