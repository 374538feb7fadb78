from collections.abc import AsyncIterator, Iterator

import pytest

from tests.faults.tools.postgres import Postgres, own_postgres
from tests.faults.tools.proxy import Proxy, proxied


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with own_postgres() as postgres:
        yield postgres


@pytest.fixture(scope="module")
async def proxy(postgres: Postgres) -> AsyncIterator[Proxy]:
    async with proxied(postgres.socket) as proxy:
        yield proxy
