import asyncio
import time
from collections.abc import Iterator

import argon2
import pytest

from adapters.argon2_passwords import Argon2Passwords
from domain.errors import Unavailable

CHEAP = 64
"""KiB: enough for every rule but the price."""


@pytest.fixture
def passwords() -> Iterator[Argon2Passwords]:
    made = Argon2Passwords(memory_kib=CHEAP, rounds=1)
    yield made
    made.close()


@pytest.mark.parametrize("password", ["correct horse", "  spaces kept  ", "пароль-日本-🔑", "x" * 128, "\ud800 alone"])
async def test_only_the_password_matches_its_hash(passwords: Argon2Passwords, password: str) -> None:
    made = await passwords.hash(password)
    assert await passwords.verify(password, made)
    assert not await passwords.verify(password + " ", made)
    assert not await passwords.verify("", made)


async def test_one_password_has_many_hashes_and_is_in_none(passwords: Argon2Passwords) -> None:
    first, second = await passwords.hash("correct horse"), await passwords.hash("correct horse")
    assert first != second
    assert "horse" not in first


async def test_hashes_are_made_as_strong_as_promised() -> None:
    passwords = Argon2Passwords()
    made = argon2.extract_parameters(await passwords.hash("correct horse"))
    passwords.close()
    assert (made.type, made.memory_cost, made.time_cost, made.parallelism) == (argon2.Type.ID, 19_456, 2, 1)
    assert (made.hash_len, made.salt_len) == (32, 16)


async def test_no_hash_takes_the_same_work_as_a_wrong_password() -> None:
    passwords = Argon2Passwords()
    made = await passwords.hash("correct horse")
    known, unknown = await cpu_seconds(passwords, made), await cpu_seconds(passwords, None)
    passwords.close()
    assert unknown == pytest.approx(known, rel=0.5)


async def cpu_seconds(passwords: Argon2Passwords, made: str | None) -> float:
    before = time.process_time()
    for _ in range(5):
        assert not await passwords.verify("wrong", made)
    return time.process_time() - before


MALFORMED = [
    "",
    "plain text",
    "\x00",
    "é",
    "$2b$12$abcdefghijklmnopqrstuv",
    "$argon2id$",
    "$argon2id$v=19$m=64,t=1,p=1$?$?",
    "$argon2id$v=19$m=99999999999,t=1,p=1$c29tZXNhbHQ$c29tZWhhc2g",
]


@pytest.mark.parametrize("malformed", MALFORMED)
async def test_a_malformed_hash_matches_nothing(passwords: Argon2Passwords, malformed: str) -> None:
    assert not await passwords.verify("correct horse", malformed)


@pytest.mark.parametrize("malformed", MALFORMED[:6])
def test_a_malformed_hash_is_outdated(passwords: Argon2Passwords, malformed: str) -> None:
    assert passwords.is_outdated(malformed)


@pytest.mark.parametrize(
    ("memory_kib", "rounds", "kind", "outdated"),
    [
        (64, 2, argon2.Type.ID, False),
        (32, 2, argon2.Type.ID, True),
        (64, 1, argon2.Type.ID, True),
        (64, 2, argon2.Type.I, True),
        (256, 2, argon2.Type.ID, False),
        (128, 1, argon2.Type.ID, False),
    ],
)
def test_only_weaker_hashes_are_outdated(memory_kib: int, rounds: int, kind: argon2.Type, outdated: bool) -> None:
    made = argon2.PasswordHasher(rounds, memory_kib, 1, type=kind).hash("correct horse")
    passwords = Argon2Passwords(memory_kib=64, rounds=2)
    assert passwords.is_outdated(made) is outdated
    passwords.close()


async def test_a_hash_made_with_other_parameters_still_matches(passwords: Argon2Passwords) -> None:
    made = argon2.PasswordHasher(2, 128, 1).hash("correct horse")
    assert await passwords.verify("correct horse", made)


async def test_others_are_served_while_a_password_is_hashed() -> None:
    passwords = Argon2Passwords()
    hashing = asyncio.create_task(passwords.hash("correct horse"))
    turns = 0
    while not hashing.done():
        turns += 1
        await asyncio.sleep(0)
    passwords.close()
    assert turns > 10


async def test_one_call_too_many_is_told_to_come_back() -> None:
    crowded = Argon2Passwords(memory_kib=CHEAP, rounds=1, threads=1, most_waiting=3)
    answers = await asyncio.gather(*(crowded.hash("correct horse") for _ in range(5)), return_exceptions=True)
    refusals = [answer for answer in answers if isinstance(answer, Unavailable)]
    assert [refusal.retry_after for refusal in refusals] == [2, 2]
    assert await crowded.hash("correct horse")
    crowded.close()


async def test_a_caller_that_leaves_gives_its_place_back() -> None:
    crowded = Argon2Passwords(threads=1, most_waiting=2)
    calls = [asyncio.create_task(crowded.hash("correct horse")) for _ in range(2)]
    await asyncio.sleep(0)
    for call in calls:
        call.cancel()
    await asyncio.wait(calls)
    assert await crowded.hash("correct horse")
    crowded.close()
