"""`/mcp` behind the deployed nginx with TLS, in production, as the shipped files start it."""

from collections.abc import AsyncIterator, Mapping

import httpx
import pytest

from tests.faults.tools.nginx import PROGRAM, nginx
from tests.faults.tools.postgres import Postgres
from tests.faults.tools.servers import serving

METADATA = "/.well-known/oauth-protected-resource"
NAME, OTHER = "tasks.example.com", "todo.example.net"
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
UNIT = {"ENVIRONMENT": "production", "TRUSTED_PROXIES": "127.0.0.1"}
FORM = {"email": "ann@example.com", "password": "correct horse"}

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(120),
    pytest.mark.skipif(PROGRAM is None, reason="nginx is not installed"),
]


async def outcomes(postgres: Postgres, environment: Mapping[str, str]) -> AsyncIterator[tuple[str, int, str]]:
    """For each name that nginx is called by: the status of a message, and what the server says it is."""
    async with (
        serving(postgres.url, **environment) as server,
        nginx([server.port], tls=True) as url,
        httpx.AsyncClient(base_url=url, verify=False, timeout=30) as client,
    ):
        await server.answers("/health/ready")
        answer = await client.post("/api/auth/signup", json=FORM)
        if answer.status_code != 201:
            answer = await client.post("/api/auth/signin", json=FORM)
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        for name in (NAME, OTHER):
            called = await client.post("/mcp", json=LIST, headers={"Host": name})
            metadata = await client.get(METADATA, headers={"Host": name})
            yield name, called.status_code, metadata.json()["resource"]


async def test_without_a_name_it_answers_to_those_that_nginx_has_certificates_for(postgres: Postgres) -> None:
    assert [each async for each in outcomes(postgres, UNIT)] == [
        (NAME, 200, f"https://{NAME}/mcp"),
        (OTHER, 200, f"https://{OTHER}/mcp"),
    ]


async def test_with_a_name_it_answers_to_that_alone(postgres: Postgres) -> None:
    named = UNIT | {"PUBLIC_URL": f"https://{NAME}"}
    assert [each async for each in outcomes(postgres, named)] == [
        (NAME, 200, f"https://{NAME}/mcp"),
        (OTHER, 421, f"https://{NAME}/mcp"),
    ]
