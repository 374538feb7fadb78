import platform
import subprocess
import sys

import pytest

SIGNING_IN = """
import asyncio, sys
from pathlib import Path
from adapters.auth import argon2_passwords
from bootstrap.internals.glibc import give_memory_back, keep_one_arena

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4 // 1024

async def main(helped):
    if helped:
        keep_one_arena()
    passwords, kept = argon2_passwords.Argon2Passwords(), []
    began = resident()
    for _ in range(4):
        hashes = [asyncio.create_task(passwords.hash("correct horse")) for _ in range(4)]
        while not all(each.done() for each in hashes):
            kept.extend(bytes(600) for _ in range(20) if len(kept) < 5_000)
            await asyncio.sleep(0.001)
    if helped:
        give_memory_back()
    print(resident() - began)

asyncio.run(main(sys.argv[1] == "helped"))
"""


def rise(how: str) -> int:
    """Mebibytes that a process has kept after sixteen people have signed in while others are answered."""
    command = [sys.executable, "-c", SIGNING_IN, how]
    return int(subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_what_hashing_took_is_given_back_and_would_not_be_by_itself() -> None:
    helped = rise("helped")
    assert helped < 19
    assert rise("alone") > helped + 10
