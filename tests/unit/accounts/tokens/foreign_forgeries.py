"""What somebody could send in another issuer's name, and what a careless issuer could."""

import hmac
import json
from typing import Any

from adapters.auth.issuers import Issuer
from adapters.auth.jose_tokens import MAX_TOKEN_LENGTH
from tests.fakes import FakeClock
from tests.servers.issuers import Json, b64, ed25519_key, encoded, es256_key, jwks, rs256_key

EPOCH = int(FakeClock().now.timestamp())
APP, OTHER = "https://app.example.com", "https://other.example.com"
ISSUERS = (Issuer(issuer=APP), Issuer(issuer=OTHER, audience="tasktalk"))
ED, ES, RS = ed25519_key("ed"), es256_key("es"), rs256_key("rs")
ELSEWHERE, THIEF = ed25519_key("elsewhere"), ed25519_key("ed")
PUBLISHED = {APP: jwks(ED, ES, RS), OTHER: jwks(ELSEWHERE)}
SUBJECT = "k3XwVZp0bT7yQm2NcR8sLf5HdJ1aGuE9"
CLAIMS: Json = {
    "iat": EPOCH,
    "name": "Ann",
    "email": "ann@example.com",
    "id": SUBJECT,
    "sub": SUBJECT,
    "exp": EPOCH + 15 * 60,
    "iss": APP,
    "aud": APP,
}
"""As Better Auth's jwt plugin has them by default."""


def claiming(**changes: Any) -> str:
    return ED.token({**CLAIMS, **changes})


def lacking(claim: str) -> str:
    return ED.token({name: value for name, value in CLAIMS.items() if name != claim})


def twice(claim: str, value: Any) -> str:
    """The last one counts, so the one before may not help."""
    return ED.token(json.dumps(CLAIMS)[:-1].encode() + f', "{claim}": {json.dumps(value)}}}'.encode())


def under_secret(secret: str, **changes: Any) -> str:
    text = f"{encoded({'alg': 'HS256', 'kid': 'rs', **changes})}.{encoded(CLAIMS)}"
    return f"{text}.{b64(hmac.digest(secret.encode(), text.encode(), 'sha256'))}"


GOOD = ED.token(CLAIMS)
HEAD, BODY, SIGNATURE = GOOD.split(".")
ADMIN = encoded({**CLAIMS, "sub": "admin"})
NONE = encoded({"alg": "none", "kid": "ed"})

