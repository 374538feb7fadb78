"""Decides when a request to a model is retried, and converts the model's faults to refusals."""

import json
import logging
import math
import random
import time
from contextlib import suppress
from email.utils import parsedate_to_datetime

import httpx2
from openai import APIConnectionError, APIError, APIStatusError, OpenAIError

from adapters.language_models.openai.event_stream import MalformedAnswer
from application.validation import DECODE_ERRORS
from domain.errors import ModelFailed, ModelTimeout, ModelUnavailable, Unavailable

FIRST_WAIT_SECONDS = 0.1
MAX_RETRY_AFTER = 60

AWAY = "The assistant can't be reached right now. Your message is kept; try again in a moment."
BUSY = "The assistant has too much to do right now. Your message is kept; try again a little later."
REFUSED = (
    "The assistant isn't set up right: its provider refuses us. Your message is kept; tell those who run this server."
)
TOO_SLOW = "The assistant took too long. Your message is kept; try again in a moment."
NO_ANSWER = "The assistant's answer could not be understood. Your message is kept; try again in a moment."

FAULTS = (TimeoutError, OpenAIError, httpx2.HTTPError, json.JSONDecodeError, MalformedAnswer, *DECODE_ERRORS)
"""The library also lets JSON errors pass, and transport errors during the body of a 4xx or 5xx."""

log = logging.getLogger(__name__)


def wait_seconds(error: APIError, attempt: int) -> float:
    if isinstance(error, APIStatusError):
        if not _may_pass(error.status_code):
            return math.inf
        if (asked := _asked_seconds(error)) is not None:
            return asked
    return FIRST_WAIT_SECONDS * 2.0**attempt * random.uniform(0.5, 1)  # noqa: S311


def _may_pass(status: int) -> bool:
    return status in (408, 409, 429) or status >= 500


def _asked_seconds(error: APIStatusError) -> float | None:
    """Returns the value of Retry-After, which is in seconds or a date (RFC 9110, 10.2.3)."""
    value = error.response.headers.get("retry-after", "")
    with suppress(ValueError):
        return max(0.0, float(value))
    with suppress(ValueError, OverflowError):
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    return None


def refusal_of(error: Exception, *, begun: bool) -> Unavailable:
    """Logs only the kind of the fault, since a provider's message may contain the key or the chat."""
    reason = str(error) if isinstance(error, MalformedAnswer) else type(error).__name__
    log.warning("the model failed: %s, status %s", reason, getattr(error, "status_code", None))
    match error:
        case TimeoutError():
            return ModelTimeout(TOO_SLOW)
        case APIStatusError():
            return _by_status(error)
        case APIConnectionError() | httpx2.HTTPError() if not begun:
            return ModelUnavailable(AWAY)
    return ModelFailed(NO_ANSWER)


def _by_status(error: APIStatusError) -> ModelUnavailable:
    if not _may_pass(error.status_code):
        return ModelUnavailable(REFUSED, MAX_RETRY_AFTER)
    asked = min(max(1.0, _asked_seconds(error) or 1.0), MAX_RETRY_AFTER)
    return ModelUnavailable(BUSY if error.status_code == 429 else AWAY, math.ceil(asked))
