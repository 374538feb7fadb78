"""What models send as a tool's arguments, and what is understood."""

import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

import msgspec
import pytest
from msgspec import UNSET, Meta, Struct, UnsetType

from application.tasks.inputs import TaskChanges
from application.tools.arguments import read_arguments
from application.tools.fields import AddTask, Clearable, ListTasks, TaskReference, UpdateTask
from application.tools.table import TOOLS
from application.tools.toolbox import Toolbox
from domain.accounts.account import Caller
from domain.errors import Invalid
from domain.tasks.task import Status
from tests.tasks_on import tools_on
from tests.unit.tasks.changes_world import World
from tests.unit.tasks.changes_world import world as world


class Step(Struct, forbid_unknown_fields=True):
    name: str
    minutes: int | None = None


class Everything(Struct, forbid_unknown_fields=True):
    """Has an argument of each type that a tool may have one day."""

    share: float | None = None
    ids: list[Annotated[int, Meta(ge=1)]] = []
    labels: list[str] | UnsetType = UNSET
    colours: list[Literal["red", "blue"]] = []
    steps: list[Step] = []
    first: Step | None = None
    either: int | str | None = None


NUMBERS = {
    "3": 3,
    "3.0": 3,
    '"3"': 3,
    '" 3 "': 3,
    '"3.0"': 3,
    '"3."': 3,
    '"+3"': 3,
    "3e0": 3,
    "30e-1": 3,
    '"3e0"': 3,
    '"0003"': 3,
    "9007199254740991": 2**53 - 1,
    '"9007199254740991"': 2**53 - 1,
    "9.007199254740991e15": 2**53 - 1,
}
NO_NUMBERS = {
    "true": "must be a whole number",
    '"true"': "must be a whole number",
    "3.5": "must be a whole number",
    '"3.5"': "must be a whole number",
    '"three"': "must be a whole number",
    '"#"': "must be a whole number",
    '"3 4"': "must be a whole number",
    '"٣"': "must be a whole number",
    '"1_000"': "must be a whole number",
    '"NaN"': "must be a whole number",
    '"Infinity"': "must be a whole number",
    "[3]": "must be a whole number",
    '{"id": 3}': "must be a whole number",
    "0": "must be at least 1",
    "-3": "must be at least 1",
    '"-3.0"': "must be at least 1",
    "9007199254740992": "must be at most 9007199254740991",
    "1e300": "must be at most 9007199254740991",
    '"1e999"': "must be at most 9007199254740991",
    "1180591620717411303424": "must be at most 9007199254740991",
    f'"{"9" * 400}"': "must be at most 9007199254740991",
}


@pytest.mark.parametrize(("written", "meant"), NUMBERS.items())
def test_numbers_are_read_as_they_are_meant(written: str, meant: int) -> None:
    task_id = read_arguments(f'{{"task_id": {written}}}', TaskReference).task_id
    assert (task_id, type(task_id)) == (meant, int)


@pytest.mark.parametrize(("written", "says"), NO_NUMBERS.items())
def test_what_is_no_number_is_refused_in_words(written: str, says: str) -> None:
    with pytest.raises(Invalid, match=f"^task_id: {re.escape(says)}"):
        read_arguments(f'{{"task_id": {written}}}', TaskReference)


@pytest.mark.parametrize("text", ['{"task_id": NaN}', '{"task_id": Infinity}', '{"task_id": 1e999}', '{"task_id": 1'])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match=r"^arguments: must be (JSON|a number that is not so large)"):
        read_arguments(text, TaskReference)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *((each, True) for each in ("true", '"true"', '"True"', '" TRUE "', "1", "1.0", '"1"', '"yes"', '"on"')),
        *((each, False) for each in ("false", '"false"', '"False"', "0", "0.0", '"0"', '"No"', '"off"')),
        *((each, UNSET) for each in ("null", '""', '"  "', '"null"', '"None"', '" undefined "')),
    ],
)
def test_true_and_false_are_read_as_they_are_meant(written: str, meant: Any) -> None:
    assert read_arguments(f'{{"task_id": 1, "completed": {written}}}', UpdateTask).completed is meant


@pytest.mark.parametrize("written", ["2", '"maybe"', "[]", "[true]", "{}", '"done"'])
def test_what_is_neither_true_nor_false_is_refused(written: str) -> None:
    with pytest.raises(Invalid, match=r"^completed: must be true or false"):
        read_arguments(f'{{"task_id": 1, "completed": {written}}}', UpdateTask)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('"pending"', Status.PENDING),
        ('"PENDING"', Status.PENDING),
        ('" Completed "', Status.COMPLETED),
        ("null", None),
        ('"null"', None),
        ('""', None),
    ],
)
def test_a_choice_may_be_in_upper_case(written: str, meant: Status) -> None:
    assert read_arguments(f'{{"status": {written}}}', ListTasks).status is meant


@pytest.mark.parametrize("written", ['"open"', "1", "true", "[]", "{}", '["pending"]'])
def test_what_is_no_choice_is_told_the_choices(written: str) -> None:
    with pytest.raises(Invalid, match=r"^status: must be one of all, pending, completed, trashed"):
        read_arguments(f'{{"status": {written}}}', ListTasks)


@pytest.mark.parametrize("text", ["", " ", "null", "{}", '""', '"{}"', "[]", '{"status": null, "x": null}'])
def test_no_arguments_are_written_in_many_ways(text: str) -> None:
    assert read_arguments(text, ListTasks) == ListTasks()


def test_an_object_in_a_text_is_that_object() -> None:
    assert read_arguments(json.dumps('{"title": "Milk"}'), AddTask) == AddTask("Milk")


@pytest.mark.parametrize("text", ["[1]", "3", "true", '"Milk"', '"{"'])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match=r"^arguments: must be an object"):
        read_arguments(text, AddTask)


