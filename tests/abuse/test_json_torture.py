"""Hostile JSON on every route that reads a body, down to PostgreSQL: refused in the one shape, and never our fault."""

import json
import re
from typing import Any

import pytest

from tests.abuse.addresses import address
from tests.abuse.conftest import Opened, Operation, World, assert_is_told_properly

pytestmark = pytest.mark.long

JSON = {"Content-Type": "application/json"}
DEEP = 100_000
VALUES: dict[str, bytes] = {
    "NUL": b'"a\\u0000b"',
    "a raw NUL": b'"a\x00b"',
    "a lone surrogate": b'"\\ud800"',
    "a turned pair": b'"\\udc00\\ud800"',
    "half a UTF-8 letter": b'"\xe2\x82"',
    "an overlong slash": b'"\xc0\xaf"',
    "a surrogate in UTF-8": b'"\xed\xa0\x80"',
    "2^63": b"9223372036854775808",
    "-2^63-1": b"-9223372036854775809",
    "2^53": b"9007199254740992",
    "2^31": b"2147483648",
    "a thousand digits": b"9" * 1_000,
    "100,000 digits": b"9" * DEEP,
    "1e999": b"1e999",
    "1e-999": b"1e-999",
    "a long exponent": b"1e" + b"9" * 1_000,
    "NaN": b"NaN",
    "Infinity": b"-Infinity",
    "deep lists": b"[" * DEEP,
    "deep closed lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP,
    "800 lists": b"[" * 800 + b"]" * 800,
    "half a million letters": b'"' + b"x" * 500_000 + b'"',
    "100,000 combining marks": b'"a' + "\u0301".encode() * 100_000 + b'"',
    "bidi and zero width": '"\u202e\u2066\ufeff\u200b"'.encode(),
    "null": b"null",
    "true": b"true",
    "a list": b"[1, 2]",
    "an object": b'{"__proto__": {"admin": true}, "$ref": "#"}',
    "SQL": b'"\'; DROP TABLE tasks; --"',
}
WHOLE: dict[str, bytes] = {
    "nothing": b"",
    "white space": b" \t\r\n" * 1_000,
    "a BOM": b"\xef\xbb\xbf{}",
    "UTF-16": "{}".encode("utf-16"),
    "two documents": b"{}{}",
    "a trailing comma": b'{"a": 1,}',
    "a comment": b"{/* */}",
    "single quotes": b"{'a': 1}",
    "a NUL key": b'{"\\u0000": 1}',
    "a surrogate key": b'{"\\ud800": 1}',
    "a key of half a million letters": b'{"' + b"k" * 500_000 + b'": 1}',
    "50,000 keys": json.dumps({str(number): 1 for number in range(50_000)}).encode(),
    "more than a megabyte": b'{"a": "' + b"x" * 1_000_000 + b'"}',
}


@pytest.mark.parametrize("torture", [*VALUES, *WHOLE])
async def test_no_route_breaks_under_hostile_json(opened: Opened, torture: str) -> None:
    async with opened() as world:
        routes = world.with_body()
        assert len(routes) > 15
        for route in routes:
            for body in bodies(world, route, torture):
                answer = await world(route[0], address(route[1]), content=body, headers=JSON)
                assert_is_told_properly(answer)
        assert (await world("GET", "/api/auth/me")).status_code == 200, "the users are still there"


async def test_of_two_equal_keys_the_last_counts_and_both_are_checked(opened: Opened) -> None:
    async with opened() as world:
        made = await world("POST", "/api/users/me/tasks", content=b'{"title": "a", "title": "b"}', headers=JSON)
        assert (made.status_code, made.json()["title"]) == (201, "b")
        refused = await world("POST", "/api/users/me/tasks", content=b'{"title": 1, "title": "b"}', headers=JSON)
        assert refused.status_code == 400


@pytest.mark.parametrize(
    "torture", ["%00", "%ED%A0%80", "%FF", "x" * 5_000, "%0d%0aSet-Cookie:%20a=b", "..%2f..%2fetc"]
)
async def test_no_route_breaks_under_hostile_addresses_and_queries(opened: Opened, torture: str) -> None:
    async with opened() as world:
        for method, path in world.operations():
            if path.endswith("/stream"):
                continue
            for url in (
                re.sub(r"\{(?!user_id)\w+\}", torture, path).replace("{user_id}", "me"),
                hostile_query(path, torture),
            ):
                answer = await world(method, url, content=b"{}", headers=JSON)
                assert_is_told_properly(answer)
                assert "set-cookie: a" not in str(answer.headers).lower()


def hostile_query(path: str, torture: str) -> str:
    names = ("limit", "offset", "cursor", "status", "after", "before", "token", "order", "days", "refresh", "on_error")
    return f"{address(path)}?{'&'.join(f'{name}={torture}' for name in names)}"


def bodies(world: World, route: Operation, torture: str) -> list[bytes]:
    """The torture as the whole body, and as each field that the route knows, beside good others."""
    if torture in WHOLE:
        return [WHOLE[torture]]
    value = VALUES[torture]
    content = world.document["paths"][route[1]][route[0].lower()]["requestBody"]["content"]["application/json"]
    fields = properties(world, content["schema"])
    good = {name: sample(world, schema) for name, schema in fields.items()}
    return [value, *(with_field(good, name, value) for name in fields)]


def with_field(good: dict[str, Any], name: str, value: bytes) -> bytes:
    others = {key: each for key, each in good.items() if key != name}
    return (
        b"{"
        + json.dumps(name).encode()
        + b": "
        + value
        + b"".join(b", " + json.dumps(key).encode() + b": " + json.dumps(each).encode() for key, each in others.items())
        + b"}"
    )


def properties(world: World, schema: dict[str, Any]) -> dict[str, Any]:
    schema = resolved(world, schema)
    found: dict[str, Any] = dict(schema.get("properties", {}))
    for option in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        found |= properties(world, option)
    return found


def resolved(world: World, schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return world.document["components"]["schemas"][name] if name else schema


def sample(world: World, schema: dict[str, Any]) -> Any:
    """One that the schema may take: its example, or the simplest."""
    schema = resolved(world, schema)
    if "examples" in schema:
        return schema["examples"][0]
    kinds = {"string": "a", "integer": 1, "boolean": True, "array": [], "object": {}}
    return schema.get("default", kinds.get(schema.get("type", "")))
