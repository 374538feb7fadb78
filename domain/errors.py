"""The refusals that users see. One table in adapters/http maps them to HTTP statuses."""

from dataclasses import dataclass
from typing import Any, ClassVar


class Refusal(Exception):
    """The base of all expected refusals. `message` is for people and says what to do, and `code` is for programs."""

    code: ClassVar[str] = "REFUSED"
    title: ClassVar[str] = "Refused"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class FieldError:
    field: str
    message: str


class Invalid(Refusal):
    code = "VALIDATION_ERROR"
    title = "Validation error"

    def __init__(self, *fields: FieldError) -> None:
        super().__init__("; ".join(f"{each.field}: {each.message}" for each in fields))
        self.fields = fields

    @classmethod
    def field(cls, field: str, message: str) -> "Invalid":
        return cls(FieldError(field, message))


class FilterError(Invalid):
    """`expected` should stand at `position`, in code points from 0. `example` is a valid filter."""

    def __init__(self, message: str, position: int, expected: str, example: str) -> None:
        super().__init__(FieldError("filter", message))
        self.position = position
        self.expected = expected
        self.example = example


class InvalidRequest(Refusal):
    code = "INVALID_REQUEST"
    title = "Invalid request"


class EmailTaken(Refusal):
    code = "EMAIL_EXISTS"
    title = "Email already registered"


class WrongCredentials(Refusal):
    code = "INVALID_CREDENTIALS"
    title = "Invalid credentials"


class InvalidResetToken(Refusal):
    code = "INVALID_RESET_TOKEN"
    title = "Invalid reset token"


class InvalidLink(Refusal):
    """A link of a mail or a button of a notification is unknown, too old or used."""

    code = "INVALID_LINK"
    title = "Invalid link"


class NotAuthenticated(Refusal):
    code = "UNAUTHORIZED"
    title = "Not authenticated"


class UnknownFormat(Refusal):
    """The file has an unknown format. The message names the formats that can be read."""

    code = "UNSUPPORTED_MEDIA_TYPE"
    title = "Unsupported media type"


class Forbidden(Refusal):
    code = "FORBIDDEN"
    title = "Forbidden"


class InsufficientScope(Forbidden):
    """The token does not have the `scope` that is needed (RFC 6750, 3.1)."""

    code = "INSUFFICIENT_SCOPE"
    title = "Insufficient scope"

    def __init__(self, scope: str) -> None:
        super().__init__(f"This token may not do that: it lacks the scope {scope}. Use one that has it.")
        self.scope = scope


class QuotaReached(Forbidden):
    """The user has reached a quota. The message says how large it is."""

    code = "QUOTA_REACHED"
    title = "Quota reached"


class NotFound(Refusal):
    code = "NOT_FOUND"
    title = "Not found"


class Conflict(Refusal):
    code = "CONFLICT"
    title = "Conflict"


class Stale(Refusal):
    """The caller has seen an older state. `current` is the entity as it is now."""

    code = "STALE"
    title = "Changed meanwhile"

    def __init__(self, message: str, current: Any) -> None:
        super().__init__(message)
        self.current = current


class Gone(Refusal):
    """The resource existed and is no longer kept."""

    code = "GONE"
    title = "No longer kept"


class TurnTaken(Conflict):
    """Another server or request holds the lease of the turn."""

    code = "TURN_RUNNING"
    title = "The assistant is still at work"

    def __init__(self, turn_id: str) -> None:
        super().__init__("The assistant is still answering your last message. Wait until it is done, or stop it first.")
        self.turn_id = turn_id


class IdempotencyInFlight(Conflict):
    """The first request with this key is still being processed."""

    code = "IDEMPOTENCY_IN_FLIGHT"
    title = "Request in flight"

    def __init__(self) -> None:
        super().__init__("A request with this idempotency key is being answered. Try again in a moment.")


class IdempotencyMismatch(Refusal):
    """The key was used with another request."""

    code = "IDEMPOTENCY_MISMATCH"
    title = "Idempotency key used before"

    def __init__(self) -> None:
        super().__init__("This idempotency key was sent with another request. Use a new key for a new request.")


class RateLimited(Refusal):
    """`limit` calls per `window_seconds` are used up. The next call is possible in `retry_after` seconds."""

    code = "RATE_LIMITED"
    title = "Too many requests"

    def __init__(self, limit: int, window_seconds: int, retry_after: int) -> None:
        super().__init__(f"Too many requests: {limit} per {window_seconds} seconds. Try again in {retry_after} s.")
        self.limit = limit
        self.window_seconds = window_seconds
        self.retry_after = retry_after


class QuotaExceeded(RateLimited):
    """The user has used up the tokens of a day (UTC)."""

    code = "QUOTA_EXCEEDED"
    title = "Daily quota used up"

    def __init__(self, limit: int, retry_after: int) -> None:
        super().__init__(limit, 86_400, retry_after)
        self.message = f"You have used up today's {limit} tokens of the assistant. Go on after midnight UTC."


class Unavailable(Refusal):
    """A service that is needed is unavailable. A client may retry after `retry_after` seconds."""

    code = "SERVICE_UNAVAILABLE"
    title = "Service unavailable"

    turn_id: str | None = None
    """The id of the chat turn that failed because of this and may be resumed."""

    def __init__(self, message: str, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class WriteConflict(Unavailable):
    """A unit of work was in conflict with another one and gave way."""

    is_rolled_back: bool = False
    """Whether the outermost unit of work has ended. Then nothing of it is stored, and it may be retried from its
    beginning.
    """


class ModelUnavailable(Unavailable):
    """The language model can't be reached or refuses the request: no connection, a bad key, or its own rate limit."""

    code = "MODEL_UNAVAILABLE"
    title = "Assistant unavailable"


class ModelFailed(Unavailable):
    """The language model sent an answer that can't be used."""

    code = "MODEL_ERROR"
    title = "Assistant failed"


class ModelTimeout(Unavailable):
    """The language model did not finish in time."""

    code = "MODEL_TIMEOUT"
    title = "Assistant timed out"
