"""npm's `better-auth` signs people in, and its tokens work with us as they come.

`npm install --no-package-lock` here once, or `NODE_MODULES=/path/to/node_modules`: nothing is downloaded by the test.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from adapters.auth.foreign_tokens import ForeignTokens
from adapters.auth.issuers import parse
from adapters.auth.jwks import Jwks
from adapters.auth.key_sets import KEPT_SECONDS, PAUSE_SECONDS
from domain.errors import NotAuthenticated
from tests.e2e.conftest import new_server
from tests.fakes import FakeClock
from tests.servers.issuers import JWKS

HERE = Path(__file__).parent
MODULES = Path(os.environ.get("NODE_MODULES", HERE / "node_modules")).resolve()
PERSON = {"email": "ann@example.com", "password": "correct horse battery", "name": "Ann"}

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not shutil.which("node"), reason="node is not installed"),
    pytest.mark.skipif(
        not (MODULES / "better-auth").exists(), reason="npm's `better-auth` is not in this folder or in NODE_MODULES"
    ),
]


class BetterAuth:
    """One server, and Ann who is signed in there."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx.AsyncClient(base_url=url, headers={"Origin": url}, timeout=30)

    async def sign_up(self) -> str:
        """Her id there."""
        answer = await self.client.post("/api/auth/sign-up/email", json=PERSON)
        return str(answer.json()["user"]["id"])

    async def token(self) -> str:
        return str((await self.client.get("/api/auth/token")).json()["token"])

    async def rotate(self) -> None:
        await self.client.post("/rotate")

    @property
    def setting(self) -> str:
        return f"{self.url},jwks_url={self.url}{JWKS}"


@asynccontextmanager
async def better_auth(folder: Path, *algorithm: str) -> AsyncIterator[BetterAuth]:
    """It runs beside a link to the modules, as imports are looked up from where a script is."""
    script = folder / "server.mjs"
    if not script.exists():
        (folder / "node_modules").symlink_to(MODULES)
        shutil.copy(HERE / script.name, folder)
    process = await asyncio.create_subprocess_exec("node", str(script), *algorithm, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    try:
        server = BetterAuth((await asyncio.wait_for(process.stdout.readline(), 60)).decode().strip())
        async with server.client:
            yield server
    finally:
        process.terminate()
        await process.communicate()


async def test_people_of_three_better_auths_keep_their_tasks_with_us(tmp_path: Path) -> None:
    async with (
        better_auth(tmp_path) as eddsa,
        better_auth(tmp_path, "ES256") as es256,
        better_auth(tmp_path, "RS256") as rs256,
    ):
        issuers = f"{eddsa.setting},{es256.setting},{rs256.setting},owns_ids=true"
        with new_server() as server:
            await asyncio.to_thread(server.start, AUTH_ISSUERS=issuers)
            async with httpx.AsyncClient(base_url=server.url, timeout=30) as ours:
                owners = {each: await added_task(ours, each) for each in (eddsa, es256, rs256)}
    assert len({owner for owner, _ in owners.values()}) == 3, "one email, three people"
    assert [owner == subject for owner, subject in owners.values()] == [False, False, True]


async def added_task(ours: httpx.AsyncClient, issuer: BetterAuth) -> tuple[str, str]:
    """Whose it is, and what their issuer calls them."""
    subject, token = await issuer.sign_up(), await issuer.token()
    tasks = f"/api/users/{subject}/tasks"
    authorized = {"Authorization": f"Bearer {token}"}
    added = await ours.post(tasks, headers=authorized, json={"title": f"For {subject}"})
    assert added.status_code == 201, added.text
    listed = (await ours.get(tasks, headers=authorized)).json()["tasks"]
    assert [task["title"] for task in listed] == [f"For {subject}"]
    forged = {"Authorization": f"Bearer {token[:-8]}AAAAAAAA"}
    assert (await ours.get(tasks, headers=forged)).status_code == 401
    return added.json()["user_id"], subject


async def test_its_new_key_is_found_and_its_old_one_ends(tmp_path: Path) -> None:
    clock = FakeClock()
    clock.now = datetime.now(UTC)
    async with better_auth(tmp_path) as issuer:
        source = Jwks()
        tokens = ForeignTokens(parse(issuer.setting, public=False), source, clock)
        subject, before = await issuer.sign_up(), await issuer.token()
        assert (await tokens.authenticate(before)).subject == subject
        await issuer.rotate()
        after = await issuer.token()
        clock.forward(seconds=PAUSE_SECONDS)
        assert (await tokens.authenticate(after)).subject == subject
        clock.forward(seconds=KEPT_SECONDS)
        with pytest.raises(NotAuthenticated):
            await tokens.authenticate(before)
        assert (await tokens.authenticate(after)).subject == subject
        await tokens.close()
