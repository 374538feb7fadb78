"""`python -m bench.authentication`: microseconds for telling who calls, in process, by the kind of bearer token.

First: a server has not seen the token yet. Repeated: it has. One after another; median and 99th percentile.
The first use of an API token in a minute is noted in the background, which shows in what runs beside it.
"""

import asyncio
import secrets
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from adapters.auth.foreign_tokens import ForeignTokens
from adapters.auth.issuers import Issuer
from adapters.auth.key_sets import KeySource
from adapters.auth.public_keys import PublicKey, public_keys
from adapters.postgres.migration import migrate
from application.accounts.api_tokens import ApiTokenDraft
from application.accounts.authentication import Authenticator
from application.accounts.token_authentication import ApiTokenAuthenticator
from bench.options import options
from bootstrap.asgi import close
from bootstrap.configuration.settings import load
from bootstrap.container import Container
from bootstrap.postgres.dev_database import dev_database
from domain.accounts.account import Caller
from domain.errors import NotAuthenticated
from tests.issuers import SigningKey, ed25519_key, es256_key, jwks, rs256_key

USERS, WARM_UP = 1_000, 20


async def own_tokens(container: Container) -> list[str]:
    """Signed with HS256, as signing in gives them."""
    return [container.tokens().issue(f"user-{number}", f"session-{number}") for number in range(USERS)]


async def api_tokens(container: Container) -> list[str]:
    texts = []
    for number in range(USERS):
        await container.accounts().provision(f"user-{number}")
        texts.append((await container.api_tokens().add(Caller(f"user-{number}"), ApiTokenDraft("bench"))).text)
    return texts


class Published(KeySource):
    """Keys that are at hand: what a network takes would be the network's."""

    def __init__(self, *keys: SigningKey) -> None:
        self._keys = public_keys(jwks(*keys))

    async def fetch(self, issuer: Issuer) -> Sequence[PublicKey]:
        return self._keys

    async def close(self) -> None:
        pass


async def report_issuers(container: Container) -> None:
    """Of Better Auth and others, by what they sign with."""
    app, now = "https://app.example.com", int(container.clock()().timestamp())
    for key in (ed25519_key("ed"), es256_key("es"), rs256_key("rs")):
        foreign = ForeignTokens([Issuer(issuer=app)], Published(key), container.clock())
        claims = {"iss": app, "aud": app, "iat": now, "exp": now + 900}
        bearers = [key.token({**claims, "sub": f"user{number}"}) for number in range(USERS)]
        await timed(Authenticator(foreign), bearers[:WARM_UP])
        report(f"{key.alg}, first", await timed(Authenticator(foreign), bearers[WARM_UP:]))
        report(f"{key.alg}, repeated", await timed(Authenticator(foreign), bearers[WARM_UP:]))


async def timed(authenticator: Authenticator, bearers: Sequence[str]) -> list[float]:
    times = []
    for bearer in bearers:
        began = time.perf_counter()
        try:
            await authenticator.authenticate(bearer)
        except NotAuthenticated:
            assert bearer.endswith("?"), "only what is meant to be refused is"
        times.append((time.perf_counter() - began) * 1_000_000)
    return times


def report(name: str, times: Sequence[float]) -> None:
    print(f"{name:34}p50 {statistics.median(times):7.1f} µs   p99 {statistics.quantiles(times, n=100)[-1]:7.1f} µs")


async def main(url: str) -> None:
    await migrate(url)
    container = Container(settings=load({"DATABASE_URL": url, "BETTER_AUTH_SECRET": secrets.token_urlsafe(48)}))
    kinds = {"HS256": await own_tokens(container), "API token": await api_tokens(container)}
    authenticator = container.authenticator()
    for name, bearers in kinds.items():
        await timed(authenticator, bearers[:WARM_UP])
        report(f"{name}, first", await timed(authenticator, bearers[WARM_UP:]))
        await container.background().close()
        report(f"{name}, repeated", await timed(authenticator, bearers[WARM_UP:]))
    await report_issuers(container)
    elsewhere = ApiTokenAuthenticator(container.api_token_repository(), container.clock(), container.background())
    report("API token, first, noted already", await timed(Authenticator(elsewhere), kinds["API token"]))
    report("API token, mistyped", await timed(authenticator, [f"{bearer[:-1]}?" for bearer in kinds["API token"]]))
    await close(container)


if __name__ == "__main__":
    options(__doc__)
    with tempfile.TemporaryDirectory(prefix="tasktalk-bench-") as folder, dev_database(Path(folder)) as url:
        asyncio.run(main(url))
