from collections.abc import Awaitable, Callable

import httpx
import pytest

from application.ports import TextDelta
from tests.http.conftest import ORIGIN, Api

TASKS, CHAT = "/api/users/me/tasks", "/api/users/me/chat"
KEY, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"

Post = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def post(api: Api) -> Post:
    async def post(path: str, body: object, key: str = '"8e03978e-40d5"', **headers: str) -> httpx.Response:
        return await api("POST", path, json=body, headers={KEY: key, **headers})

    return post


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["detail"]["code"]


async def test_a_task_that_is_posted_again_is_answered_as_the_first_time(api: Api, post: Post) -> None:
    first = await post(TASKS, {"title": "Buy milk"})
    api.clock.forward(hours=1)
    again = await post(TASKS, {"title": "Buy milk"})
    assert (first.status_code, first.headers["content-type"]) == (201, "application/json")
    assert (again.status_code, again.headers["content-type"]) == (201, "application/json")
    assert again.content == first.content
    assert (first.headers.get(REPLAYED), again.headers.get(REPLAYED)) == (None, "true")
    assert len(api.store.rows.tasks) == 1


async def test_without_a_key_nothing_is_kept(api: Api) -> None:
    for _ in range(2):
        answer = await api("POST", TASKS, json={"title": "Buy milk"})
        assert answer.status_code == 201
    assert len(api.store.rows.tasks) == 2
    assert api.store.rows.receipts == {}


async def test_a_chat_message_that_is_sent_again_is_answered_from_its_turn_and_costs_nothing(
    api: Api, post: Post
) -> None:
    api.model.answers = [[TextDelta("hi")]]
    answers = [await post(CHAT, {"message": "hello"}) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.content for answer in answers} == {answers[0].content}
    assert [answer.headers.get(REPLAYED) for answer in answers] == [None, *["true"] * 4]
    assert len(api.store.rows.turns) == 1


async def test_a_stream_that_is_asked_for_again_tells_the_same_turn(api: Api, post: Post) -> None:
    api.model.answers = [[TextDelta("hi")]]
    first, again = [await post(CHAT, {"message": "hello"}, Accept="text/event-stream") for _ in range(2)]
    assert first.status_code == again.status_code == 200
    assert (first.headers.get(REPLAYED), again.headers.get(REPLAYED)) == (None, "true")
    (turn,) = api.store.rows.turns.values()
    assert all(turn.id in answer.text and '"delta":"hi"' in answer.text for answer in (first, again))


@pytest.mark.parametrize("path", [TASKS, CHAT])
async def test_the_same_key_with_another_request_is_unprocessable(api: Api, post: Post, path: str) -> None:
    api.model.answers = [[TextDelta("hi")]]
    bodies = {TASKS: ({"title": "a"}, {"title": "b"}), CHAT: ({"message": "a"}, {"message": "b"})}
    for_other = {TASKS: CHAT, CHAT: TASKS}[path]
    assert (await post(path, bodies[path][0])).is_success
    assert code(await post(path, bodies[path][1])) == (422, "IDEMPOTENCY_MISMATCH")
    assert code(await post(for_other, bodies[for_other][0])) == (422, "IDEMPOTENCY_MISMATCH")


async def test_a_key_is_in_flight_while_its_request_is(api: Api, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.store, "claim", lambda _: False)
    assert code(await post(TASKS, {"title": "a"})) == (409, "IDEMPOTENCY_IN_FLIGHT")
    assert code(await post(CHAT, {"message": "a"})) == (409, "IDEMPOTENCY_IN_FLIGHT")


async def test_a_refused_request_may_be_mended_under_the_same_key(api: Api, post: Post) -> None:
    assert code(await post(TASKS, {"title": ""})) == (400, "VALIDATION_ERROR")
    assert code(await post(TASKS, {"name": "a"})) == (400, "VALIDATION_ERROR")
    assert (await post(TASKS, {"title": "a"})).status_code == 201


async def test_keys_are_the_users_own(api: Api, post: Post) -> None:
    await post(TASKS, {"title": "a"})
    answer = await post(TASKS, {"title": "b"}, **await api.sign_up("bob"))
    assert (answer.status_code, answer.json()["title"]) == (201, "b")


@pytest.mark.parametrize("path", [TASKS, CHAT])
@pytest.mark.parametrize("key", ["", "two words", "tab\there", "k" * 256, "clé"])
async def test_a_bad_key_is_refused_by_name(api: Api, path: str, key: str) -> None:
    body = {"title": "a"} if path == TASKS else {"message": "a"}
    answer = await api("POST", path, json=body, headers={KEY: key.encode("latin-1")})
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["detail"]["fields"]] == [KEY]


@pytest.mark.parametrize("key", ["k", "!~" * 127 + "!", '"quoted"'])
async def test_a_key_is_any_visible_text(post: Post, key: str) -> None:
    assert (await post(TASKS, {"title": "a"}, key)).status_code == 201
    assert (await post(TASKS, {"title": "a"}, key)).headers[REPLAYED] == "true"


async def test_the_document_names_the_header_and_its_refusals_where_they_hold(api: Api) -> None:
    paths = (await api("GET", "/openapi.json")).json()["paths"]
    for operations in paths.values():
        for method, operation in operations.items():
            named = [each["name"] for each in operation.get("parameters", []) if each["in"] == "header"]
            assert (KEY in named) == ("422" in operation["responses"])
            assert KEY not in named or (method in ("post", "patch") and "409" in operation["responses"])
    assert {"422"} <= set(paths["/api/users/{user_id}/tasks"]["post"]["responses"])
    assert {"422"} <= set(paths["/api/users/{user_id}/chat"]["post"]["responses"])


async def test_a_page_of_another_origin_may_send_a_key_and_read_whether_it_was_a_replay(api: Api) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": KEY}
    allowed = await api.client.options(TASKS, headers=asked)
    assert KEY.lower() in allowed.headers["access-control-allow-headers"].lower()
    answer = await api("GET", TASKS, headers={"Origin": ORIGIN})
    assert REPLAYED in answer.headers["access-control-expose-headers"]