FORGERIES = {
    "algorithm none": f"{NONE}.{BODY}.{SIGNATURE}",
    "algorithm none, unsigned": f"{NONE}.{BODY}.",
    "algorithm nOnE": ED.token(CLAIMS, alg="nOnE"),
    "no algorithm": ED.token(CLAIMS, alg=None),
    "a list of algorithms": ED.token(CLAIMS, alg=["EdDSA"]),
    "HS256 with the public key as secret": under_secret(RS.public["n"]),
    "HS256 with the published JWK as secret": under_secret(json.dumps(RS.public)),
    "HS256 with an empty secret": under_secret(""),
    "HS512 in the header": under_secret(RS.public["n"], alg="HS512"),
    "an RSA key for ES256": RS.token(CLAIMS, alg="ES256"),
    "an RSA key for RS512": RS.token(CLAIMS, alg="RS512"),
    "an RSA key for PS256": RS.token(CLAIMS, alg="PS256"),
    "an elliptic key for EdDSA": ES.token(CLAIMS, alg="EdDSA"),
    "an Ed25519 key for RS256": ED.token(CLAIMS, alg="RS256"),
    "the kid of a key of another kind": ED.token(CLAIMS, kid="rs"),
    "an unknown kid": ED.token(CLAIMS, kid="nobody's"),
    "no kid, where there are three keys": ED.token(CLAIMS, kid=None),
    "a kid that is a number": ED.token(CLAIMS, kid=1),
    "a kid that is empty": ED.token(CLAIMS, kid=""),
    "a kid that is a path": ED.token(CLAIMS, kid="../../../../dev/null"),
    "a kid that is an address": ED.token(CLAIMS, kid="http://127.0.0.1:1/key"),
    "a kid that is SQL": ED.token(CLAIMS, kid="' UNION SELECT 'ed"),
    "the kid of another issuer's key": ELSEWHERE.token(CLAIMS),
    "another issuer's key under our kid": ELSEWHERE.token(CLAIMS, kid="ed"),
    "one issuer's key, another's name": claiming(iss=OTHER, aud="tasktalk"),
    "a key of its own under a known kid": THIEF.token(CLAIMS),
    "a key of its own in the header": THIEF.token(CLAIMS, kid="own", jwk=THIEF.public),
    "a key of its own in the header, without kid": THIEF.token(CLAIMS, kid=None, jwk=THIEF.public),
    "a set of its own at jku": THIEF.token(CLAIMS, jku="http://127.0.0.1:1/jwks"),
    "a certificate of its own at x5u": THIEF.token(CLAIMS, x5u="http://127.0.0.1:1/cert"),
    "a certificate of its own at x5c": THIEF.token(CLAIMS, x5c=["MIIB"]),
    "a critical extension": ED.token(CLAIMS, crit=["exp"]),
    "an empty list of critical extensions": ED.token(CLAIMS, crit=[]),
    "an unencoded payload": ED.token(CLAIMS, crit=["b64"], b64=False),
    "a header that is a list": ED.token(CLAIMS, header=b"[]"),
    "a header that is no UTF-8": ED.token(CLAIMS, header=b'{"alg":"EdDSA","kid":"ed\xff"}'),
    "a header of 2,000 levels": ED.token(CLAIMS, header=b'{"alg":"EdDSA","kid":"ed","x":' + b"[" * 2_000),
    "a header with 2,000 digits": ED.token(CLAIMS, header=b'{"alg":"EdDSA","kid":"' + b"9" * 2_000 + b'"}'),
    "another subject under the same signature": f"{HEAD}.{ADMIN}.{SIGNATURE}",
    "another signature": f"{HEAD}.{BODY}.{b64(bytes(64))}",
    "a signature that is cut": GOOD[:-8],
    "no signature": f"{HEAD}.{BODY}.",
    "two parts": f"{HEAD}.{BODY}",
    "four parts": f"{GOOD}.{SIGNATURE}",
    "five parts, as if encrypted": f"{HEAD}.{BODY}.{SIGNATURE}.{BODY}.{SIGNATURE}",
    "JSON in place of the compact form": json.dumps({"protected": HEAD, "payload": BODY, "signature": SIGNATURE}),
    "a character that base64 decoders skip": f"{GOOD}!",
    "padding": f"{GOOD}==",
    "not ASCII": f"{GOOD}é",
    "expired just now": claiming(exp=EPOCH),
    "expired long ago": claiming(exp=1),
    "no expiry": lacking("exp"),
    "expiry as text": claiming(exp=str(EPOCH + 900)),
    "expiry true": claiming(exp=True),
    "expiry null": claiming(exp=None),
    "expiry past every number": ED.token(json.dumps(CLAIMS).replace(str(EPOCH + 900), "1e999").encode()),
    "not valid for another two minutes": claiming(nbf=EPOCH + 120),
    "not valid before text": claiming(nbf="0"),
    "made in the future": claiming(iat=EPOCH + 120),
    "an issuer nobody knows": claiming(iss="https://evil.example.com"),
    "an issuer with a slash more": claiming(iss=f"{APP}/"),
    "an issuer in capitals": claiming(iss=APP.upper()),
    "issuers in a list": claiming(iss=[APP]),
    "no issuer": lacking("iss"),
    "an audience that is not us": claiming(aud=OTHER),
    "an audience we are the beginning of": claiming(aud=f"{APP}.evil.example.com"),
    "audiences without us": claiming(aud=[OTHER, f"{APP}/"]),
    "no audience": lacking("aud"),
    "an empty list of audiences": claiming(aud=[]),
    "an audience that is an object": claiming(aud={APP: True}),
    "no subject": lacking("sub"),
    "an empty subject": claiming(sub=""),
    "a subject with NUL": claiming(sub=f"{SUBJECT}\x00"),
    "a subject with a lone surrogate": claiming(sub="\ud800"),
    "a subject of 300 characters": claiming(sub="a" * 300),
    "a subject that is a number": claiming(sub=7),
    "a scope that is a number": claiming(scope=7),
    "an audience twice, the last one wrong": twice("aud", OTHER),
    "an expiry twice, the last one over": twice("exp", 1),
    "an issuer twice, the last one another": twice("iss", OTHER),
    "claims that are a list": ED.token(b"[]"),
    "claims that are another token": ED.token(GOOD.encode(), cty="JWT"),
    "claims that are no UTF-8": ED.token(json.dumps(CLAIMS).encode().replace(b"Ann", b"\xff")),
    "claims of 3,000 levels": ED.token(json.dumps(CLAIMS)[:-1].encode() + b', "x": ' + b"[" * 3_000),
    "well signed but of 9 KiB": claiming(padding="x" * (MAX_TOKEN_LENGTH * 3 // 4)),
    "a megabyte": "a" * 1_000_000,
}
