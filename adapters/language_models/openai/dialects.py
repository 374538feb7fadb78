"""What providers of Chat Completions refuse, and the forms of a request that they accept instead. Azure's newer models
refuse `max_tokens`, Databricks refuses `stream_options` (rcourtman/Pulse#1867, anomalyco/opencode#31156), Cerebras and
Mistral refuse a `reasoning_content` that others require (BerriAI/litellm#30835, earendil-works/pi#3636)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from adapters.language_models.openai.provider_fields import LISTS, OBJECTS, REASONING, with_reasoning

Request = dict[str, Any]
Form = Callable[[Request], Request]

MAX_FORMS = 6
"""The limit of other forms in which one request is tried."""
MAX_REFUSAL_LENGTH = 20_000
"""The number of characters of a refusal that are read."""
UNSIGNED = "skip_thought_signature_validator"
"""Google's documents name this signature for a call that another model made."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A part of a request that a refusal may name. The first of its `forms` is the usual one."""

    name: str
    words: str
    forms: tuple[Form, ...]
    is_sent: bool = True

    def is_named(self, refusal: str) -> bool:
        return re.search(self.words, refusal, re.IGNORECASE) is not None


def _as_it_is(request: Request) -> Request:
    return request


def _without(*names: str) -> Form:
    return lambda request: {name: value for name, value in request.items() if name not in names}


def _with(**values: Any) -> Form:
    return lambda request: {**request, **values}


def _with_the_other_limit(request: Request) -> Request:
    other = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
    return {other.get(name, name): value for name, value in request.items()}


def _not_strict(request: Request) -> Request:
    tools = [{**tool, "function": {**tool["function"], "strict": False}} for tool in request.get("tools", ())]
    return {**request, "tools": tools} if tools else request


def _one_by_one(request: Request) -> Request:
    """Databricks accepts one call per message, followed by its result (BerriAI/litellm#31633)."""
    return {**request, "messages": list(_calls_apart(request["messages"])), "parallel_tool_calls": False}


def _calls_apart(messages: list[Request]) -> Iterator[Request]:
    results = {message["tool_call_id"]: message for message in messages if message["role"] == "tool"}
    for message in messages:
        calls = message.get("tool_calls", ())
        for place, call in enumerate(calls):
            yield {**message, "content": None if place else message["content"], "tool_calls": [call]}
            yield results[call["id"]]
        if not calls and message["role"] != "tool":
            yield message


def _with_reasoning(request: Request) -> Request:
    return {**request, "messages": with_reasoning(request["messages"], REASONING[0])}


def _of_messages(change: Callable[[Request], Request]) -> Form:
    return lambda request: {**request, "messages": [change(message) for message in request["messages"]]}


def _without_own_fields_of_calls(message: Request) -> Request:
    own = ("extra_content", "provider_specific_fields", "thought_signature")
    calls = [{name: value for name, value in call.items() if name not in own} for call in message.get("tool_calls", ())]
    return {**message, "tool_calls": calls} if calls else message


def _signed(message: Request) -> Request:
    """Adds a signature to the first call of each message, which Gemini requires."""
    first, *others = message.get("tool_calls") or [{"extra_content": None}]
    if "extra_content" in first:
        return message
    signed = {**first, "extra_content": {"google": {"thought_signature": UNSIGNED}}}
    return {**message, "tool_calls": [signed, *others]}


SUBJECTS = (
    Subject("stream_options", r"\bstream_options\b", (_as_it_is, _without("stream_options"))),
    Subject(
        "the limit of tokens",
        r"\bmax_(completion_)?tokens\b",
        (_as_it_is, _with_the_other_limit, _without("max_tokens", "max_completion_tokens")),
    ),
    Subject(
        "reasoning",
        r"\breasoning(_content|_details)?\b|\bthinking_blocks\b",
        (_as_it_is, _with_reasoning, _of_messages(_without(*REASONING, *LISTS))),
    ),
    Subject(
        "thought signatures",
        r"thought[_ ]?signature",
        (_as_it_is, _of_messages(_signed), lambda request: _of_messages(_signed)(_of_messages(_unsigned)(request))),
    ),
    Subject(
        "a provider's own fields",
        r"\b(extra_content|provider_specific_fields)\b",
        (_as_it_is, lambda request: _of_messages(_unsigned)(request)),
    ),
    Subject(
        "parallel calls",
        r"\bparallel_tool_calls\b|\bmultiple tool[- ]calls\b|\bsingle tool[- ]calls?\b",
        (_as_it_is, _with(parallel_tool_calls=False), _one_by_one),
        is_sent=False,
    ),
    Subject("strict", r"\bstrict\b", (_as_it_is, _not_strict), False),
    Subject("temperature", r"\btemperature\b", (_as_it_is, _with(temperature=1)), False),
)
"""A subject that is not `is_sent` is missing from the usual form and present in the others. It is changed only if a
refusal names no other subject."""


def _unsigned(message: Request) -> Request:
    return _without_own_fields_of_calls(_without(*OBJECTS)(message))


@dataclass(frozen=True, slots=True)
class Dialect:
    """The forms that one provider accepts for one model, as the position of each among its subject's forms."""

    places: Mapping[str, int] = field(default_factory=dict)

    def applied_to(self, request: Request) -> Request:
        for subject in SUBJECTS:
            if place := self.places.get(subject.name):
                request = subject.forms[place](request)
        return request

    def after(self, refusal: str, request: Request) -> Self | None:
        """Returns None if the text of the refusal names no subject that has another form."""
        named = [subject for subject in SUBJECTS if subject.is_named(refusal[:MAX_REFUSAL_LENGTH])]
        for is_sent in (True, False):
            changed = self
            for subject in named:
                if subject.is_sent is is_sent:
                    changed = changed._next(subject, request)
            if changed is not self:
                return changed
        return None

    def _next(self, subject: Subject, request: Request) -> Self:
        """Returns the dialect with the next form that changes the request. The first form follows the last."""
        place, now = self.places.get(subject.name, 0), self.applied_to(request)
        for step in range(1, len(subject.forms)):
            other = replace(self, places={**self.places, subject.name: (place + step) % len(subject.forms)})
            if other.applied_to(request) != now:
                return other
        return self
