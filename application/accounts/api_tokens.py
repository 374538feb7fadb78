"""Use-cases of API tokens: a user creates, lists and revokes them. `token_authentication` accepts them in requests."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from application.accounts.sessions import check_signed_in
from application.ports import ApiTokenRepository, Clock, SessionRepository, Transaction
from application.retry import retried
from domain.accounts.account import ALL_SCOPES, Caller, Scope
from domain.accounts.api_token import (
    LIFETIME_DAYS,
    MAX_LIFETIME_DAYS,
    MAX_TOKEN_NAME_LENGTH,
    SECRET_BYTES,
    ApiToken,
    clean_token_name,
    format_token,
)
from domain.errors import NotFound
from domain.hashing import hash_of
from domain.quotas import DEFAULT_QUOTAS, Quotas

Scopes = Annotated[
    frozenset[Scope],
    Meta(
        min_length=1,
        description="What it may do; to read and to write are apart.",
        examples=[["tasks:read"]],
    ),
]
Days = Annotated[int, Meta(ge=1, le=MAX_LIFETIME_DAYS)]


class ApiTokenDraft(Struct, forbid_unknown_fields=True):
    name: Annotated[
        str,
        Meta(
            description=f"1–{MAX_TOKEN_NAME_LENGTH} characters after trimming. The log of changes shows it.",
            examples=["My laptop"],
            extra_json_schema={"minLength": 1, "maxLength": MAX_TOKEN_NAME_LENGTH},
        ),
    ]
    scopes: Scopes = ALL_SCOPES
    expires_in_days: Annotated[Days | None, Meta(description="Null: it does not expire.")] = LIFETIME_DAYS


@dataclass(frozen=True, slots=True)
class NewApiToken:
    """`text` is the token itself. It is shown once and not stored."""

    token: ApiToken
    text: str = field(repr=False)


class ApiTokens:
    """API tokens can be managed by the user only: each method raises `Forbidden` for a caller with an API token."""

    def __init__(
        self,
        tokens: ApiTokenRepository,
        sessions: SessionRepository,
        transaction: Transaction,
        clock: Clock,
        new_id: Callable[[], str],
        quotas: Quotas = DEFAULT_QUOTAS,
    ) -> None:
        self._quotas = quotas
        self._tokens = tokens
        self._sessions = sessions
        self._transaction = transaction
        self._clock = clock
        self._new_id = new_id

    @retried
    async def add(self, caller: Caller, draft: ApiTokenDraft) -> NewApiToken:
        """Raises `QuotaReached` and `NotAuthenticated`."""
        caller.check_is_user()
        now, text = self._clock(), format_token(caller.user_id, secrets.token_bytes(SECRET_BYTES))
        token = self._new(caller, draft, hash_of(text), now)
        async with self._transaction() as work:
            self._quotas.check_api_tokens(len(await self._tokens.live_to_add(caller.user_id, now)) + 1)
            await check_signed_in(self._sessions, caller)
            await self._tokens.add(token)
            await work.commit()
        return NewApiToken(token, text)

    async def all(self, caller: Caller) -> Sequence[ApiToken]:
        caller.check_is_user()
        return await self._tokens.live(caller.user_id, self._clock())

    @retried
    async def revoke(self, caller: Caller, token_id: str) -> None:
        """Revokes the token. Other servers may accept it for up to `token_authentication.CACHE_LIFETIME`."""
        caller.check_is_user()
        async with self._transaction() as work:
            if not await self._tokens.revoke(caller.user_id, token_id, self._clock()):
                raise NotFound("There is no such API token. It may have been revoked already.")
            await work.commit()

    def _new(self, caller: Caller, draft: ApiTokenDraft, token_hash: bytes, now: datetime) -> ApiToken:
        days = draft.expires_in_days
        return ApiToken(
            user_id=caller.user_id,
            id=self._new_id(),
            name=clean_token_name(draft.name),
            hash=token_hash,
            scopes=draft.scopes,
            created_at=now,
            expires_at=None if days is None else now + timedelta(days=days),
        )
