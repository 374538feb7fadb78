"""What docs/internals.md says of Litestar: each test fails where Litestar has changed, or mended it."""

from collections.abc import AsyncIterator, Callable, Iterable
from typing import Annotated, Any

import pytest
from litestar import Controller, Litestar, Request, Response, delete, get, patch, post
from litestar.config.cors import CORSConfig
from litestar.datastructures import Cookie
from litestar.di import NamedDependency, Provide
from litestar.exceptions import ImproperlyConfiguredException
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody
from litestar.response import Stream
from litestar.routes import HTTPRoute
from litestar.testing import AsyncTestClient
from msgspec import Struct

from adapters.http.internals.litestar_app import App
from adapters.http.internals.litestar_calls import DirectCalls
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
async def said(first: NamedDependency[str], both: NamedDependency[str], third: NamedDependency[str]) -> Response[str]:
    return JsonResponse(f"{first} {both} {third}")


def batches(app: Litestar) -> Iterable[set[Any]]:
    routes = [route for route in app.routes if isinstance(route, HTTPRoute)]
    models = [model for route in routes for _, model in route.route_handler_map.values()]
    return [batch for model in models for batch in model.dependency_batches]


async def test_dependencies_are_resolved_without_the_batches_of_litestar() -> None:
    async def both(first: NamedDependency[str], third: NamedDependency[str]) -> str:
        return first + third

    known: dict[str, Callable[..., str]] = {"first": lambda: "a", "third": lambda: "c"}
    given = {name: Provide(each, sync_to_thread=False) for name, each in known.items()}
    given["both"] = Provide(both)
    assert max(map(len, batches(Litestar([said], dependencies=given, openapi_config=None)))) > 1, "no batches any more"
    async with AsyncTestClient(App([said], dependencies=given, openapi_config=None)) as client:
        assert (await client.get("/said")).json() == "a ac c"


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


class Refused(Exception):
    pass


@post("/things/{number:int}")
async def add(number: FromPath[int], data: JSONBody[Thing], most: FromQuery[int] = 3) -> Thing:
    if number > most:
        raise Refused(data.name)
    return Thing(data.name * number)


@get("/labelled")
async def labelled(label: Annotated[str | None, HeaderParameter(name="X-Label", required=False)] = None) -> Thing:
    return Thing(label or "none")


@get("/numbered")
async def numbered(number: Annotated[int, HeaderParameter(name="X-Number")]) -> Thing:
    return Thing(str(number))


@get("/guarded", guards=[lambda _, __: None])
async def guarded() -> Thing:
    return Thing("guarded")


@get("/cut")
async def cut() -> Stream:
    async def parts() -> AsyncIterator[bytes]:
        yield b"a"
        raise Refused

    return Stream(parts())


@get("/after", after_request=lambda response: Response(f"after {response.status_code}"))
async def after() -> Thing:
    return Thing("before")


def on_refused(_: Request[Any, Any, Any], error: Refused) -> Response[str]:
    return Response(f"refused: {error}", status_code=409)


OPTIONS: dict[str, Any] = {
    "route_handlers": [add, labelled, numbered, guarded, cut, after],
    "exception_handlers": {Refused: on_refused},
    "cors_config": CORSConfig(allow_origins=["https://page.example"]),
    "openapi_config": None,
}
REQUESTS: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/things/2", {"json": {"name": "ü"}}),
    ("POST", "/things//2/?most=9", {"json": {"name": "a"}}),
    ("POST", "/things/4", {"json": {"name": "too many"}}),
    ("POST", "/things/4?most=9", {"json": {"name": "a"}, "headers": {"Origin": "https://page.example"}}),
    ("POST", "/things/4", {"json": {"name": "a"}, "headers": {"Origin": "https://page.example"}}),
    ("POST", "/things/2", {"json": {"name": "a"}, "headers": {"Host": "a b"}}),
    ("POST", "/things/2?most=ten", {"json": {"name": "a"}}),
    ("POST", "/things/2", {"json": {"name": 1}}),
    ("POST", "/things/2", {}),
    ("POST", "/things/x", {}),
    ("GET", "/labelled", {}),
    ("GET", "/labelled", {"headers": {"X-LABEL": "ü".encode()}}),
    ("GET", "/labelled", {"headers": [("X-Label", "first"), ("X-Label", "second")]}),
    ("GET", "/numbered", {}),
    ("PUT", "/things/2", {}),
    ("GET", "/nothing", {}),
    ("GET", "/guarded", {}),
    ("GET", "/after", {}),
    ("OPTIONS", "/things/2", {}),
]


async def answered(app: Litestar, method: str, path: str, options: dict[str, Any]) -> tuple[int, Any, bytes]:
    async with AsyncTestClient(app, raise_server_exceptions=False) as client:
        answer = await client.request(method, path, **options)
    return answer.status_code, sorted(answer.headers.multi_items()), answer.content


@pytest.mark.parametrize(("method", "path", "options"), REQUESTS)
async def test_a_route_that_is_called_directly_answers_as_litestar_does(
    method: str, path: str, options: dict[str, Any]
) -> None:
    assert await answered(App(**OPTIONS), method, path, options) == await answered(
        Litestar(**OPTIONS), method, path, options
    )


async def test_an_error_after_the_start_of_a_response_gets_no_second_response() -> None:
    async with AsyncTestClient(App(**OPTIONS)) as client:
        with pytest.raises(ExceptionGroup):
            await client.get("/cut")


def test_handlers_that_use_more_of_litestar_are_called_by_litestar() -> None:
    called = DirectCalls()
    called.prepare(Litestar(**OPTIONS))
    direct = (("/things/{number}", "POST"), ("/cut", "GET"), ("/labelled", "GET"))
    others = (("/guarded", "GET"), ("/after", "GET"), ("/numbered", "GET"))
    assert [called.has(*each) for each in (*direct, *others)] == [True, True, True, False, False, False]
