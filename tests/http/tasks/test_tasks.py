import pytest

from tests.http.conftest import Api

TASKS = "/api/users/me/tasks"


async def test_the_life_of_a_task(api: Api) -> None:
    added = await api("POST", TASKS, json={"title": " Buy milk ", "description": "2 l"})
    assert added.status_code == 201
    assert (
        added.json().items()
        >= {
            "id": 1,
            "user_id": "id-1",
            "title": "Buy milk",
            "description": "2 l",
            "completed": False,
            "created_at": "2026-11-23T09:00:00Z",
            "updated_at": "2026-11-23T09:00:00Z",
        }.items()
    )
    assert (await api("GET", "/api/tasks/1")).json() == added.json()
    patched = await api("PATCH", "/api/tasks/1", json={"description": None})
    assert (patched.json()["title"], patched.json()["description"]) == ("Buy milk", None)
    assert (await api("PATCH", "/api/tasks/1/complete")).json()["completed"] is True
    assert (await api("PATCH", "/api/tasks/1/complete")).status_code == 200
    assert (await api("PATCH", "/api/tasks/1/uncomplete")).json()["completed"] is False
    deleted = await api("DELETE", "/api/tasks/1")
    assert (deleted.status_code, deleted.json()) == (200, {"message": "Task 1 is deleted."})
    assert (await api("GET", "/api/tasks/1")).status_code == 404


@pytest.mark.parametrize("owner", ["me", "id-1"])
async def test_tasks_are_reached_by_the_users_id_and_by_me(api: Api, owner: str) -> None:
    await api("POST", f"/api/users/{owner}/tasks", json={"title": "a"})
    assert (await api("GET", f"/api/users/{owner}/tasks/1")).status_code == 200
    assert (await api("PATCH", f"/api/users/{owner}/tasks/1", json={"title": "b"})).json()["title"] == "b"
    assert (await api("DELETE", f"/api/users/{owner}/tasks/1")).status_code == 200


async def test_pages_by_offset_and_by_cursor(api: Api) -> None:
    for number in range(1, 6):
        await api("POST", TASKS, json={"title": f"{number}"})
    page = (await api("GET", TASKS, params={"limit": 2, "offset": 1})).json()
    assert ([task["id"] for task in page["tasks"]], page["total"], page["offset"], page["limit"]) == ([4, 3], 5, 1, 2)
    rest = (await api("GET", TASKS, params={"limit": 100, "cursor": page["next_cursor"]})).json()
    assert ([task["id"] for task in rest["tasks"]], rest["next_cursor"]) == ([2, 1], None)


async def test_the_status_filters(api: Api) -> None:
    for title in "abc":
        await api("POST", TASKS, json={"title": title})
    await api("PATCH", "/api/tasks/2/complete")
    found = {status: (await api("GET", TASKS, params={"status": status})).json() for status in ("pending", "completed")}
    assert {status: (page["total"], len(page["tasks"])) for status, page in found.items()} == {
        "pending": (2, 2),
        "completed": (1, 1),
    }


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("offset=-1", "offset"),
        ("offset=99999999999999999999", "offset"),
        ("status=done", "status"),
        ("cursor=abc", "cursor"),
        ("cursor=0", "cursor"),
        ("cursor=99999999999999999999999", "cursor"),
        (f"cursor={'0' * 19}1{'9' * 100}", "cursor"),
        ("cursor=3&offset=1", "offset"),
    ],
)
async def test_a_bad_query_is_refused_by_name(api: Api, query: str, field: str) -> None:
    answer = await api("GET", f"{TASKS}?{query}")
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["detail"]["fields"]] == [field]


@pytest.mark.parametrize("path", ["", "/complete", "/uncomplete"])
async def test_a_foreign_task_answers_like_none(api: Api, path: str) -> None:
    await api("POST", TASKS, json={"title": "secret"})
    bob = await api.sign_up("bob")
    method = "PATCH" if path else "GET"
    foreign = await api(method, f"/api/tasks/1{path}", headers=bob | {"X-Request-ID": "same"})
    absent = await api(method, f"/api/tasks/1{path}", headers=bob | {"X-Request-ID": "same"})
    assert foreign.status_code == absent.status_code == 404
    assert foreign.content == absent.content
    assert "secret" not in foreign.text


async def test_another_users_address_is_forbidden(api: Api) -> None:
    bob = await api.sign_up("bob")
    for method, path in (("GET", "tasks"), ("POST", "tasks"), ("DELETE", "tasks/1"), ("POST", "chat")):
        answer = await api(method, f"/api/users/id-1/{path}", headers=bob)
        assert (answer.status_code, answer.json()["detail"]["code"]) == (403, "FORBIDDEN")


async def test_an_empty_patch_is_an_invalid_request(api: Api) -> None:
    await api("POST", TASKS, json={"title": "a"})
    answer = await api("PATCH", "/api/tasks/1", json={})
    assert (answer.status_code, answer.json()["detail"]["code"]) == (400, "INVALID_REQUEST")
