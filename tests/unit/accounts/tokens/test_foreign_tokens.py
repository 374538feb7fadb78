import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from adapters.auth.foreign_tokens import ForeignTokens
from adapters.auth.issuers import Issuer
from adapters.auth.jose_tokens import JoseTokens
from adapters.auth.public_keys import public_keys
from application.accounts.authentication import REFUSED, AccessTokenAuthenticator, Authenticator
from application.accounts.revocations import Revocations
from domain.accounts.account import ALL_SCOPES, Scope
from domain.errors import Forbidden, NotAuthenticated
from tests.fakes import FakeClock, FakeSessions, FakeStore, FakeWakeups
from tests.servers.issuers import SigningKey, ed25519_key, es256_key, jwks, rs256_key
from tests.unit.accounts.tokens.foreign_forgeries import (
    APP,
    CLAIMS,
    ED,
    ELSEWHERE,
    EPOCH,
    ES,
    FORGERIES,
    GOOD,
    ISSUERS,
    OTHER,
    PUBLISHED,
    RS,
    SUBJECT,
    claiming,
)
from tests.unit.accounts.tokens.foreign_keys import FakeKeys

SECRET = "a secret of at least thirty-two characters"


class World:
    def __init__(self, issuers: Sequence[Issuer] = ISSUERS, remembered: int = 100) -> None:
        self.clock, self.keys = FakeClock(), FakeKeys(dict(PUBLISHED))
        self.foreign = ForeignTokens(issuers, self.keys, self.clock, remembered)
        self.own = JoseTokens(SECRET, timedelta(hours=1), self.clock)
        ended = Revocations(FakeSessions(FakeStore()), FakeWakeups(), self.clock, timedelta(hours=1))
        self.authenticator = Authenticator(self.foreign, AccessTokenAuthenticator(self.own, ended))

    async def user_of(self, token: str) -> str:
        return (await self.authenticator.authenticate(token)).user_id

    async def refuses(self, token: str) -> bool:
        try:
            await self.authenticator.authenticate(token)
        except NotAuthenticated as refusal:
            return refusal.message == REFUSED
        return False

    def publish(self, *keys: SigningKey) -> None:
        self.keys.published[APP] = jwks(*keys)


@pytest.fixture
def world() -> World:
    return World()


def lasting(key: SigningKey, **changes: object) -> str:
    return key.token({**CLAIMS, "exp": EPOCH + 86_400, **changes})


async def test_better_auths_token_works_as_it_comes(world: World) -> None:
    caller = await world.authenticator.authenticate(GOOD)
    assert (caller.subject, caller.scopes, caller.actor.kind) == (SUBJECT, ALL_SCOPES, "user")
    assert caller.user_id.endswith(f"-{SUBJECT}")


@pytest.mark.parametrize("key", [ED, ES, RS], ids=["EdDSA", "ES256", "RS256"])
async def test_each_kind_of_key_signs(world: World, key: SigningKey) -> None:
    user_id = await world.user_of(GOOD)
    assert [await world.user_of(key.token(CLAIMS, typ="JWT")) for _ in range(2)] == [user_id, user_id]


async def test_what_is_within_the_rules_is_accepted(world: World) -> None:
    user_id = await world.user_of(GOOD)
    ahead = {"iat": EPOCH + 60, "nbf": EPOCH + 60, "exp": EPOCH + 0.5}
    for token in (
        claiming(aud=[OTHER, APP]),
        claiming(**ahead),
        claiming(role={"deep": [1]}),
        ED.token(CLAIMS, alg="Ed25519"),
    ):
        assert await world.user_of(token) == user_id


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
async def test_a_forgery_is_refused_each_time_and_in_the_same_words(world: World, forgery: str) -> None:
    assert await world.user_of(GOOD)
    assert [await world.refuses(forgery) for _ in range(2)] == [True, True]


