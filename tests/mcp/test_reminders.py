"""A reminder from the first word to the last, by a model over MCP."""

from tests.http.tasks.test_reminders import REMINDERS, ring, rung
from tests.mcp.conftest import Mcp


async def test_set_by_a_model_rung_snoozed_rung_again_done_and_quiet(mcp: Mcp) -> None:
    api = mcp.api
    given = {"title": "Call the vet", "due": "2026-11-23 10:00", "reminders": ["30 min before"]}
    added = await mcp.call("add_task", given)
    assert added["structuredContent"]["data"]["reminders"] == ["-PT30M"]
    await ring(api)
    api.clock.forward(minutes=30)
    await ring(api)
    [first] = await rung(api)
    assert (first["after"]["title"], first["after"]["late"]) == ("Call the vet", False)
    await api("POST", f"{REMINDERS}/{first['revision']}/snooze", json={"minutes": 10})
    api.clock.forward(minutes=10)
    await ring(api)
    assert [each["after"]["snoozes"] for each in await rung(api)] == [0, 1]
    late = await mcp.call("update_task", {"task_id": 1, "reminders": ["today at 9am"]})
    assert (late["isError"], "09:00 is over, so it would not ring" in late["content"][0]["text"]) == (True, True)
    await mcp.call("update_task", {"task_id": 1, "reminders": ["2026-11-23T09:50"]})
    await ring(api)
    api.clock.forward(minutes=10)
    await ring(api)
    assert len(await rung(api)) == 3, "a model lets it ring again by another time"
    await mcp.call("complete_task", {"task_id": 1})
    api.clock.forward(hours=2)
    await ring(api)
    assert len(await rung(api)) == 3
