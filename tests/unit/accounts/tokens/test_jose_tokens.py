import base64
import contextlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jose.exceptions import JWKError

from adapters.auth.jose_tokens import MAX_TOKEN_LENGTH, JoseTokens
from domain.errors import NotAuthenticated
from tests.fakes import FakeClock

SECRET = "a secret of at least thirty-two characters"
EPOCH = int(FakeClock().now.timestamp())
HEADER = {"alg": "HS256", "typ": "JWT"}
CLAIMS = {"sub": "ada", "iat": EPOCH, "exp": EPOCH + 3600}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def tokens(clock: FakeClock) -> JoseTokens:
    return JoseTokens(SECRET, timedelta(hours=1), clock)


def b64(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def signed(payload: bytes, header: bytes = b'{"alg":"HS256"}', secret: str = SECRET, digest: str = "sha256") -> str:
    """What another issuer that knows the secret could send, however strange."""
    text = f"{b64(header)}.{b64(payload)}"
    return f"{text}.{b64(hmac.digest(secret.encode(), text.encode(), digest))}"


def claiming(**changes: Any) -> str:
    return signed(json.dumps({**CLAIMS, **changes}).encode())


def lacking(claim: str) -> str:
    return signed(json.dumps({key: value for key, value in CLAIMS.items() if key != claim}).encode())


def headed(digest: str = "sha256", **changes: Any) -> str:
    return signed(json.dumps(CLAIMS).encode(), json.dumps({**HEADER, **changes}).encode(), digest=digest)


GOOD = claiming()
HEAD, BODY, SIGNATURE = GOOD.split(".")
ADMIN = b64(json.dumps({**CLAIMS, "sub": "admin"}).encode())
NONE = b64(b'{"alg":"none"}')

FORGERIES = {
    "empty": "",
    "two parts": f"{HEAD}.{BODY}",
    "four parts": f"{GOOD}.{SIGNATURE}",
    "a bearer prefix": f"Bearer {GOOD}",
    "white space after it": f"{GOOD}\n",
    "a character that base64 decoders skip": f"{GOOD}!",
    "not ASCII": f"{GOOD}é",
    "a lone surrogate": f"{GOOD}\ud800",
    "another subject under the same signature": f"{HEAD}.{ADMIN}.{SIGNATURE}",
    "another signature": f"{HEAD}.{BODY}.{b64(bytes(32))}",
    "no signature": f"{HEAD}.{BODY}.",
    "another secret": signed(json.dumps(CLAIMS).encode(), secret="another secret of more than 32 characters"),
    "an empty secret": signed(json.dumps(CLAIMS).encode(), secret=""),
    "algorithm none": f"{NONE}.{BODY}.{SIGNATURE}",
    "algorithm none, unsigned": f"{NONE}.{BODY}.",
    "algorithm nOnE": headed(alg="nOnE"),
    "HS512 with the right secret": headed("sha512", alg="HS512"),
    "HS512 in the header only": headed(alg="HS512"),
    "RS256 over an HMAC": headed(alg="RS256"),
    "a list of algorithms": headed(alg=["HS256"]),
    "no algorithm": signed(json.dumps(CLAIMS).encode(), b'{"typ":"JWT"}'),
    "a critical extension": headed(crit=["exp"]),
    "an empty list of critical extensions": headed(crit=[]),
    "a header that is no UTF-8": signed(json.dumps(CLAIMS).encode(), b'{"alg":"HS256\xff"}'),
    "a header of 2,000 levels": signed(json.dumps(CLAIMS).encode(), b'{"alg":"HS256","x":' + b"[" * 2_000),
    "a header with 5,000 digits": signed(json.dumps(CLAIMS).encode(), b'{"alg":"HS256","x":' + b"9" * 5_000 + b"}"),
    "no expiry": lacking("exp"),
    "expiry as text": claiming(exp=str(EPOCH + 3600)),
    "expiry true": claiming(exp=True),
    "expiry NaN": signed(b'{"sub":"ada","exp":NaN}'),
    "expiry past every number": signed(b'{"sub":"ada","exp":1e999}'),
    "expired just now": claiming(exp=EPOCH),
    "expired long ago": claiming(exp=1),
    "not valid for another two minutes": claiming(nbf=EPOCH + 120),
    "made in the future": claiming(iat=EPOCH + 120),
    "no subject": lacking("sub"),
    "an empty subject": claiming(sub=""),
    "a subject that is a number": claiming(sub=7),
    "a session that is a number": claiming(sid=7),
    "a session with NUL": claiming(sid="a\x00"),
    "an empty session": claiming(sid=""),
    "a subject with NUL": claiming(sub="ada\x00"),
    "a subject with a lone surrogate": claiming(sub="\ud800"),
    "a subject of 256 characters": claiming(sub="a" * 256),
    "claims that are a list": signed(b"[]"),
    "claims that are another token": signed(GOOD.encode(), b'{"alg":"HS256","cty":"JWT"}'),
    "claims that are no UTF-8": signed(b'{"sub":"\xff","exp":9999999999}'),
    "claims of 3,000 levels": signed(b'{"sub":"ada","exp":9999999999,"x":' + b"[" * 3_000),
    "well signed but oversized": claiming(padding="x" * MAX_TOKEN_LENGTH),
    "a megabyte": "a" * 1_000_000,
}


def test_an_issued_token_names_its_user(tokens: JoseTokens) -> None:
    assert tokens.verify(tokens.issue("ada", "one")).user_id == "ada"
    assert tokens.verify(tokens.issue("Zoë 日本", "one")).user_id == "Zoë 日本"


def test_a_token_names_its_session_and_may_have_none(tokens: JoseTokens) -> None:
    assert tokens.verify(tokens.issue("ada", "one")).session_id == "one"
    assert tokens.verify(GOOD).session_id is None


def test_an_issued_token_says_when_it_was_made_and_when_it_ends(tokens: JoseTokens) -> None:
    claims = tokens.issue("ada", "one").split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(claims + "==")) == CLAIMS | {"sid": "one"}


