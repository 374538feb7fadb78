"""While one user does their worst, nobody else is refused. How long they wait, `neighbours.py` measures."""

import pytest

from tests.faults.runs.neighbours import ATTACKS, attacked
from tests.faults.tools.postgres import Postgres
from tests.faults.tools.servers import serving

pytestmark = pytest.mark.long

SECONDS = 4


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.timeout(180)
async def test_a_stranger_is_served_while_somebody_does_their_worst(postgres: Postgres, name: str) -> None:
    async with serving(postgres.url) as server:
        await server.answers("/health/ready")
        seen = await attacked(server, name, SECONDS)
    assert seen.is_served, seen.stranger
    assert seen.attacker, "there was an attack"
