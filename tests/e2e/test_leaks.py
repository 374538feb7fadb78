import re

import pytest

from tests.e2e.conftest import Server
from tests.faults.runs.leaks import run

pytestmark = pytest.mark.long

TROUBLE = re.compile(r"\[(warning|error) |status=5")


async def test_of_many_users_at_two_processes_nobody_sees_a_word_of_anothers(two_workers: Server) -> None:
    statuses, leaks = await run(two_workers.url, calls=800, users=20)
    assert leaks == []
    troubles = [line for line in two_workers.output().splitlines() if TROUBLE.search(line)]
    assert {status for status in statuses if status >= 500} <= {503}, troubles
    assert statuses[200] > 300
