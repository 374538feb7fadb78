"""Ports with one real adapter each, held to what their fakes promise."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from adapters.argon2_passwords import Argon2Passwords
from adapters.email_validation import EmailValidation
from adapters.jose_tokens import JoseTokens
from application.ports import EmailAddresses, PasswordHasher, TokenClaims, Tokens
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


async def test_a_password_is_known_by_its_hash_alone(passwords: PasswordHasher) -> None:
    stored = await passwords.hash("correct horse")
    assert await passwords.verify("correct horse", stored)
    assert not await passwords.verify("Correct horse", stored)
    assert not await passwords.verify("correct horse", None)
    assert not await passwords.verify("correct horse", "no hash at all")
    assert not passwords.is_outdated(stored) or isinstance(passwords, Argon2Passwords)


@pytest.fixture(
    params=[FakeTokens, lambda: JoseTokens("x" * 32, timedelta(minutes=1), FakeClock())], ids=["fake", "jose"]
)
def tokens(request: pytest.FixtureRequest) -> Tokens:
    made: Tokens = request.param()
    return made


def test_a_token_says_whose_it_is_and_anything_else_is_refused_alike(tokens: Tokens) -> None:
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
