"""What providers of Chat Completions really send, as data: to add a provider's habit, add a row.

A row names who sends it, where it is on record, what is sent, and what is to be made of it.
"""

import json
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
ADD, LIST, DONE = "add_task", "list_tasks", "complete_task"
TOOLS = (ADD, LIST, DONE)
MILK, BREAD = '{"title": "Milk"}', '{"title": "Bread"}'
STOP, CALLS = "stop", "tool_calls"


@dataclass(frozen=True, slots=True)
class Made:
    """`calls` are names and arguments; `own` is what goes back to the provider. Without a `finish` it broke off."""

    text: str = ""
    calls: tuple[tuple[str, str], ...] = ()
    finish: str | None = STOP
    is_finished: bool = True
    has_thoughts: bool = False
    own: Json = field(default_factory=dict)
    usage: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Habit:
    provider: str
    name: str
    body: bytes
    made: Made | None
    """None where it is no answer at all."""

    def __str__(self) -> str:
        return f"{self.provider}: {self.name}"


def sse(*chunks: Json | str, line_end: str = "\n", done: bool = True, before: str = "") -> bytes:
    payloads = [chunk if isinstance(chunk, str) else json.dumps(chunk) for chunk in chunks]
    events = [f"data: {payload}{line_end}{line_end}" for payload in [*payloads, *(["[DONE]"] if done else [])]]
    return (before + "".join(events)).encode()


def says(finish: str | None = None, **delta: Any) -> Json:
    return {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def calls(*pieces: Json, finish: str | None = None) -> Json:
    return says(finish, tool_calls=list(pieces))


def piece(arguments: Any = None, name: str | None = None, call_id: str | None = None, **more: Any) -> Json:
    """Only what is given is in it: `index` is one of the `more`."""
    function = {"name": name, "arguments": arguments}
    given = {key: value for key, value in function.items() if value is not None}
    return {**({"id": call_id} if call_id is not None else {}), **more, "function": given}


def end(reason: str = STOP) -> Json:
    return says(reason)


def two(*chunks: Json, finish: str = CALLS, first: str = ADD, second: str = ADD) -> tuple[bytes, Made]:
    """A stream of which two whole calls are to be made."""
    return sse(*chunks, end(finish)), Made(calls=((first, MILK), (second, BREAD)), finish=CALLS)


def one(*chunks: Json, finish: str = CALLS, **made: Any) -> tuple[bytes, Made]:
    return sse(*chunks, end(finish)), Made(calls=((ADD, MILK),), finish=CALLS, **made)


def text(*chunks: Json, finish: str = STOP, **made: Any) -> tuple[bytes, Made]:
    return sse(*chunks, end(finish)), Made(**{"text": "Hello", **made})


HEAD, TAIL = MILK[:9], MILK[9:]
SIGNED = {"google": {"thought_signature": "c2lnbmVk"}}
LONG_ID = "call_1__thought__" + "c2lnbmVk" * 8
WHOLE = {
    "object": "chat.completion",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 2},
}


def thinks(*deltas: Json, **made: Any) -> tuple[bytes, Made]:
    return sse(*(says(**delta) for delta in deltas), end()), Made(**{"text": "Hello", "has_thoughts": True, **made})


