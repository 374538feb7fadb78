"""Streams Chat Completions from OpenAI, or any server with its API (Gemini, DeepSeek, Ollama, vLLM, llama.cpp)."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, suppress
from typing import Any, cast

import httpx2
from openai import APIError, APIStatusError, AsyncOpenAI, AsyncStream, Timeout

from adapters.language_models.openai.chat_completions import AnswerAccumulator
from adapters.language_models.openai.chat_request import messages, tool
from adapters.language_models.openai.dialects import MAX_FORMS, Dialect
from adapters.language_models.openai.event_stream import EventStream
from adapters.language_models.openai.model_refusals import FAULTS, refusal_of, wait_seconds
from adapters.language_models.summaries import summary_prompt
from application.ports import LanguageModel, Part, Prompt
from domain.chat.messages import Message

CONNECT_SECONDS = 5.0
MAX_WAIT_SECONDS = 2.0
"""If a provider asks for a longer pause before a retry, the request fails and the user gets an error."""
AFTER_ANSWER_SECONDS = 5.0
"""The time for what follows the end of an answer: its usage, and the end of the stream."""
DRAIN_SECONDS = 0.5
"""The time to read the body to its end, so that the connection can serve the next request."""
PLACEHOLDER_KEY = "no-key"

log = logging.getLogger(__name__)


class OpenAIChat(LanguageModel):
    """`timeout_seconds` is for the whole answer with its retries. `retries` does not count the first try. The library's
    own retries are not used, since they wait up to two minutes if a 429 says so."""

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
        url = self._client.base_url
        self.source = f"{url.netloc.decode()}{url.path} {model}"
        """Names the provider and the model, which get their own data back."""
        self._dialect = Dialect()

    @property
    def name(self) -> str:
        return self._model

    async def close(self) -> None:
        await self._client.close()

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Part, None]:
        deadline = asyncio.get_running_loop().time() + self._timeout_seconds
        reading = AnswerAccumulator(self.source, {tool.name for tool in prompt.tools})
        response: httpx2.Response | None = None
        try:
            async with asyncio.timeout_at(deadline):
                response = await self._opened(self._request(prompt))
            async with aclosing(response), aclosing(_parts(response, reading, deadline)) as parts:
                async for part in parts:
                    yield part
        except FAULTS as error:
            raise refusal_of(error, begun=response is not None) from None

    def summarize(self, summary: str, messages: Sequence[Message], longest: int) -> AsyncGenerator[Part, None]:
        return self.answer(summary_prompt(summary, messages, longest))

    def _request(self, prompt: Prompt) -> dict[str, Any]:
        tools = {"tools": [tool(definition) for definition in prompt.tools]} if prompt.tools else {}
        return {"model": self._model, "messages": messages(prompt, self.source), **tools, **self._options}

    async def _opened(self, request: dict[str, Any]) -> httpx2.Response:
        """Tries another form if the provider refuses a part of the request, and remembers the form that works."""
        dialect = self._dialect
        for _ in range(MAX_FORMS):
            try:
                response = await self._sent(dialect.applied_to(request))
            except APIStatusError as error:
                if error.status_code not in (400, 422) or not (other := dialect.after(error.response.text, request)):
                    raise
                dialect = other
            else:
                self._remember(dialect)
                return response
        return await self._sent(dialect.applied_to(request))

    def _remember(self, dialect: Dialect) -> None:
        if dialect != self._dialect:
            log.info("the model's provider wants another form of: %s", ", ".join(dialect.places))
            self._dialect = dialect

    async def _sent(self, request: dict[str, Any], attempt: int = 0) -> httpx2.Response:
        """Sends the request, and again after errors that may pass. It uses `post`, because `chat.completions.create`
        blocks the event loop for 50 ms if there are 300 messages."""
        try:
            answer = await self._client.post(
                "/chat/completions", cast_to=httpx2.Response, body=request, stream=True, stream_cls=AsyncStream[object]
            )
            return cast("httpx2.Response", answer)
        except APIError as error:
            wait = wait_seconds(error, attempt)
            if attempt == self._retries or wait > MAX_WAIT_SECONDS:
                raise
        await asyncio.sleep(wait)
        return await self._sent(request, attempt + 1)


async def _parts(response: httpx2.Response, reading: AnswerAccumulator, deadline: float) -> AsyncGenerator[Part, None]:
    events, body = EventStream(), response.aiter_bytes()
    while not events.is_done and (data := await _next(body, deadline, reading)) is not None:
        for value in events.feed(data):
            for part in reading.take(value):
                yield part
    for value in events.end():
        for part in reading.take(value):
            yield part
    for part in reading.rest(is_done=events.is_done):
        yield part
    await _drain(body)


async def _next(body: AsyncIterator[bytes], deadline: float, reading: AnswerAccumulator) -> bytes | None:
    """Sets the timeout anew for each chunk; a timeout around a `yield` would cancel the consumer (PEP 789). After the
    model has finished its answer, errors of the remaining stream are ignored."""
    if reading.is_finished:
        deadline = min(deadline, asyncio.get_running_loop().time() + AFTER_ANSWER_SECONDS)
    try:
        async with asyncio.timeout_at(deadline):
            return await anext(body, None)
    except (TimeoutError, httpx2.HTTPError):
        if reading.is_finished:
            return None
        raise


async def _drain(body: AsyncIterator[bytes]) -> None:
    with suppress(TimeoutError, httpx2.HTTPError):
        async with asyncio.timeout(DRAIN_SECONDS):
            async for _ in body:
                pass