def test_a_token_of_another_issuer_with_the_same_secret_is_accepted(tokens: JoseTokens) -> None:
    assert tokens.verify(GOOD).user_id == "ada"
    assert tokens.verify(claiming(exp=EPOCH + 0.5, iat=EPOCH - 0.5, aud="anyone", role={"deep": [1]})).user_id == "ada"
    assert tokens.verify(lacking("iat")).user_id == "ada"


def test_another_clock_may_be_a_minute_ahead(tokens: JoseTokens) -> None:
    assert tokens.verify(claiming(iat=EPOCH + 60, nbf=EPOCH + 60)).user_id == "ada"


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_a_forgery_is_refused_each_time_and_in_the_same_words(tokens: JoseTokens, forgery: str) -> None:
    for _ in range(2):
        with pytest.raises(NotAuthenticated, match="the access token is missing, invalid or expired"):
            tokens.verify(forgery)


def test_a_remembered_token_still_expires(tokens: JoseTokens, clock: FakeClock) -> None:
    token = tokens.issue("ada", "one")
    assert tokens.verify(token).user_id == "ada"
    clock.forward(minutes=59, seconds=59)
    assert tokens.verify(token).user_id == "ada"
    clock.forward(seconds=1)
    with pytest.raises(NotAuthenticated):
        tokens.verify(token)


def test_a_token_is_refused_before_its_time_and_accepted_after(tokens: JoseTokens, clock: FakeClock) -> None:
    token = claiming(nbf=EPOCH + 120)
    with pytest.raises(NotAuthenticated):
        tokens.verify(token)
    clock.forward(seconds=60)
    assert tokens.verify(token).user_id == "ada"


def test_more_tokens_than_are_remembered_stay_valid(clock: FakeClock) -> None:
    tokens = JoseTokens(SECRET, timedelta(hours=1), clock, remembered=2)
    issued = {user: tokens.issue(user, "one") for user in ("ada", "bob", "cem")}
    for user, token in [*issued.items(), *issued.items()]:
        assert tokens.verify(token).user_id == user


def test_a_remembered_token_does_not_make_a_tampered_one_valid(tokens: JoseTokens) -> None:
    assert tokens.verify(GOOD).user_id == "ada"
    for place in range(len(GOOD) - 1):
        other = "A" if GOOD[place] != "A" else "B"
        with pytest.raises(NotAuthenticated):
            tokens.verify(GOOD[:place] + other + GOOD[place + 1 :])


def test_a_secret_that_is_read_as_json_elsewhere_is_taken_as_it_is(clock: FakeClock) -> None:
    secret = '"0123456789012345678901234567890123456789"'
    tokens = JoseTokens(secret, timedelta(hours=1), clock)
    assert tokens.verify(signed(json.dumps(CLAIMS).encode(), secret=secret)).user_id == "ada"


def test_a_public_key_is_no_secret(clock: FakeClock) -> None:
    with pytest.raises(JWKError):
        JoseTokens("-----BEGIN PUBLIC KEY-----\nMIIB", timedelta(hours=1), clock)


texts = st.text() | st.text("eyJ.-_=abcXYZ019", max_size=200) | st.from_regex(r"[\w-]+\.[\w-]+\.[\w-]+", fullmatch=True)


@given(texts)
def test_no_text_does_more_than_to_be_refused(text: str) -> None:
    with pytest.raises(NotAuthenticated):
        JoseTokens(SECRET, timedelta(hours=1), FakeClock()).verify(text)


json_values = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5)


@given(st.binary() | st.dictionaries(st.sampled_from(["sub", "exp", "iat", "nbf"]), json_values).map(json.dumps))
def test_no_well_signed_payload_does_more_than_to_be_refused(payload: bytes | str) -> None:
    token = signed(payload if isinstance(payload, bytes) else payload.encode())
    with contextlib.suppress(NotAuthenticated):
        assert JoseTokens(SECRET, timedelta(hours=1), FakeClock()).verify(token).user_id