HABITS: list[Habit] = [
    # OpenAI
    Habit(
        "OpenAI",
        "two calls, interleaved by index",
        *two(
            calls(piece("", ADD, "a", index=0)),
            calls(piece("", ADD, "b", index=1)),
            calls(piece(HEAD, index=0), piece(BREAD[:9], index=1)),
            calls(piece(BREAD[9:], index=1), piece(TAIL, index=0)),
        ),
    ),
    Habit(
        "OpenAI",
        "the old function_call",
        *one(says(function_call={"name": ADD, "arguments": ""}), says(function_call={"arguments": MILK})),
    ),
    Habit(
        "OpenAI",
        "the old function_call with its finish reason",
        *one(says(function_call={"name": ADD, "arguments": MILK}), finish="function_call"),
    ),
    Habit(
        "OpenAI",
        "words before a call",
        sse(says(content="Let me see."), calls(piece(MILK, ADD, "a", index=0)), end(CALLS)),
        Made("Let me see.", ((ADD, MILK),), CALLS),
    ),
    # Gemini (open-webui/computer#224, su-kaka/gcli2api#406)
    Habit("Gemini", "equal index, no id", *two(calls(piece(MILK, ADD, index=0)), calls(piece(BREAD, ADD, index=0)))),
    Habit(
        "Gemini",
        "equal index, empty ids",
        *two(calls(piece(MILK, ADD, "", index=0)), calls(piece(BREAD, ADD, "", index=0))),
    ),
    Habit(
        "Gemini",
        "equal index, equal ids",
        *two(calls(piece(MILK, ADD, "a", index=0)), calls(piece(BREAD, ADD, "a", index=0))),
    ),
    Habit("Gemini", "both in one chunk, no index, no id", *two(calls(piece(MILK, ADD), piece(BREAD, ADD)))),
    Habit("Gemini", "both in one chunk, empty ids", *two(calls(piece(MILK, ADD, ""), piece(BREAD, ADD, "")))),
    Habit("Gemini", "no index, ended by stop", *one(calls(piece(MILK, ADD, "a")), finish=STOP)),
    Habit(
        "Gemini",
        "arguments in pieces without index",
        *one(calls(piece(HEAD, ADD, "a")), calls(piece(TAIL)), finish=STOP),
    ),
    Habit(
        "Gemini",
        "a thought signature on the first of two calls",
        sse(
            calls(piece(MILK, ADD, "a", index=0, extra_content=SIGNED), piece(BREAD, ADD, "b", index=1)),
            end(CALLS),
        ),
        Made(
            calls=((ADD, MILK), (ADD, BREAD)),
            finish=CALLS,
            own={"calls": [{"extra_content": SIGNED}, {}]},
        ),
    ),
    Habit(
        "Gemini",
        "a thought signature in a piece of its own",
        *one(
            calls(piece(MILK, ADD, "a", index=0)),
            calls({"index": 0, "extra_content": SIGNED}),
            own={"calls": [{"extra_content": SIGNED}]},
        ),
    ),
    Habit(
        "Gemini",
        "a thought signature without index",
        *one(calls(piece(MILK, ADD)), calls({"extra_content": SIGNED}), own={"calls": [{"extra_content": SIGNED}]}),
    ),
    Habit(
        "Gemini",
        "a thought signature with the text",
        *text(says(content="Hello"), says(extra_content=SIGNED), own={"message": {"extra_content": SIGNED}}),
    ),
    Habit("Gemini", "{} first, the arguments later", *one(calls(piece("{}", ADD)), calls(piece(MILK)))),
    # DeepSeek, Kimi
    Habit(
        "DeepSeek",
        "reasoning, then a call",
        *one(
            says(role="assistant", content=None, reasoning_content="The user "),
            says(reasoning_content="wants milk."),
            calls(piece("", ADD, "a", index=0)),
            calls(piece(MILK, index=0)),
            has_thoughts=True,
            own={"message": {"reasoning_content": "The user wants milk."}},
        ),
    ),
    Habit(
        "DeepSeek",
        "empty reasoning with a call is given back, and never empty",
        *one(
            says(reasoning_content=""),
            calls(piece(MILK, ADD, "a", index=0)),
            own={"message": {"reasoning_content": ""}},
        ),
    ),
    Habit(
        "DeepSeek",
        "no reasoning in an ordinary answer",
        *text(says(content="Hel", reasoning_content=None), says(content="lo")),
    ),
    Habit(
        "DeepSeek",
        "the second call's head under the first one's index (agno-agi/agno#8879)",
        *two(
            calls(piece(MILK, ADD, "a", index=0)),
            calls(piece(BREAD[:9], ADD, "b", index=0)),
            calls(piece(BREAD[9:], index=1)),
        ),
    ),
    Habit(
        "DeepSeek",
        "cut off for want of resources",
        sse(says(content="Hel"), end("insufficient_system_resource")),
        Made("Hel", finish=None, is_finished=False),
    ),
    Habit(
        "DeepSeek",
        "cached tokens under a name of its own",
        sse(
            says(content="Hello"),
            end(),
            {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 2, "prompt_cache_hit_tokens": 4}},
        ),
        Made("Hello", usage=(9, 2, 4)),
    ),
    Habit(
        "Kimi",
        "reasoning, words and a call",
        sse(
            says(reasoning_content="Milk."),
            says(content="I add it."),
            calls(piece(MILK, ADD, "functions.add_task:0", index=0)),
            end(CALLS),
        ),
        Made(
            "I add it.",
            ((ADD, MILK),),
            CALLS,
            has_thoughts=True,
            own={"message": {"reasoning_content": "Milk."}},
        ),
    ),
    Habit(
        "Kimi",
        "usage in the choice",
        sse(
            says(content="Hello"),
            {
                "choices": [
                    {"delta": {}, "finish_reason": "stop", "usage": {"prompt_tokens": 9, "completion_tokens": 2}}
                ]
            },
        ),
        Made("Hello", usage=(9, 2, 0)),
    ),
    Habit(
        "Kimi",
        "an index that begins at 7 and then is missing",
        *one(calls(piece(HEAD, ADD, "a", index=7)), calls(piece(TAIL))),
    ),
    Habit("Kimi", "an index that comes late", *one(calls(piece("", ADD, "a")), calls(piece(MILK, index=0)))),
    # Azure
    Habit(
        "Azure",
        "a first chunk without choices and a last one without delta (langchain-ai/langchain#18977)",
        *text(
            {"id": "", "choices": [], "prompt_filter_results": [{"prompt_index": 0}]},
            says(content="Hello"),
            {"choices": [{"index": 0, "finish_reason": None, "content_filter_results": {}}]},
        ),
    ),
    Habit(
        "Azure",
        "an empty message beside each delta (BerriAI/litellm#1081)",
        *text(
            {"choices": [{"delta": {"content": "Hel"}, "message": {"content": None, "role": "assistant"}}]},
            {"choices": [{"delta": {"content": "lo"}, "message": {"content": None, "role": "assistant"}}]},
        ),
    ),
    Habit("Azure", "a filtered answer", sse(end("content_filter")), Made(finish="content_filter")),
    # Databricks
    Habit(
        "Databricks",
        "content as a list",
        *thinks(
            {"content": [{"type": "reasoning", "summary": [{"type": "summary_text", "text": "Greet."}]}]},
            {"content": [{"type": "text", "text": "Hello"}]},
        ),
    ),
    Habit("Databricks", "arguments as an object", *one(calls(piece({"title": "Milk"}, ADD, "a", index=0)))),
    # Ollama
    Habit(
        "Ollama",
        "every call at index 0 (ollama/ollama#15457)",
        *two(calls(piece(MILK, ADD, "a", index=0)), calls(piece(BREAD, ADD, "b", index=0))),
    ),
    Habit(
        "Ollama",
        "an empty finish reason in each chunk (ollama/ollama#4357)",
        *text(says("", content="Hel"), says("", content="lo")),
    ),
    Habit(
        "Ollama",
        "<think> at the beginning",
        *thinks({"content": "<think>"}, {"content": "Greet."}, {"content": "</think>\n\n"}, {"content": "Hello"}),
    ),
    Habit(
        "Ollama",
        "reasoning under its short name",
        *thinks({"reasoning": "Greet."}, {"content": "Hello"}, own={"message": {"reasoning": "Greet."}}),
    ),
    # vLLM
    Habit(
        "vLLM",
        "an id of its own on each piece",
        *one(calls(piece(HEAD, ADD, "a", index=0)), calls(piece(TAIL, None, "b", index=0))),
    ),
    Habit(
        "vLLM",
        "the name in each piece",
        *one(calls(piece(HEAD, ADD, "a", index=0)), calls(piece(TAIL, ADD, "a", index=0))),
    ),
    Habit(
        "vLLM",
        "the name and another id in each piece",
        *one(calls(piece(HEAD, ADD, "a", index=0)), calls(piece(TAIL, ADD, "b", index=0))),
    ),
    Habit(
        "vLLM",
        "two calls, names in each piece",
        *two(
            calls(piece(HEAD, ADD, index=0), piece(BREAD[:9], ADD, index=1)),
            calls(piece(TAIL, ADD, index=0), piece(BREAD[9:], ADD, index=1)),
        ),
    ),
    Habit(
        "vLLM",
        "thoughts without an answer",
        sse(says(reasoning="Hm."), end("length")),
        Made(finish="length", has_thoughts=True, own={"message": {"reasoning": "Hm."}}),
    ),
    Habit(
        "vLLM",
        "usage in every chunk",
        sse(
            {**says(content="Hello"), "usage": {"prompt_tokens": 9, "completion_tokens": 1}},
            {**end(), "usage": {"prompt_tokens": 9, "completion_tokens": 2}},
        ),
        Made("Hello", usage=(9, 2, 0)),
    ),
    Habit(
        "SGLang",
        "the arguments of a call under another index (sgl-project/sglang#6310)",
        *one(calls(piece("", ADD, "a", index=0)), calls(piece(MILK, index=3))),
    ),
    # llama.cpp
    Habit(
        "llama.cpp",
        "no finish reason at all (abetlen/llama-cpp-python#735)",
        sse(says(content="Hello")),
        Made("Hello", finish=None),
    ),
    Habit(
        "llama.cpp",
        "a name in parts",
        *one(calls(piece("", "add_", "a", index=0)), calls(piece("", "task", index=0)), calls(piece(MILK, index=0))),
    ),
    Habit("llama.cpp", "a name that grows", *one(calls(piece("", "add_", index=0)), calls(piece(MILK, ADD, index=0)))),
    Habit(
        "llama.cpp",
        "an unclosed <think>",
        sse(says(content="<thi"), says(content="nk>Hm, the"), end("length")),
        Made(finish="length", has_thoughts=True),
    ),
    Habit(
        "llama.cpp",
        "a tag in pieces of one character",
        *thinks(*({"content": character} for character in "\n<think>a < b</think>Hello")),
    ),
    # LiteLLM
    Habit(
        "LiteLLM",
        "a signature in the id (BerriAI/litellm#16895)",
        *one(calls(piece(MILK, ADD, LONG_ID, index=0)), own={"calls": [{"id": LONG_ID}]}),
    ),
    Habit(
        "LiteLLM",
        "thinking blocks in pieces",
        *thinks(
            {
                "reasoning_content": "Gre",
                "thinking_blocks": [{"type": "thinking", "thinking": "Gre", "signature": None}],
            },
            {"reasoning_content": "et.", "thinking_blocks": [{"type": "thinking", "thinking": "et."}]},
            {"thinking_blocks": [{"type": "thinking", "thinking": "", "signature": "s"}]},
            {"content": "Hello"},
            own={
                "message": {
                    "reasoning_content": "Greet.",
                    "thinking_blocks": [{"type": "thinking", "thinking": "Greet.", "signature": "s"}],
                }
            },
        ),
    ),
    Habit(
        "LiteLLM",
        "all of a call once more at the end",
        *one(calls(piece(HEAD, ADD, "a", index=0)), calls(piece(TAIL, index=0)), calls(piece(MILK, ADD, "a", index=0))),
    ),
    Habit(
        "LiteLLM",
        "the arguments once more at the end",
        *one(calls(piece("", ADD, "a", index=0)), calls(piece(MILK, index=0)), calls(piece(MILK, index=0))),
    ),
    # OpenRouter
    Habit(
        "OpenRouter",
        "comments while it waits, and reasoning details",
        b": OPENROUTER PROCESSING\n\n"
        + sse(
            says(reasoning="Gr", reasoning_details=[{"type": "reasoning.text", "text": "Gr", "index": 0}]),
            says(
                reasoning="eet.",
                reasoning_details=[{"type": "reasoning.text", "text": "eet.", "index": 0, "signature": "s"}],
            ),
            says(content="Hello"),
            end(),
        ),
        Made(
            "Hello",
            has_thoughts=True,
            own={
                "message": {
                    "reasoning": "Greet.",
                    "reasoning_details": [{"type": "reasoning.text", "text": "Greet.", "index": 0, "signature": "s"}],
                }
            },
        ),
    ),
    Habit(
        "OpenRouter",
        "an error in a choice",
        sse(says(content="Hel"), {"choices": [{"delta": {}, "finish_reason": "error", "error": {"code": 502}}]}),
        None,
    ),
    Habit("OpenRouter", "an error event", b'event: error\ndata: {"message": "no"}\n\n', None),
    # Mistral
    Habit(
        "Mistral",
        "thoughts and text as parts",
        *thinks(
            {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Greet."}]}]},
            {"content": [{"type": "text", "text": "Hel"}]},
            {"content": "lo"},
        ),
    ),
    Habit(
        "Mistral",
        "whole calls in one chunk that ends it",
        sse(calls(piece(MILK, ADD, "Ab3dE6gH9", index=0), finish=CALLS)),
        Made(calls=((ADD, MILK),), finish=CALLS),
    ),
    Habit(
        "Mistral",
        "an end of its own name",
        sse(says(content="Hello"), end("model_length")),
        Made("Hello", finish="length"),
    ),
    # others, and gateways
    Habit(
        "MiniMax",
        "all of the message once more at the end",
        sse(
            says(content="Hel"),
            says(content="lo"),
            {"choices": [{"message": {"content": "Hello"}, "finish_reason": STOP}]},
        ),
        Made("Hello"),
    ),
    Habit(
        "gateway",
        "message instead of delta",
        sse(*({"choices": [{"message": {"content": part}}]} for part in ("Hel", "lo")), end()),
        Made("Hello"),
    ),
    Habit(
        "gateway",
        "message instead of delta, with a call",
        sse(
            {"choices": [{"message": {"content": None, "tool_calls": [piece(MILK, ADD, "a")]}, "finish_reason": CALLS}]}
        ),
        Made(calls=((ADD, MILK),), finish=CALLS),
    ),
    Habit("gateway", "a whole answer and no stream", json.dumps(WHOLE).encode(), Made("Hello", usage=(9, 2, 0))),
    Habit("gateway", "a whole answer, indented", json.dumps(WHOLE, indent=2).encode(), Made("Hello", usage=(9, 2, 0))),
    Habit("gateway", "a whole answer as an event", sse(WHOLE), Made("Hello", usage=(9, 2, 0))),
    Habit(
        "gateway",
        "a line of JSON each",
        b"".join(json.dumps(each).encode() + b"\n" for each in (says(content="Hello"), end())),
        Made("Hello"),
    ),
    Habit("gateway", "CRLF", sse(says(content="Hello"), end(), line_end="\r\n"), Made("Hello")),
    Habit("gateway", "CR", sse(says(content="Hello"), end(), line_end="\r"), Made("Hello")),
    Habit("gateway", "a BOM before the stream", sse(says(content="Hello"), end(), before="\ufeff"), Made("Hello")),
    Habit("gateway", "a BOM in the text", *text(says(content="\ufeffHel"), says(content="lo"))),
    Habit(
        "gateway",
        "a BOM before a whole answer",
        b"\xef\xbb\xbf" + json.dumps(WHOLE).encode(),
        Made("Hello", usage=(9, 2, 0)),
    ),
    Habit("gateway", "a BOM before the arguments", *one(calls(piece("\ufeff" + MILK, ADD, "a", index=0)))),
    Habit(
        "gateway",
        "no blank lines between events",
        sse(says(content="Hel"), says(content="lo"), end()).replace(b"\n\n", b"\n"),
        Made("Hello"),
    ),
    Habit(
        "gateway",
        "no space after the colon",
        sse(says(content="Hello"), end()).replace(b"data: ", b"data:"),
        Made("Hello"),
    ),
    Habit(
        "gateway",
        "names, ids and retry times of events",
        b"id: 1\nretry: 9\nevent: message\n" + sse(says(content="Hello"), end()),
        Made("Hello"),
    ),
    Habit(
        "gateway", "a last event without an end", sse(says(content="Hello"), end(), done=False).rstrip(), Made("Hello")
    ),
    Habit(
        "gateway",
        "a stream that broke off",
        sse(says(content="Hel"), done=False),
        Made("Hel", finish=None, is_finished=False),
    ),
    Habit(
        "gateway",
        "a finish reason nobody knows",
        sse(says(content="Hello"), end("whatever")),
        Made("Hello", finish=None),
    ),
    Habit(
        "gateway",
        "the role in each chunk",
        *text(says(role="assistant", content="Hel"), says(role="assistant", content="lo")),
    ),
    Habit("gateway", "arguments as JSON text of JSON text", *one(calls(piece(json.dumps(MILK), ADD, "a", index=0)))),
    Habit(
        "gateway",
        "indexes as texts",
        *two(
            calls(piece("", ADD, index="0"), piece("", ADD, index="1")),
            calls(piece(BREAD, index="1"), piece(MILK, index="0")),
        ),
    ),
    Habit(
        "gateway",
        "null arguments",
        *one(calls({"index": 0, "id": "a", "function": {"name": ADD, "arguments": None}}), calls(piece(MILK, index=0))),
    ),
    Habit(
        "gateway",
        "one call as an object, not a list",
        sse(says(tool_calls=piece(MILK, ADD, "a")), end(CALLS)),
        Made(calls=((ADD, MILK),), finish=CALLS),
    ),
    Habit(
        "gateway",
        "name and arguments without a function",
        sse(calls({"id": "a", "name": ADD, "arguments": {"title": "Milk"}}), end(CALLS)),
        Made(calls=((ADD, MILK),), finish=CALLS),
    ),
    Habit(
        "gateway",
        "an id that comes before the name",
        *one(calls({"index": 0, "id": "a", "function": {"arguments": ""}}), calls(piece(MILK, ADD, index=0))),
    ),
    Habit(
        "gateway",
        "calls interleaved by id under one index",
        *two(
            calls(piece("", ADD, "a", index=0)),
            calls(piece("", ADD, "b", index=0)),
            calls(piece(MILK, None, "a", index=0)),
            calls(piece(BREAD, None, "b", index=0)),
        ),
    ),
    Habit(
        "gateway",
        "equal ids, told apart by index",
        *two(
            calls(piece("", ADD, "x", index=0)),
            calls(piece("", ADD, "x", index=1)),
            calls(piece(MILK, index=0)),
            calls(piece(BREAD, index=1)),
        ),
    ),
    Habit(
        "gateway",
        "heads without ids, one after another under one index",
        *two(
            calls(piece("", ADD, index=0)),
            calls(piece(MILK, index=0)),
            calls(piece("", ADD, index=0)),
            calls(piece(BREAD, index=0)),
        ),
    ),
    Habit(
        "gateway",
        "another tool without arguments before",
        sse(calls(piece("", LIST, index=0)), calls(piece(MILK, ADD, index=0)), end(CALLS)),
        Made(calls=((LIST, ""), (ADD, MILK)), finish=CALLS),
    ),
    Habit(
        "gateway",
        "an empty piece at the end",
        *one(calls(piece(MILK, ADD, "a", index=0)), calls({"index": 1, "function": {}})),
    ),
    Habit("gateway", "an empty answer", sse(says(content=""), end()), Made()),
    Habit(
        "gateway",
        "a <think> in the middle stays",
        *text(says(content="Hel"), says(content="lo <think>"), text="Hello <think>"),
    ),
    Habit("gateway", "<thinking>, and an answer at once", *thinks({"content": "<thinking>Greet.</thinking>Hello"})),
    Habit(
        "gateway",
        "two thoughts before the answer",
        *thinks({"content": "<think></think>\n<think>Greet.</think>\nHello"}),
    ),
    Habit(
        "gateway",
        "less-than at the beginning",
        *text(says(content="<"), says(content="3 is a heart"), text="<3 is a heart"),
    ),
    Habit("gateway", "a beginning of a tag, and no more", *text(says(content="<thi"), text="<thi")),
    Habit("gateway", "a refusal", *text(says(refusal="Hello"))),
    *(
        Habit(
            "gateway",
            f"{name} as usage",
            sse(says(content="Hello"), end(), {"choices": [], "usage": usage}),
            Made("Hello", usage=counted),
        )
        for name, usage, counted in (
            ("2^63 tokens", {"prompt_tokens": 2**63, "completion_tokens": 1}, None),
            ("fewer than no tokens", {"prompt_tokens": -1, "completion_tokens": 1}, None),
            ("a part of a token", {"prompt_tokens": 1.5, "completion_tokens": 1}, None),
            ("infinity", {"prompt_tokens": 1e999, "completion_tokens": 1}, None),
            ("words", {"prompt_tokens": "many", "completion_tokens": 1}, None),
            ("true", {"prompt_tokens": True, "completion_tokens": 1}, None),
            ("nulls", {"prompt_tokens": None, "completion_tokens": None}, None),
            ("a list", [1, 2], None),
            ("texts", {"prompt_tokens": "9", "completion_tokens": "2"}, (9, 2, 0)),
            ("floats", {"prompt_tokens": 9.0, "completion_tokens": 2.0}, (9, 2, 0)),
            (
                "more cached than sent",
                {"prompt_tokens": 9, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 99}},
                (9, 2, 9),
            ),
            (
                "absurd details",
                {"prompt_tokens": 9, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": -5}},
                (9, 2, 0),
            ),
        )
    ),
]