async def test_no_changed_letter_leaves_a_token_valid(world: World) -> None:
    assert await world.user_of(GOOD)
    for place in range(len(GOOD) - 1):
        other = "A" if GOOD[place] != "A" else "B"
        assert await world.refuses(GOOD[:place] + other + GOOD[place + 1 :])


async def test_our_own_tokens_stay_ours(world: World) -> None:
    assert await world.user_of(world.own.issue("ada", "s1")) == "ada"
    assert world.keys.asked == []


async def test_without_issuers_nothing_is_recognized() -> None:
    world = World(issuers=())
    assert await world.user_of(world.own.issue("ada", "s1")) == "ada"
    assert await world.refuses(GOOD)


async def test_the_same_subject_and_email_of_two_issuers_are_two_users(world: World) -> None:
    theirs = ELSEWHERE.token({**CLAIMS, "iss": OTHER, "aud": "tasktalk"})
    first, second = [await world.authenticator.authenticate(token) for token in (GOOD, theirs)]
    assert first.subject == second.subject
    assert len({first.user_id, second.user_id, SUBJECT}) == 3


async def test_an_issuer_may_own_the_ids_of_users() -> None:
    world = World(issuers=[Issuer(issuer=APP, owns_ids=True)])
    assert await world.user_of(GOOD) == SUBJECT


async def test_a_long_subject_has_a_name_that_fits_and_is_its_own(world: World) -> None:
    names = [await world.user_of(claiming(sub=subject)) for subject in ("a" * 255, "a" * 254, "a" * 246)]
    assert len(set(names)) == 3
    assert max(map(len, names)) == 255


NOTHING: list[Any] = ["", " ", [], [""], None, [None], [1], [{}]]
LIMITED: list[tuple[Any, set[Scope]]] = [
    ("tasks:read openid", {Scope.READ}),
    ("tasks:read", {Scope.READ}),
    (["tasks:read"], {Scope.READ}),
    (["openid", "tasks:write"], {Scope.WRITE}),
    (["tasks:read tasks:write"], set(Scope)),
    ("tasks:read tasks:write", set(Scope)),
    (["tasks:read", 5, None, {}], {Scope.READ}),
    ("tasks:admin", set()),
    ("mail:read", set()),
    (["User.Read"], set()),
    ("TASKS:READ", set()),
    ("tasks:read,tasks:write", set()),
    ([["tasks:read"]], set()),
    *[(nothing, set()) for nothing in NOTHING],
]


@pytest.mark.parametrize("claim", ["scope", "scopes", "scp"])
@pytest.mark.parametrize(("value", "scopes"), LIMITED)
async def test_a_token_has_the_rights_that_its_scopes_name_and_no_others(
    world: World, claim: str, value: Any, scopes: set[Scope]
) -> None:
    assert (await world.authenticator.authenticate(claiming(**{claim: value}))).scopes == scopes


@pytest.mark.parametrize("claim", ["scope", "scopes", "scp"])
@pytest.mark.parametrize("value", [0, 7, 1.5, True, False, {}, {"tasks:read": True}])
async def test_a_token_whose_scopes_are_of_no_known_type_opens_nothing(world: World, claim: str, value: Any) -> None:
    assert [await world.refuses(claiming(**{claim: value})) for _ in range(2)] == [True, True]


@pytest.mark.parametrize("claim", ["scope", "scopes", "scp"])
@pytest.mark.parametrize("value", ["openid email", ["openid", "profile"], "offline_access"])
async def test_what_is_told_of_the_user_limits_nothing(world: World, claim: str, value: Any) -> None:
    assert (await world.authenticator.authenticate(claiming(**{claim: value}))).scopes == ALL_SCOPES


@pytest.mark.parametrize(
    ("claims", "scopes"),
    [
        ({"scope": "openid", "scp": ["tasks:read"]}, {Scope.READ}),
        ({"scope": "tasks:read tasks:write", "scp": ["tasks:read"]}, {Scope.READ}),
        ({"scope": "tasks:read", "scp": ["tasks:write"]}, set()),
        ({"scope": "tasks:read", "scopes": None}, set()),
        ({"role": "reader"}, ALL_SCOPES),
    ],
)
async def test_of_several_claims_each_limits(world: World, claims: dict[str, Any], scopes: set[Scope]) -> None:
    assert (await world.authenticator.authenticate(claiming(**claims))).scopes == scopes


