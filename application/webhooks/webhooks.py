from base64 import b64encode
from collections.abc import Callable, Sequence
from secrets import token_bytes
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from application.accounts.sessions import check_signed_in
from application.ports import (
    Clock,
    EventLog,
    SessionRepository,
    Transaction,
    Wakeups,
    WebhookRepository,
)
from application.ports.topics import WEBHOOKS_TOPIC
from application.retry import retried
from domain.accounts.account import Caller
from domain.errors import NotFound
from domain.quotas import DEFAULT_QUOTAS, Quotas
from domain.webhooks.webhook import KEY_PREFIX, MAX_URL_LENGTH, Webhook, check_url

EntityName = Literal["task", "list", "view", "reminder"]
SECRET_BYTES = 32
"""Standard Webhooks wants 24 to 64."""


class WebhookDraft(Struct, forbid_unknown_fields=True):
    url: Annotated[
        str,
        Meta(
            description=f"Where your events are sent by POST; at most {MAX_URL_LENGTH} characters. In production"
            " https:// only, and no private address.",
            examples=["https://example.com/hooks/tasktalk"],
            extra_json_schema={"minLength": 1, "maxLength": MAX_URL_LENGTH},
        ),
    ]
    entities: Annotated[
        list[EntityName],
        Meta(
            description="Whose changes are sent: of tasks alone, unless you name others.",
            examples=[["task", "list"]],
            min_length=1,
            max_length=4,
        ),
    ] = field(default_factory=lambda: ["task"])


class Resumption(Struct, forbid_unknown_fields=True):
    skip: Annotated[bool, Meta(description="Leave out the one event that could not be delivered.")] = False


class Webhooks:
    """With `public`, only HTTPS URLs on the internet are accepted. Only the user may change webhooks, since an API
    token could otherwise send the user's data to any address."""

    def __init__(
        self,
        webhooks: WebhookRepository,
        events: EventLog,
        transaction: Transaction,
        wakeups: Wakeups,
        clock: Clock,
        new_id: Callable[[], str],
        quotas: Quotas = DEFAULT_QUOTAS,
        *,
        public: bool,
        sessions: SessionRepository | None = None,
    ) -> None:
        self._sessions = sessions
        self._quotas = quotas
        self._webhooks = webhooks
        self._events = events
        self._transaction = transaction
        self._wakeups = wakeups
        self._clock = clock
        self._new_id = new_id
        self._public = public

    @retried
    async def add(self, caller: Caller, draft: WebhookDraft) -> Webhook:
        """Adds a webhook for events from now on. Raises `QuotaReached`."""
        caller.check_is_user()
        url = check_url(draft.url, public=self._public)
        async with self._transaction() as work:
            self._quotas.check_webhooks(len(await self._webhooks.all_to_add(caller.user_id)) + 1)
            if self._sessions:
                await check_signed_in(self._sessions, caller)
            webhook = self._new(caller, url, draft.entities, (await self._events.span(caller.user_id)).newest)
            await self._webhooks.add(webhook)
            await work.commit()
        return webhook

    async def all(self, caller: Caller) -> Sequence[Webhook]:
        return await self._webhooks.all(caller.user_id)

    async def get(self, caller: Caller, webhook_id: str) -> Webhook:
        return _found(await self._webhooks.get(caller.user_id, webhook_id))

    @retried
    async def delete(self, caller: Caller, webhook_id: str) -> None:
        caller.check_is_user()
        async with self._transaction() as work:
            if not await self._webhooks.delete(caller.user_id, webhook_id):
                _found(None)
            await work.commit()

    @retried
    async def resume(self, caller: Caller, webhook_id: str, resumption: Resumption) -> Webhook:
        """Retries the failed event at once, or skips it with `skip`. A webhook that has not failed stays as it is."""
        caller.check_is_user()
        async with self._transaction() as work:
            webhook = _found(await self._webhooks.get_to_change(caller.user_id, webhook_id))
            resumed = await self._resumed(webhook, skip=resumption.skip) if webhook.failures else webhook
            await self._webhooks.store(resumed, webhook.lease)
            await self._wakeups.announce(WEBHOOKS_TOPIC)
            await work.commit()
        return resumed

    async def _resumed(self, webhook: Webhook, *, skip: bool) -> Webhook:
        behind = await self._events.page(webhook.user_id, int(skip), after=webhook.position) if skip else ()
        return webhook.resumed(behind[0].revision if behind else webhook.position, self._clock())

    def _new(self, caller: Caller, url: str, entities: Sequence[str], position: int) -> Webhook:
        now = self._clock()
        return Webhook(
            user_id=caller.user_id,
            id=self._new_id(),
            url=url,
            secret=KEY_PREFIX + b64encode(token_bytes(SECRET_BYTES)).decode(),
            entities=sorted({*entities}),
            position=position,
            next_attempt_at=now,
            created_at=now,
        )


def _found(webhook: Webhook | None) -> Webhook:
    if webhook is None:
        raise NotFound("There is no such webhook. It may have been deleted.")
    return webhook
