"""A household's week, over a real socket on PostgreSQL: added by quick add, done over three days across a clock change,
undone, filtered, exported, and imported into a second account."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import uvicorn
from dependency_injector import providers

from adapters.http.internals.uvicorn_protocol import BoundedHttp
from adapters.postgres.driver.database import Database
from bootstrap.asgi import served
from bootstrap.configuration.settings import load
from bootstrap.container import Container

BERLIN = ZoneInfo("Europe/Berlin")
ME = "/api/users/me"
FRIDAY, SATURDAY, SUNDAY, MONDAY = "2027-10-29", "2027-10-30", "2027-10-31", "2027-11-01"
"""The clocks go back in the night to Sunday."""
LINES = [
    "Pay rent #Home @money p1 every 1st at 9 {5 nov} ~20m // from the joint account",
    "Water plants #Home every day at 7:30",
    "Take out the bins #Home every friday",
    "Vacuum #Home every! 7 days starting saturday",
    "Change bed linen #Home every other sunday @laundry",
    "Call grandma #Family every sunday at 17:00",
    "Buy milk #Shopping @errand tomorrow",
    "Buy bread #Shopping @errand tomorrow p2",
    "Buy stamps #Shopping @errand",
    "New winter tyres #Car @money by 15 nov",
    "MOT test #Car p1 {30 nov} 2027-11-20 at 10:15",
    "Parents' evening #Family mon at 18:00 ~2h",
    "Book flights #Family p3 next week",
    "Sun cream for the holiday #Shopping",
    "Mend the bike @weekend on saturday at 14:00",
    "Read the manual",
    "Fix the tap #Home p2 today",
    "Birthday cake #Family on 1 nov",
    "Sort photos #Family",
    "Clean the oven #Home in 3 weeks",
    "Return parcel @errand today at 16:00",
    "Dentist #Family 2027-11-03 at 9:40 p1",
    "Defrost the freezer #Home",
    "Buy cat food #Shopping @errand @cat sat",
]
RECURRING = 6
SUBTASKS = {"Birthday cake": ["Eggs", "Flour", "Candles"], "Book flights": ["Passports", "Seats", "Luggage"]}


class SettableClock:
    """The clock of the server, which the story moves."""

    def __init__(self) -> None:
        self.now = datetime(2027, 10, 29, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def set(self, local: str) -> None:
        self.now = datetime.fromisoformat(local).replace(tzinfo=BERLIN).astimezone(UTC)

    async def start(self) -> None:
        pass

    async def run(self) -> None:
        await asyncio.Event().wait()


@pytest.fixture
async def clock() -> AsyncIterator[SettableClock]:
    clock = SettableClock()
    Container.clock.override(providers.Object(clock))
    yield clock
    Container.clock.reset_last_overriding()


@pytest.fixture
async def url(clock: SettableClock, database: Database, database_url: str) -> AsyncIterator[str]:
    settings = load({"DATABASE_URL": database_url, "BETTER_AUTH_SECRET": "x7Qz" * 12})
    config = uvicorn.Config(served(settings), port=0, http=BoundedHttp, log_config=None, timeout_graceful_shutdown=3)
    server, listener = uvicorn.Server(config), socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await serving


class Person:
    def __init__(self, client: httpx.AsyncClient, clock: SettableClock, name: str) -> None:
        self.client, self.clock = client, clock
        self.form = {"email": f"{name}@example.com", "password": "correct horse battery"}

    async def enter(self, path: str, **form: str) -> None:
        session = await self.call("POST", f"/api/auth/{path}", self.form | form)
        self.client.headers["Authorization"] = f"Bearer {session['token']}"

    async def at(self, local: str) -> None:
        """At this time in Berlin, after which the access token of before has expired."""
        self.clock.set(local)
        await self.enter("signin")

    async def call(self, method: str, path: str, body: Any = None, **params: Any) -> Any:
        answer = await self.client.request(method, path, json=body, params=params)
        assert answer.is_success, answer.text
        return answer.json()

    async def add(self, line: str) -> dict[str, Any]:
        answer: dict[str, Any] = await self.call("POST", f"{ME}/tasks/quick-add", {"text": line})
        task: dict[str, Any] = answer["task"]
        return task

    async def found(self, **params: Any) -> list[dict[str, Any]]:
        page = await self.call("GET", f"{ME}/tasks", **{"limit": 100, **params})
        tasks: list[dict[str, Any]] = page["tasks"]
        return tasks

    async def titles(self, **params: Any) -> set[str]:
        return {task["title"] for task in await self.found(**params)}

    async def numbers(self) -> dict[str, int]:
        """Of the open tasks by title."""
        return {task["title"]: task["id"] for task in await self.found(status="pending")}

    async def complete(self, *titles: str) -> list[dict[str, Any]]:
        numbers = await self.numbers()
        return [await self.call("PATCH", f"/api/tasks/{numbers[title]}/complete") for title in titles]


@asynccontextmanager
async def signed_up(url: str, clock: SettableClock, name: str) -> AsyncIterator[Person]:
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        person = Person(client, clock, name)
        await person.enter("signup", timezone="Europe/Berlin")
        yield person


async def test_a_households_week(url: str, clock: SettableClock) -> None:
    async with signed_up(url, clock, "ann") as ann:
        await begin(ann)
        await three_days(ann)
        await filters(ann)
        exported = await ann.call("GET", f"{ME}/export")
        async with signed_up(url, clock, "bob") as bob:
            await bob.call("POST", f"{ME}/import", exported)
            assert known_by_both(await bob.call("GET", f"{ME}/export")) == known_by_both(exported)
            assert await outline(bob) == await outline(ann)


async def begin(ann: Person) -> None:
    await ann.at(f"{FRIDAY}T08:00")
    added = [await ann.add(line) for line in LINES]
    assert sum(task["recurrence"] is not None for task in added) == RECURRING
    numbers = await ann.numbers()
    for parent, children in SUBTASKS.items():
        for child in children:
            await ann.call("POST", f"{ME}/tasks", {"title": child, "parent_id": numbers[parent]})
    assert len(await ann.numbers()) == 30
    lists = (await ann.call("GET", f"{ME}/lists"))["lists"]
    assert {each["name"]: each["pending"] for each in lists} == {"Home": 8, "Family": 12, "Shopping": 5, "Car": 2}
    rent, plants = added[0], added[1]
    assert (rent["due"], rent["deadline"], rent["priority"], rent["tags"]) == (
        "2027-11-01T09:00",
        "2027-11-05",
        "high",
        ["money"],
    )
    assert (rent["estimate"], rent["description"]) == ("PT20M", "from the joint account")
    assert plants["due"] == "2027-10-30T07:30", "half past seven is past today"


async def three_days(ann: Person) -> None:
    await ann.at(f"{SATURDAY}T20:00")
    plants, bins = await ann.complete("Water plants", "Take out the bins")
    assert (plants["due"], bins["due"]) == ("2027-10-31T07:30", "2027-11-05")
    [vacuum] = await ann.complete("Vacuum")
    assert vacuum["due"] == "2027-11-06"
    await ann.at(f"{SUNDAY}T18:00")
    before, [last] = await outline(ann), (await ann.call("GET", f"{ME}/events", order="newest", limit=1))["events"]
    plants, grandma = await ann.complete("Water plants", "Call grandma")
    assert (plants["due"], grandma["due"]) == ("2027-11-01T07:30", "2027-11-07T17:00")
    for done in reversed(await sets_since(ann, last)):
        await ann.call("POST", f"{ME}/events/{done}/undo")
    assert await outline(ann) == before
    await ann.at(f"{MONDAY}T07:00")
    await ann.complete("Buy milk", "Buy bread", "Fix the tap", "Birthday cake")
    assert not {"Eggs", "Flour", "Candles"} & (await ann.numbers()).keys()


async def sets_since(ann: Person, last: dict[str, Any]) -> list[int]:
    events = (await ann.call("GET", f"{ME}/events", after=last["revision"]))["events"]
    return list(dict.fromkeys(event["change_set"] for event in events))


async def filters(ann: Person) -> None:
    """On Monday at seven."""
    overdue = await ann.titles(filter="overdue")
    assert {"Return parcel", "Mend the bike", "Change bed linen", "Buy cat food"} <= overdue
    assert "Parents' evening" in await ann.titles(filter="today")
    assert await ann.titles(filter="#Shopping & @errand & !overdue") == {"Buy stamps"}
    assert await ann.titles(filter="p1 & next 30 days") == {"Pay rent", "Dentist", "MOT test"}
    assert await ann.titles(filter="recurring & #Home") == {
        "Pay rent",
        "Water plants",
        "Take out the bins",
        "Vacuum",
        "Change bed linen",
    }
    assert await ann.titles(filter="subtask & #Family & !done") == {"Passports", "Seats", "Luggage"}
    assert await ann.titles(q="buy s") == {"Buy stamps"}
    assert await ann.titles(q="sun") == {"Sun cream for the holiday"}
    dues = [task["due"] for task in await ann.found(status="pending", sort="due") if task["due"]]
    assert dues == sorted(dues, key=lambda due: due if "T" in due else f"{due}T24:00")


async def outline(person: Person) -> list[tuple[Any, ...]]:
    """All tasks by their order, with what a person sees of them."""
    lists = {each["id"]: each["name"] for each in (await person.call("GET", f"{ME}/lists"))["lists"]}
    tasks = await person.found(sort="title,created")
    return [
        (task["title"], lists.get(task["list_id"]), task["due"], task["recurrence"], task["completed"], task["tags"])
        for task in tasks
    ]


def known_by_both(export: dict[str, Any]) -> list[dict[str, Any]]:
    """The tasks without what a new owner gives them anew; numbers by the titles of what they mean."""
    names = {task["id"]: (task["title"], task["due"]) for task in export["tasks"]}
    lists = {each["id"]: each["name"] for each in export["lists"]}
    anew = ("id", "user_id", "revision", "position", "list_id", "parent_id", "occurrence_of")
    return [
        {name: value for name, value in task.items() if name not in anew}
        | {"list": lists.get(task["list_id"]), "parent": names.get(task["parent_id"])}
        | {"series": names.get(task["occurrence_of"])}
        for task in export["tasks"]
    ]
