import asyncio
from unicodedata import normalize

import pytest

from adapters.auth import argon2_passwords
from adapters.auth.argon2_passwords import Argon2Passwords


async def test_a_wrong_password_and_an_unknown_user_cost_as_many_hashes_whatever_was_typed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passwords = Argon2Passwords(memory_kib=64, rounds=1)
    stored, made = await passwords.hash("correct horse"), list[str | None]()
    matches = passwords._matches

    def counted(password_hash: str | None, password: bytes) -> bool:
        made.append(password_hash)
        return matches(password_hash, password)

    monkeypatch.setattr(passwords, "_matches", counted)
    for typed, hashes in (
        ("wrong horse", 1),
        ("crème brûlée", 2),
        (normalize("NFD", "crème brûlée"), 2),
        ("e\u0301é", 3),
    ):
        for password_hash in (stored, None):
            made.clear()
            assert not await passwords.verify(typed, password_hash)
            assert made == [password_hash] * hashes
    passwords.close()


async def test_memory_is_given_back_once_nobody_signs_in_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    told, given_back, later = list[str](), asyncio.Event(), asyncio.Event()

    def tell(function: str, *_: int) -> None:
        told.append(function)
        if function == "malloc_trim":
            given_back.set()

    monkeypatch.setattr(argon2_passwords, "_tell_libc", tell)
    monkeypatch.setattr(argon2_passwords, "QUIET_SECONDS", 0.2)
    passwords = Argon2Passwords(memory_kib=64, rounds=1)
    await asyncio.gather(*(passwords.hash("correct horse") for _ in range(5)))
    assert told == ["mallopt"]
    await asyncio.wait_for(given_back.wait(), 30)
    assert told == ["mallopt", "malloc_trim"]
    await passwords.hash("correct horse")
    asyncio.get_running_loop().call_later(argon2_passwords.QUIET_SECONDS, later.set)
    passwords.close()
    await asyncio.wait_for(later.wait(), 30)
    assert told == ["mallopt", "malloc_trim"]
