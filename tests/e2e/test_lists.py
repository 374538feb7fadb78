"""A household's lists, views and tags over a socket: made, renamed, deleted, undone, restored and synced."""

from typing import Any

import httpx

from tests.e2e.conftest import Server

ME = "/api/users/me"


async def test_a_household_keeps_its_lists(server: Server) -> None:
    server.start()
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:

        async def call(method: str, path: str, **body: Any) -> Any:
            answer = await client.request(method, path, json=body or None)
            assert answer.is_success, answer.text
            return answer.json()

        session = await call("POST", "/api/auth/signup", email="ann@example.com", password="correct horse")
        client.headers["Authorization"] = f"Bearer {session['token']}"
        for name in ("Home", "Work", "Garden"):
            await call("POST", f"{ME}/lists", name=name)
        await call("PATCH", f"{ME}/lists/3", before_id=1, color="green")
        for number in range(1, 5):
            await call("POST", f"{ME}/tasks", title=f"task {number}", list_id=1 + number % 2, tags=["Errand"])
        await call("POST", f"{ME}/tasks", title="child", parent_id=1)
        await call("POST", f"{ME}/views", name="Out", filter="#work & @errand", sort="-priority")
        delta = await call("GET", f"{ME}/sync")

        await call("PATCH", f"{ME}/lists/2", name="Büro")
        assert await call("PATCH", f"{ME}/tags/errand", name="Shopping") == {"name": "Shopping", "pending": 4}
        assert (await call("GET", f"{ME}/views/1"))["filter"] == "#Büro & @Shopping"
        await call("DELETE", f"{ME}/lists/2")
        lists = (await call("GET", f"{ME}/lists"))["lists"]
        assert [(each["name"], each["pending"]) for each in lists] == [("Garden", 0), ("Home", 2)]
        assert "Büro" in (await call("GET", f"{ME}/views/1"))["problem"]

        delta = await call("GET", f"{ME}/sync?token={delta['next_token']}")
        assert sorted(each["id"] for each in delta["deleted"]) == [1, 3, 5]
        assert [each["id"] for each in delta["deleted_lists"]] == [2]
        newest = (await call("GET", f"{ME}/events?order=newest&limit=1"))["events"][0]
        undone = await call("POST", f"{ME}/events/{newest['revision']}/undo")
        assert (len(undone["tasks"]), undone["lists"][0]["name"], undone["views"]) == (3, "Büro", [])
        await call("DELETE", f"{ME}/lists/2")
        assert (await call("POST", f"{ME}/lists/2/restore"))["pending"] == 3
        assert (await call("GET", f"{ME}/views/1"))["problem"] is None
        exported = await call("GET", f"{ME}/export")
        assert [len(exported[name]) for name in ("tasks", "lists", "views")] == [5, 3, 1]