def test_text_may_be_a_number_and_keeps_its_letters() -> None:
    assert read_arguments('{"title": 2024, "description": 1.5}', AddTask) == AddTask("2024", description="1.5")
    assert read_arguments('{"title": "true"}', AddTask) == AddTask("true")
    assert read_arguments('{"title": "[1, 2]"}', AddTask) == AddTask("[1, 2]")
    assert read_arguments('{"title": "null", "description": "none"}', AddTask) == AddTask("null", description="none")


def test_an_unknown_argument_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(Invalid, match=r"^when: is not a known field; there are title, description"):
        read_arguments('{"title": "a", "when": "tomorrow"}', AddTask)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"share": "0.5"}, {"share": 0.5}),
        ({"share": "50"}, {"share": 50.0}),
        ({"ids": "[1, 2]"}, {"ids": [1, 2]}),
        ({"ids": "1, 2"}, {"ids": [1, 2]}),
        ({"ids": ["1", 2.0]}, {"ids": [1, 2]}),
        ({"ids": 1}, {"ids": [1]}),
        ({"ids": "1"}, {"ids": [1]}),
        ({"ids": [1, None, ""]}, {"ids": [1]}),
        ({"labels": "home, sweet"}, {"labels": ["home, sweet"]}),
        ({"labels": '["home", "sweet"]'}, {"labels": ["home", "sweet"]}),
        ({"labels": None}, {}),
        ({"labels": []}, {"labels": []}),
        ({"colours": "RED,blue"}, {"colours": ["red", "blue"]}),
        ({"steps": '[{"name": "a", "minutes": "5"}]'}, {"steps": [Step("a", 5)]}),
        ({"steps": ['{"name": "a"}']}, {"steps": [Step("a")]}),
        ({"steps": {"name": "a", "minutes": ""}}, {"steps": [Step("a")]}),
        ({"first": '{"name": 1}'}, {"first": Step("1")}),
        ({"first": "null", "ids": "None", "labels": "none"}, {}),
        ({"first": "nobody"}, None),
        ({"ids": ["0"]}, None),
        ({"colours": ["green"]}, None),
        ({"steps": [{"name": "a", "size": 1}]}, None),
        ({"either": "3"}, {"either": "3"}),
    ],
)
def test_lists_and_objects_are_read_as_they_are_meant(given: dict[str, Any], meant: dict[str, Any] | None) -> None:
    if meant is None:
        with pytest.raises(Invalid):
            read_arguments(json.dumps(given), Everything)
    else:
        assert read_arguments(json.dumps(given), Everything) == Everything(**meant)


def test_the_place_of_what_is_wrong_is_named() -> None:
    with pytest.raises(Invalid, match=r"^steps\[0\]\.size: is not a known field"):
        read_arguments('{"steps": [{"name": "a", "size": 1}]}', Everything)
    with pytest.raises(Invalid, match=r"^ids\[1\]: must be at least 1"):
        read_arguments('{"ids": ["1", "0"]}', Everything)


def test_what_can_be_cleared_is_what_may_be_null() -> None:
    fields = msgspec.inspect.type_info(TaskChanges).fields  # type: ignore[attr-defined]
    nullable = [field.name for field in fields if "NoneType" in str(field.type)]
    written = {"list" if name == "list_id" else name for name in nullable} - {"recurs_from"}
    assert {*get_args(Clearable)} == written


@dataclass
class Called:
    toolbox: Toolbox

    async def __call__(self, tool: str, **given: Any) -> Any:
        return (await self.toolbox.call(Caller("ann"), tool, json.dumps(given))).data


@pytest.fixture
def call(world: World) -> Called:
    return Called(Toolbox(tools_on(world.tasks, world.undo, world.store, world.clock)))


@pytest.mark.parametrize("nothing", [None, "", "  "])
async def test_what_is_not_given_stays_and_what_is_to_be_cleared_is_named(call: Called, nothing: Any) -> None:
    await call("add_task", title="Milk", description="2 l")
    task = await call("update_task", task_id=1, title="Oat milk", description=nothing, completed=nothing, clear=nothing)
    assert (task["title"], task["description"], task["completed"]) == ("Oat milk", "2 l", False)
    for names in ("description", ["description"], '["description"]', ["DESCRIPTION", "description"]):
        await call("update_task", task_id=1, description="2 l")
        task = await call("update_task", task_id="1", clear=names, description=nothing)
        assert (task["title"], task["description"]) == ("Oat milk", None)


async def test_what_can_not_be_cleared_or_is_given_too_is_refused(call: Called) -> None:
    await call("add_task", title="Milk", description="2 l")
    with pytest.raises(Invalid, match=r"^clear\[0\]: must be one of deadline, description"):
        await call("update_task", task_id=1, clear=["title"])
    with pytest.raises(Invalid, match=r"^clear: has description, which is given too"):
        await call("update_task", task_id=1, clear=["description"], description="3 l")


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
async def test_every_tool_takes_numbers_as_text_and_nulls_for_what_is_optional(call: Called, tool: Any) -> None:
    await call("add_task", title="Milk")
    await call("update_task", task_id=1, title="Oat milk")
    values = {"title": 7, "task_id": "1.0", "due": "2026-12-01", "completed": "TRUE"}
    names = [field.name for field in msgspec.structs.fields(tool.arguments)]
    given: dict[str, Any] = dict.fromkeys(names) | {k: v for k, v in values.items() if k in names}
    if tool.name == "skip_task":
        await call("update_task", task_id=1, recurrence="every day")
    if tool.name == "change_tasks":
        given = {"changes": json.dumps([{"action": "UPDATE", "find": None, **values, "clear": None}])}
    assert await call(tool.name, **given) is not None
