"""Streaming Chat Completions: OpenAI, or any server that speaks its API (Ollama, vLLM, llama.cpp)."""

import asyncio
import json
import logging
import math
import random
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
from openai import APIConnectionError, APIError, APIStatusError, AsyncOpenAI, AsyncStream, OpenAIError, Timeout

from adapters.language_models.chat_completions import NoAnswer, Reading, messages, tool
from adapters.language_models.summaries import summary_prompt
from application.ports import LanguageModel, Part, Prompt, TextDelta
from application.validation import DECODE_ERRORS
from domain.conversation import Message
from domain.errors import ModelFailed, ModelTimeout, ModelUnavailable, Unavailable

CONNECT_SECONDS = 5.0
FIRST_WAIT_SECONDS = 0.1
WAIT_LONGEST_SECONDS = 2.0
"""A provider that wants a longer pause before the next try is not waited for: the user is told instead."""
RETRY_AFTER_LONGEST = 60
PLACEHOLDER_KEY = "no-key"

AWAY = "The assistant can't be reached right now. Your message is kept; try again in a moment."
BUSY = "The assistant has too much to do right now. Your message is kept; try again a little later."
REFUSED = "The assistant isn't set up right: its provider refuses us. Your message is kept; tell whoever runs this."
TOO_SLOW = "The assistant took too long. Your message is kept; try again in a moment."
NO_ANSWER = "The assistant's answer could not be understood. Your message is kept; try again in a moment."

FAULTS = (TimeoutError, OpenAIError, httpx2.HTTPError, json.JSONDecodeError, NoAnswer, *DECODE_ERRORS)
"""The library lets pass what JSON raises, and the transport's errors while it reads the body of a 4xx or 5xx."""

log = logging.getLogger(__name__)


class OpenAIChat(LanguageModel):
    """`timeout_seconds` is for the whole answer with its retries; `retries` are tries after the first.

    Retries are made here and not by the library, which sleeps up to two minutes where a 429 says so.
    """

    def __init__(
        self,
        model: str,
        api_key: str | None,
        base_url: str | None,
        timeout_seconds: float,
        retries: int,
        max_output_tokens: int,
        http_client: httpx2.AsyncClient | None = None,
    ) -> None:
        self._model = model
        self._timeout_seconds = timeout_seconds
        self._retries = retries
        self._client = AsyncOpenAI(
            api_key=api_key or PLACEHOLDER_KEY,
            base_url=base_url,
            timeout=Timeout(None, connect=CONNECT_SECONDS),
            max_retries=0,
            http_client=http_client,
        )
        # OpenAI's newer models refuse `max_tokens`; Mistral refuses the other, and Ollama ignores it.
        limit = "max_completion_tokens" if "openai" in self._client.base_url.host else "max_tokens"
        self._options = {limit: max_output_tokens, "stream": True, "stream_options": {"include_usage": True}}

    @property
    def name(self) -> str:
        return self._model

    async def close(self) -> None:
        await self._client.close()

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Part, None]:
        deadline = asyncio.get_running_loop().time() + self._timeout_seconds
        reading = Reading()
        stream: AsyncStream[object] | None = None
        try:
            async with asyncio.timeout_at(deadline):
                stream = await self._opened(self._request(prompt))
            async with stream:
                while (chunk := await _next(stream, deadline)) is not None:
                    if text := reading.take(chunk):
                        yield TextDelta(text)
            for part in reading.rest():
                yield part
        except FAULTS as error:
            raise _refusal(error, begun=stream is not None) from None

    def summarize(self, summary: str, messages: Sequence[Message], longest: int) -> AsyncGenerator[Part, None]:
        return self.answer(summary_prompt(summary, messages, longest))

    def _request(self, prompt: Prompt) -> dict[str, Any]:
        tools = {"tools": [tool(definition) for definition in prompt.tools]} if prompt.tools else {}
        return {"model": self._model, "messages": list(messages(prompt)), **tools, **self._options}

    async def _opened(self, request: dict[str, Any], attempt: int = 0) -> AsyncStream[object]:
        """By `post`: for a history of 300 messages `chat.completions.create` holds the event loop for 50 ms."""
        try:
            return await self._client.post(
                "/chat/completions", cast_to=object, body=request, stream=True, stream_cls=AsyncStream[object]
            )
        except APIError as error:
            wait = _wait_seconds(error, attempt)
            if attempt == self._retries or wait > WAIT_LONGEST_SECONDS:
                raise
        await asyncio.sleep(wait)
        return await self._opened(request, attempt + 1)


async def _next(stream: AsyncStream[object], deadline: float) -> object | None:
    """The deadline is set anew for each chunk: around a `yield` it would cancel the consumer (PEP 789)."""
    async with asyncio.timeout_at(deadline):
        return await anext(stream, None)


def _wait_seconds(error: APIError, attempt: int) -> float:
    if isinstance(error, APIStatusError):
        if not _may_pass(error.status_code):
            return math.inf
        if (asked := _asked_seconds(error)) is not None:
            return asked
    return FIRST_WAIT_SECONDS * 2.0**attempt * random.uniform(0.5, 1)  # noqa: S311


def _may_pass(status: int) -> bool:
    """Whether the same request may be answered a little later."""
    return status in (408, 409, 429) or status >= 500


def _asked_seconds(error: APIStatusError) -> float | None:
    """What Retry-After says, in seconds or as a date (RFC 9110, 10.2.3)."""
    value = error.response.headers.get("retry-after", "")
    with suppress(ValueError):
        return max(0.0, float(value))
    with suppress(ValueError, OverflowError):
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    return None


def _refusal(error: Exception, *, begun: bool) -> Unavailable:
    """What the user is told. Only the kind of fault is logged: a provider's words may repeat the key or the chat."""
    reason = str(error) if isinstance(error, NoAnswer) else type(error).__name__
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
        return ModelUnavailable(REFUSED, RETRY_AFTER_LONGEST)
    asked = min(max(1.0, _asked_seconds(error) or 1.0), RETRY_AFTER_LONGEST)
    return ModelUnavailable(BUSY if error.status_code == 429 else AWAY, math.ceil(asked))