@pytest.mark.parametrize(("configured", "sent"), [(f"{APP}/", APP), (APP, f"{APP}/"), (APP, f"{APP}//")])
async def test_a_slash_too_many_in_the_issuer_is_named_in_the_log_once(
    configured: str, sent: str, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(issuers=[Issuer(issuer=configured)])
    for _ in range(3):
        assert await world.refuses(claiming(iss=sent))
    (record,) = caplog.records
    assert f"AUTH_ISSUERS names {configured} with" in record.getMessage()
    assert f"whose iss is {sent}:" in record.getMessage()


async def test_strangers_and_good_tokens_write_no_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    assert await world.user_of(GOOD)
    for stranger in (f"{APP}/x", "https://elsewhere.example.com", "", "/", APP[:-1]):
        assert await world.refuses(claiming(iss=stranger))
    assert await world.refuses("no.to.ken")
    assert caplog.records == []


async def test_a_remembered_token_costs_no_signature_and_still_expires(world: World) -> None:
    assert [await world.user_of(GOOD) for _ in range(3)]
    assert world.keys.asked == [APP]
    world.clock.forward(minutes=15)
    assert await world.refuses(GOOD)


async def test_more_tokens_than_are_remembered_stay_valid() -> None:
    world = World(remembered=2)
    tokens = [claiming(sub=subject) for subject in ("ada", "bob", "cem")]
    assert len({await world.user_of(token) for token in tokens * 2}) == 3


async def test_a_new_key_is_found_by_its_kid_without_a_restart(world: World) -> None:
    new = es256_key("new")
    assert await world.user_of(GOOD)
    world.publish(ED, new)
    assert await world.refuses(new.token(CLAIMS)), "the issuer was asked a moment ago"
    world.clock.forward(seconds=30)
    assert await world.user_of(new.token(CLAIMS)) == await world.user_of(GOOD)
    assert world.keys.asked == [APP, APP]


async def test_a_key_that_is_no_longer_published_ends_within_ten_minutes(world: World) -> None:
    token = lasting(ED)
    assert await world.user_of(token)
    world.publish(ES)
    world.clock.forward(minutes=10)
    assert await world.refuses(token), "though it was remembered"
    assert await world.user_of(lasting(ES))


async def test_keys_are_renewed_behind_a_requests_back(world: World) -> None:
    assert await world.user_of(lasting(ED))
    world.clock.forward(minutes=5)
    world.keys.answers.clear()
    assert await world.user_of(lasting(ED)), "nobody waits for the issuer"
    await asyncio.sleep(0)
    assert world.keys.asked == [APP, APP]
    await world.foreign.close()
    assert world.keys.is_closed


async def test_a_kid_that_is_published_with_another_key_verifies_anew(world: World) -> None:
    token, other = lasting(ED), ed25519_key("ed")
    assert await world.user_of(token)
    world.publish(other)
    world.clock.forward(minutes=10)
    assert await world.refuses(token)
    assert await world.user_of(lasting(other))


async def test_keys_are_kept_while_their_issuer_is_away(world: World, caplog: pytest.LogCaptureFixture) -> None:
    assert await world.user_of(lasting(ED))
    world.keys.published[APP] = TimeoutError("https://app.example.com/jwks?secret=1")
    for _ in range(3):
        world.clock.forward(hours=1)
        assert await world.user_of(lasting(ED))
    assert "the keys of issuer https://app.example.com can't be fetched: TimeoutError" in caplog.text
    assert "secret" not in caplog.text


async def test_an_issuer_that_was_away_at_first_is_asked_again(world: World) -> None:
    world.keys.published[APP] = ConnectionError()
    assert await world.refuses(GOOD)
    world.publish(ED)
    assert await world.refuses(GOOD)
    world.clock.forward(seconds=30)
    assert await world.user_of(GOOD)


async def test_a_clock_that_is_set_back_keeps_no_new_key_out(world: World) -> None:
    world.clock.forward(minutes=1)
    assert await world.user_of(GOOD)
    world.clock.forward(minutes=-1)
    new = es256_key("new")
    world.publish(new)
    assert await world.user_of(new.token(CLAIMS))


async def test_a_limited_token_may_not_do_what_only_the_user_may(world: World) -> None:
    (await world.authenticator.authenticate(GOOD)).check_is_user()
    with pytest.raises(Forbidden, match="Sign in, and do it yourself"):
        (await world.authenticator.authenticate(claiming(scope="tasks:write"))).check_is_user()


async def test_a_storm_of_unknown_keys_asks_the_issuer_once(world: World) -> None:
    strangers = [ED.token(CLAIMS, kid=f"stranger-{number}") for number in range(100)]
    assert all(await asyncio.gather(*map(world.refuses, strangers)))
    assert world.keys.asked == [APP]
    world.clock.forward(seconds=30)
    new = es256_key("new")
    world.publish(ED, new)
    storm = asyncio.gather(*map(world.refuses, strangers))
    assert await world.user_of(new.token(CLAIMS)), "who has a good token waits for the same answer"
    assert all(await storm)
    assert world.keys.asked == [APP, APP]


async def test_one_issuers_storm_is_not_anothers(world: World) -> None:
    assert await world.refuses(ED.token(CLAIMS, kid="stranger"))
    assert await world.user_of(ELSEWHERE.token({**CLAIMS, "iss": OTHER, "aud": "tasktalk"}))
    assert world.keys.asked == [APP, OTHER]


async def test_a_request_that_is_given_up_does_not_end_the_question_of_others(world: World) -> None:
    world.keys.answers.clear()
    first, second = (asyncio.create_task(world.user_of(GOOD)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    world.keys.answers.set()
    assert await second
    assert world.keys.asked == [APP]


async def test_without_a_kid_the_only_key_is_meant(world: World) -> None:
    world.publish(ED)
    assert await world.user_of(ED.token(CLAIMS, kid=None)) == await world.user_of(GOOD)


UNUSABLE: dict[str, Any] = {
    "for encryption": ED.public | {"use": "enc"},
    "for signing only": ED.public | {"key_ops": ["sign"]},
    "for another algorithm": ED.public | {"alg": "ES256"},
    "of another curve": ED.public | {"crv": "Ed448"},
    "of another kind": ED.public | {"kty": "oct", "k": "c2VjcmV0"},
    "cut": ED.public | {"x": ED.public["x"][:20]},
    "empty": ED.public | {"x": ""},
    "no base64": ED.public | {"x": "é" * 43},
    "not on its curve": ES.public | {"y": ES.public["x"]},
    "of half a curve": {name: value for name, value in ES.public.items() if name != "y"},
    "of P-384 by name": ES.public | {"crv": "P-384"},
    "of 1024 bits": rs256_key("short", 1024).public,
    "of 100,000 digits": RS.public | {"n": "_" * 100_000},
    "for RS512": RS.public | {"alg": "RS512"},
    "with the exponent 1": RS.public | {"e": "AQ"},
    "named by a number": ED.public | {"kid": 1},
    "a list": [],
    "null": None,
}


@pytest.mark.parametrize("unusable", UNUSABLE.values(), ids=UNUSABLE)
def test_a_key_that_can_not_be_used_hides_no_other(unusable: Any) -> None:
    [key] = public_keys(json.dumps({"keys": [unusable, ES.public | {"use": "sig", "kid": "good"}]}).encode())
    assert key.jwk.kid == "good"


def test_a_set_needs_to_say_little_of_a_key() -> None:
    bare = [{name: value for name, value in key.public.items() if name not in ("alg", "kid")} for key in (ED, ES, RS)]
    assert len(public_keys(json.dumps({"keys": bare}).encode())) == 3
