"""Ports with one real adapter each, held to what their fakes promise."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Literal
from unicodedata import normalize

import argon2
import pytest

from adapters.auth.argon2_passwords import Argon2Passwords
from adapters.auth.email_validation import EmailValidation
from adapters.auth.jose_tokens import JoseTokens
from application.ports import AccessTokens, EmailAddresses, PasswordHasher, PasswordMatch, TokenClaims
from domain.errors import Invalid, NotAuthenticated
from tests.fakes import FakeClock, FakeEmailAddresses, FakePasswords, FakeTokens


@pytest.fixture(params=["fake", "argon2"])
def passwords(request: pytest.FixtureRequest) -> Iterator[PasswordHasher]:
    if request.param == "fake":
        yield FakePasswords()
        return
    hasher = Argon2Passwords(memory_kib=64, rounds=1)
    yield hasher
    hasher.close()


@pytest.fixture
def old_hash(passwords: PasswordHasher) -> Callable[[str], str]:
    """Hashes as earlier versions did: what was typed, to the letter."""
    hasher = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    return hasher.hash if isinstance(passwords, Argon2Passwords) else "v2:{}".format


async def test_a_password_is_known_by_its_hash_alone(passwords: PasswordHasher) -> None:
    stored = await passwords.hash("correct horse")
    assert await passwords.verify("correct horse", stored) is PasswordMatch.RIGHT
    assert not await passwords.verify("Correct horse", stored)
    assert not await passwords.verify("correct horse", None)
    assert not await passwords.verify("correct horse", "no hash at all")


@pytest.mark.parametrize("typed", ["crème brûlée", "한국어 비밀번호", "Ångström \u212b", "ộ ǖ ά q\u0323\u0307"])
async def test_a_password_matches_however_a_keyboard_composes_it(passwords: PasswordHasher, typed: str) -> None:
    forms = {normalize(form, typed) for form in ("NFC", "NFD")} | {typed}
    for stored in [await passwords.hash(form) for form in forms]:
        assert {await passwords.verify(form, stored) for form in forms} == {PasswordMatch.RIGHT}
        assert not await passwords.verify(typed + "x", stored)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
async def test_a_hash_of_an_earlier_version_matches_and_is_outdated_unless_it_is_todays(
    old_hash: Callable[[str], str], passwords: PasswordHasher, form: Literal["NFC", "NFD"]
) -> None:
    stored = old_hash(normalize(form, "crème brûlée"))
    expected = PasswordMatch.RIGHT if form == "NFC" else PasswordMatch.OUTDATED
    for typed in (normalize("NFC", "crème brûlée"), normalize("NFD", "crème brûlée")):
        assert await passwords.verify(typed, stored) is expected


@pytest.fixture(
    params=[FakeTokens, lambda: JoseTokens("x" * 32, timedelta(minutes=1), FakeClock())], ids=["fake", "jose"]
)
def tokens(request: pytest.FixtureRequest) -> AccessTokens:
    made: AccessTokens = request.param()
    return made


def test_a_token_says_whose_it_is_and_anything_else_is_refused_alike(tokens: AccessTokens) -> None:
    assert tokens.verify(tokens.issue("ann|7", "one")) == TokenClaims("ann|7", "one")
    messages = set()
    for forged in ("", "x", "a.b.c", tokens.issue("ann", "one")[::-1]):
        with pytest.raises(NotAuthenticated) as refusal:
            tokens.verify(forged)
        messages.add(refusal.value.message)
    assert len(messages) == 1


@pytest.mark.parametrize("addresses", [FakeEmailAddresses(), EmailValidation()], ids=["fake", "library"])
def test_an_address_is_kept_and_anything_else_refused_by_field(addresses: EmailAddresses) -> None:
    assert addresses.normalize(" Ann@example.com ".strip()) == "Ann@example.com"
    with pytest.raises(Invalid) as refusal:
        addresses.normalize("ann")
    assert [each.field for each in refusal.value.fields] == ["email"]
