"""The keys of foreign issuers, as tests publish them."""

import asyncio
from collections.abc import Sequence

from adapters.auth.issuers import Issuer
from adapters.auth.key_sets import KeySource
from adapters.auth.public_keys import PublicKey, public_keys


class FakeKeys(KeySource):
    """What each issuer publishes, or why it can't be had; `asked` are those that were."""

    def __init__(self, published: dict[str, bytes | Exception]) -> None:
        self.published, self.asked, self.is_closed = published, list[str](), False
        self.answers = asyncio.Event()
        self.answers.set()

    async def fetch(self, issuer: Issuer) -> Sequence[PublicKey]:
        self.asked.append(issuer.issuer)
        await self.answers.wait()
        page = self.published[issuer.issuer]
        if isinstance(page, Exception):
            raise page
        return public_keys(page)

    async def close(self) -> None:
        self.is_closed = True
