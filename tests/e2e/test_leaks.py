from tests.e2e.conftest import Server
from tests.faults.leak_run import run


async def test_of_many_users_at_two_processes_nobody_sees_a_word_of_anothers(two_workers: Server) -> None:
    statuses, leaks = await run(two_workers.url, calls=800, users=20)
    assert leaks == []
    assert max(statuses) < 500
    assert statuses[200] > 300
