import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.accounts.api_tokens import ApiTokenDraft
from domain.accounts.account import Actor, Caller
from domain.accounts.api_token import SECRET_BYTES, format_token, user_id_of
from domain.errors import Forbidden, Invalid, NotFound, QuotaReached
from domain.hashing import hash_of
from tests.unit.accounts.tokens.api_tokens_world import ANN, BOB, SECRET, TEXT, World
from tests.unit.accounts.tokens.api_tokens_world import world as world

BY_TOKEN = Caller("ann", Actor("token", "k1"))
FOR_SCANNERS = re.compile(r"\btt_[A-Za-z0-9_-]{44,}_[0-9a-f]{8}\b")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=255))
def test_a_token_tells_whose_it_is_and_scanners_know_it(user_id: str) -> None:
    text = format_token(user_id, SECRET)
    assert user_id_of(text) == user_id
    assert FOR_SCANNERS.fullmatch(text)


def test_the_documentation_gives_scanners_the_expression_that_fits() -> None:
    assert f"`{FOR_SCANNERS.pattern}`" in (Path(__file__).parents[4] / "docs" / "tokens.md").read_text()


@pytest.mark.parametrize("at", [3, 20, len(TEXT) - 12, len(TEXT) - 1])
def test_a_mistyped_or_truncated_token_is_known_by_its_checksum(at: int) -> None:
    other = "b" if TEXT[at] == "a" else "a"
    for wrong in (TEXT[:at] + other + TEXT[at + 1 :], TEXT[:at] + TEXT[at + 1 :], TEXT[:at], TEXT[at:]):
        assert user_id_of(wrong) is None


@pytest.mark.parametrize(
    "text", ["", "tt_", "tt__00000000", TEXT + "\n", TEXT.upper(), f" {TEXT}", TEXT + "é", "tt_" + "x" * 5000]
)
def test_what_is_no_token_is_nobodys(text: str) -> None:
    assert user_id_of(text) is None


def test_a_token_that_only_an_attacker_would_spell_is_nobodys() -> None:
    assert user_id_of(format_token("a\0b", SECRET)) is None
    assert user_id_of(format_token("", SECRET)) is None
    assert user_id_of(format_token("", b"\xff" * SECRET_BYTES + b"x" * SECRET_BYTES)) is None


async def test_only_the_hash_is_stored_and_no_secret_is_shown_by_accident(world: World) -> None:
    new = await world.tokens.add(ANN, ApiTokenDraft("Laptop"))
    (stored,) = world.store.rows.api_tokens.values()
    assert stored.hash == hash_of(new.text)
    assert new.text not in repr(world.store.rows)
    assert new.text not in repr(new)
    assert "hash" not in repr(stored)
    assert await world.add() != new.text


async def test_a_token_lives_for_ninety_days_if_nothing_else_is_said(world: World) -> None:
    usual, short, endless = [
        await world.add(draft)
        for draft in (
            ApiTokenDraft("a"),
            ApiTokenDraft("b", expires_in_days=1),
            ApiTokenDraft("c", expires_in_days=None),
        )
    ]
    assert await world.takes(short)
    world.clock.forward(days=1, microseconds=-1)
    assert await world.takes(short)
    world.clock.forward(microseconds=1)
    assert not await world.takes(short), "remembered or not"
    assert [token.name for token in await world.tokens.all(ANN)] == ["a", "c"]
    world.clock.forward(days=89)
    assert not await world.takes(usual)
    assert await world.takes(endless)


async def test_fifty_tokens_are_enough_and_those_that_ended_do_not_count(world: World) -> None:
    await world.add(ApiTokenDraft("short", expires_in_days=1))
    for _ in range(49):
        await world.add()
    with pytest.raises(QuotaReached, match=r"50 API tokens.* Revoke one first"):
        await world.add()
    await world.add(caller=BOB)
    await world.tokens.revoke(ANN, "k2")
    await world.add()
    world.clock.forward(days=1)
    await world.add()


async def test_what_is_not_there_or_not_theirs_nobody_revokes(world: World) -> None:
    await world.add()
    for caller, token_id in ((BOB, "k1"), (ANN, "none")):
        with pytest.raises(NotFound):
            await world.tokens.revoke(caller, token_id)
    await world.tokens.revoke(ANN, "k1")
    with pytest.raises(NotFound):
        await world.tokens.revoke(ANN, "k1")


async def test_a_token_makes_shows_and_revokes_no_tokens(world: World) -> None:
    await world.add()
    for action in (
        world.tokens.add(BY_TOKEN, ApiTokenDraft("Another")),
        world.tokens.all(BY_TOKEN),
        world.tokens.revoke(BY_TOKEN, "k1"),
    ):
        with pytest.raises(Forbidden):
            await action
    assert [token.name for token in await world.tokens.all(ANN)] == ["Laptop"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\0b", "\ud800"])
async def test_a_token_has_a_name(world: World, name: str) -> None:
    with pytest.raises(Invalid, match="name"):
        await world.add(ApiTokenDraft(name))
    await world.add(ApiTokenDraft(f"  {'x' * 100} "))
    assert (await world.tokens.all(ANN))[0].name == "x" * 100
