import asyncio

import pytest

from adapters import argon2_passwords
from adapters.argon2_passwords import Argon2Passwords


async def test_memory_is_given_back_once_nobody_signs_in_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(argon2_passwords, "_tell_libc", lambda function, *_: told.append(function))
    monkeypatch.setattr(argon2_passwords, "QUIET_SECONDS", 0.05)
    passwords = Argon2Passwords(memory_kib=64, rounds=1)
    await asyncio.gather(*(passwords.hash("correct horse") for _ in range(5)))
    assert told == ["mallopt"]
    await asyncio.sleep(0.2)
    assert told == ["mallopt", "malloc_trim"]
    await passwords.hash("correct horse")
    passwords.close()
    await asyncio.sleep(0.2)
    assert told == ["mallopt", "malloc_trim"]
