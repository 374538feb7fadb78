"""One user's slow receivers and hanging names, beside a stranger's webhook."""

from pathlib import Path

import pytest

from tests.faults.runs import slow_hooks
from tests.faults.tools.postgres import Postgres

pytestmark = [pytest.mark.long, pytest.mark.timeout(180)]

SECONDS = 8


async def test_a_strangers_events_come_as_if_nobody_else_were_there(postgres: Postgres, tmp_path: Path) -> None:
    assert await slow_hooks.run(postgres.url, tmp_path, SECONDS)
