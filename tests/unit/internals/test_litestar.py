"""What docs/internals.md says of Litestar: each test fails where Litestar has changed, or mended it."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from litestar import Controller, Litestar, Response, delete, get, patch
from litestar.datastructures import Cookie
from litestar.di import NamedDependency, Provide
from litestar.exceptions import ImproperlyConfiguredException
from litestar.params import FromPath
from litestar.routes import HTTPRoute
from litestar.testing import AsyncTestClient
from msgspec import Struct

from adapters.http.internals.litestar_app import App, resolve_one_by_one
from adapters.http.internals.litestar_responses import JsonResponse


class Reading(Controller):
    path = "/things/{number:int}"

    @get()
    async def read(self, number: FromPath[int]) -> int:
        return number


class Changing(Controller):
    path = "/things/{number:int}"

    @patch()
    async def change(self, number: FromPath[int]) -> int:
        return number

    @delete()
    async def remove(self, number: FromPath[int]) -> None:
        pass


async def allowed(app: Litestar) -> set[str]:
    async with AsyncTestClient(app) as client:
        answer = await client.options("/things/1")
    return set(answer.headers["Allow"].split(", "))


async def test_options_name_every_method_where_litestar_names_too_few() -> None:
    assert await allowed(App([Changing], openapi_config=None)) == {"DELETE", "OPTIONS", "PATCH"}
    assert await allowed(Litestar([Changing], openapi_config=None)) < {"DELETE", "OPTIONS", "PATCH"}


async def test_two_controllers_may_share_an_address_where_litestar_refuses_the_second() -> None:
    assert await allowed(App([Reading, Changing], openapi_config=None)) == {"DELETE", "GET", "OPTIONS", "PATCH"}
    with pytest.raises(ImproperlyConfiguredException, match="already registered"):
        Litestar([Reading, Changing], openapi_config=None)


@get("/said")
async def said(first: NamedDependency[str], both: NamedDependency[str], third: NamedDependency[str]) -> str:
    return f"{first} {both} {third}"


def batches(app: Litestar) -> Iterable[set[Any]]:
    routes = [route for route in app.routes if isinstance(route, HTTPRoute)]
    models = [model for route in routes for _, model in route.route_handler_map.values()]
    return [batch for model in models for batch in model.dependency_batches]


async def test_dependencies_are_resolved_one_by_one_and_what_needs_another_after_it() -> None:
    def both(first: NamedDependency[str], third: NamedDependency[str]) -> str:
        return first + third

    known: dict[str, Callable[..., str]] = {"both": both, "first": lambda: "a", "third": lambda: "c"}
    given = {name: Provide(each, sync_to_thread=False) for name, each in known.items()}
    app = Litestar([said], dependencies=given, openapi_config=None)
    assert max(map(len, batches(app))) > 1, "Litestar makes no batches any more"
    resolve_one_by_one(app)
    assert {len(batch) for batch in batches(app)} == {1}
    async with AsyncTestClient(app) as client:
        assert (await client.get("/said")).text == "a ac c"


class Thing(Struct):
    name: str


COOKIES = [Cookie("a", value="b", path="/x", httponly=True, samesite="strict"), Cookie("c", max_age=0)]
ANSWERS: list[tuple[Any, dict[str, Any]]] = [
    (Thing("ü"), {}),
    ([Thing("a"), Thing("b")], {"status_code": 201, "headers": {"ETag": '"1"'}}),
    (b'{"raw": 1}', {"media_type": "application/json"}),
    (b"<html>", {"media_type": "application/octet-stream", "cookies": COOKIES}),
    (None, {"status_code": 204, "cookies": COOKIES}),
    (None, {"status_code": 304, "headers": {"ETag": '"1"'}}),
]


async def sent(made: Any) -> tuple[int, list[tuple[str, str]], bytes]:
    @get("/")
    async def handler() -> Response[Any]:
        response: Response[Any] = made
        return response

    async with AsyncTestClient(Litestar([handler], openapi_config=None)) as client:
        answer = await client.get("/")
    return answer.status_code, sorted(answer.headers.multi_items()), answer.content


@pytest.mark.parametrize(("content", "options"), ANSWERS)
async def test_an_answer_is_sent_as_litestars_own_response(content: Any, options: dict[str, Any]) -> None:
    assert await sent(JsonResponse(content, **options)) == await sent(Response(content, **options))


def test_an_answer_has_all_that_litestar_gives_its_own_response() -> None:
    given = {name for name in dir(Response) if hasattr(Response(None), name)}
    assert {name for name in given if not hasattr(JsonResponse(None), name)} == set()
