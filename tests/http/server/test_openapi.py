"""What the document says is what a generator of clients can use, and what the server keeps to."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from domain.tasks.fields import MAX_DESCRIPTION_LENGTH, MAX_TITLE_LENGTH
from tests.http.conftest import Api

Json = dict[str, Any]
VERBS = (
    "answer|change|complete|confirm|create|delete|erase|export|get|import|list|login|refresh|regenerate|register|request|reset|restore"
    "|resume|revoke|run|send|set|sign|skip|snooze|stop|sync|uncomplete|undo|update|watch"
)


@pytest.fixture
async def document(api: Api) -> Json:
    answer: Json = (await api.client.get("/openapi.json")).json()
    return answer


def operations(document: Json) -> list[Json]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def nodes(node: Any) -> Iterator[Json]:
    if isinstance(node, dict):
        yield node
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(each)


def test_operations_have_names_that_people_call_them_by(document: Json) -> None:
    names = [each["operationId"] for each in operations(document)]
    assert len({*names}) == len(names)
    assert [name for name in names if not re.fullmatch(rf"({VERBS})([A-Z][a-z]*)*", name)] == []
    assert {each for each in names if each.islower()} == {"login", "register"}, "a verb says of what it is"
    at = {path: {how: each["operationId"] for how, each in of.items()} for path, of in document["paths"].items()}
    assert at["/api/users/{user_id}/tasks"] == {"get": "listTasks", "post": "createTask"}
    assert at["/api/tasks/{task_id}"] == {"get": "getTask", "patch": "updateTask", "delete": "deleteTask"}
    assert at["/api/users/{user_id}/tasks/{task_id}"]["get"] == "getUserTask"


def test_no_optional_field_has_a_default_that_makes_it_required(document: Json) -> None:
    schemas = document["components"]["schemas"]
    assert [name for name, schema in schemas.items() if "default" in schema] == []
    fields = [(name, field) for name, schema in schemas.items() for field in schema.get("properties", {}).items()]
    assert [(name, field) for name, (field, of) in fields if "default" in of] == []
    assert schemas["Batch"]["properties"]["atomic"]["description"].endswith("Default: true.")
    listed = document["paths"]["/api/users/{user_id}/tasks"]["get"]["parameters"]
    assert {each["name"]: each["schema"].get("default") for each in listed}["limit"] == 50


def test_times_enums_and_errors_have_their_types(document: Json) -> None:
    schemas = document["components"]["schemas"]
    fields = [field for schema in schemas.values() for field in schema.get("properties", {}).items()]
    times = [str(of) for name, of in fields if name.endswith("_at") or name in ("at", "timestamp")]
    assert len(times) > 20
    assert [each for each in times if "'date-time'" not in each] == []
    assert [each for each in nodes(document) if "enum" in each and "type" not in each] == []
    for operation in operations(document):
        for status, response in operation["responses"].items():
            assert status < "400" or "application/problem+json" in response["content"], operation["operationId"]


def test_every_text_that_comes_in_has_its_length(document: Json) -> None:
    draft = document["components"]["schemas"]["TaskDraft"]["properties"]
    assert draft["title"] | {"minLength": 1, "maxLength": MAX_TITLE_LENGTH} == draft["title"]
    assert draft["description"]["anyOf"] == [{"type": "string", "maxLength": MAX_DESCRIPTION_LENGTH}, {"type": "null"}]
    for name in (
        "ApiTokenDraft.name",
        "ConversationDraft.title",
        "WebhookDraft.url",
        "SignUp.name",
        "ChatMessage.message",
    ):
        schema, _, field = name.partition(".")
        assert "maxLength" in str(document["components"]["schemas"][schema]["properties"][field]), name


def test_every_operation_is_described_and_its_tag_too(document: Json) -> None:
    assert [each["operationId"] for each in operations(document) if not each.get("description")] == []
    told = {tag["name"] for tag in document["tags"] if tag["description"]}
    assert {tag for each in operations(document) for tag in each["tags"]} == told


def test_every_schema_is_used(document: Json) -> None:
    used = {each["$ref"].rpartition("/")[2] for each in nodes(document) if "$ref" in each}
    assert {*document["components"]["schemas"]} - used == set()


@pytest.mark.parametrize("character", ["x", "é", "😀", "𝔘"])
async def test_lengths_are_counted_in_code_points(api: Api, character: str) -> None:
    for longest, status in ((MAX_TITLE_LENGTH, 201), (MAX_TITLE_LENGTH + 1, 400)):
        answer = await api("POST", "/api/users/me/tasks", json={"title": character * longest})
        assert answer.status_code == status


async def test_a_patch_of_nothing_and_doubles_in_a_list_are_documented_as_they_are_answered(api: Api) -> None:
    schemas = (await api("GET", "/openapi.json")).json()["components"]["schemas"]
    assert [schemas[name]["minProperties"] for name in ("ProfileChanges", "TaskChanges")] == [1, 1]
    assert "uniqueItems" not in str(schemas)
    assert (await api("PATCH", "/api/auth/me", json={})).status_code == 400
