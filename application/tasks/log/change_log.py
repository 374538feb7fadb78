"""The log of changes for its user: pages, sync and a live feed."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from application.ports import EntityRepository, EventLog, TaskRepository, Wakeups
from application.ports.topics import changes_topic
from application.tasks.log.sync_tokens import SyncPosition, decode_token, encode_token
from application.tasks.query import TaskQuery
from domain.accounts.account import Caller
from domain.errors import Gone, Invalid, NotFound, Unavailable
from domain.tasks.changes import Entity, Event
from domain.tasks.entities import BY_NAME, BY_TYPE, ENTITY_TYPES
from domain.tasks.task import Task

FEED_PAGE = 100
FEED_SECONDS = 14.0
"""The longest silence of a feed, which shows that it is alive. A lost wake-up is made up for then, too."""
FORGOTTEN = "The log no longer goes back that far. Sync without a token to start afresh."


@dataclass(frozen=True, slots=True)
class EventPage:
    """`next_cursor` is the revision to continue from. It is None on the last page."""

    events: Sequence[Event]
    next_cursor: int | None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An entity that was put into the trash or purged at `revision`."""

    entity: str
    id: int
    revision: int
    deleted_at: datetime


@dataclass(frozen=True, slots=True)
class Delta:
    """The changes for a client, up to a revision. If an entity comes again in a later delta, the later state counts."""

    entities: Sequence[Entity]
    deleted: Sequence[Tombstone]
    revision: int
    next_token: str
    has_more: bool


class ChangeLog:
    def __init__(self, log: EventLog, tasks: TaskRepository, entities: EntityRepository, wakeups: Wakeups) -> None:
        self._log = log
        self._tasks = tasks
        self._entities = entities
        self._wakeups = wakeups
        self._feeds_end = False

    def end_feeds(self) -> None:
        """Ends all feeds before the server stops. Readers reconnect and continue where they were."""
        self._feeds_end = True
        self._wakeups.wake_all()

    async def page(
        self,
        caller: Caller,
        limit: int,
        *,
        after: int | None = None,
        before: int | None = None,
        newest_first: bool = False,
    ) -> EventPage:
        """Returns a page of events. Without `after`, it begins with the oldest event that is kept. Raises `Gone` if the
        log no longer reaches back to `after`, and `Invalid` if that revision does not exist yet."""
        found = await self._log.page(
            caller.user_id, limit + 1, after=after or 0, before=before, newest_first=newest_first
        )
        if after:
            await self._check(caller, after)
        return _page(found, limit)

    async def of_entity(
        self, caller: Caller, of: type[Entity], entity_id: int, limit: int, *, after: int = 0
    ) -> EventPage:
        """The entity may be in the trash or purged. Raises `NotFound` if no such entity is known."""
        found = await self._log.of_entity(caller.user_id, of, entity_id, limit + 1, after=after)
        if not found and not await self._entities.get_all(caller.user_id, of, [entity_id]):
            raise NotFound(f"There is no {BY_TYPE[of].name} {entity_id}.")
        return _page(found, limit)

    async def sync(self, caller: Caller, token: str | None, limit: int) -> Delta:
        """Raises `Invalid` if the token is not the caller's, and `Gone` if the log no longer reaches back to it."""
        if token is None:
            span = await self._log.span(caller.user_id)
            return await self._all(caller, SyncPosition(span.newest), limit)
        place = decode_token(token, caller.user_id)
        delta = await (self._all if place.before else self._since)(caller, place, limit)
        await self._check(caller, place.revision, unknown=Gone(FORGOTTEN))
        return delta

    async def follow(self, caller: Caller, after: int | None) -> AsyncGenerator[Sequence[Event], None]:
        """Yields the events after a revision, or from now on, until `end_feeds`. It yields an empty list from time to
        time. It waits for a database that becomes unavailable. Raises what `page` raises."""
        with self._wakeups.listen(changes_topic(caller.user_id)) as waiter:
            place = (await self._log.span(caller.user_id)).newest if after is None else after
            await self._check(caller, place)
            while not self._feeds_end:
                events: Sequence[Event] = ()
                with suppress(Unavailable):
                    events = await self._log.page(caller.user_id, FEED_PAGE, after=place)
                place = events[-1].revision if events else place
                yield events
                if len(events) < FEED_PAGE:
                    await waiter.wait(FEED_SECONDS)

    async def _all(self, caller: Caller, place: SyncPosition, limit: int) -> Delta:
        """Returns the tasks, newest first. Changes during this first round come afterwards, as the position holds the
        revision of its start."""
        after = (place.before,) if place.before else None
        found = await self._tasks.find(caller.user_id, TaskQuery(limit=limit + 1, after=after))
        has_more = len(found) > limit
        following = SyncPosition(place.revision, found[limit - 1].id if has_more else 0)
        entities = [*found[:limit], *(await self._others(caller) if place.before == 0 else ())]
        return Delta(entities, (), following.revision, encode_token(following, caller.user_id), has_more)

    async def _others(self, caller: Caller) -> Sequence[Entity]:
        """Returns all entities that are not tasks. There are few, so they are sent with the first page."""
        types = [each.type for each in ENTITY_TYPES if each.type is not Task]
        return [entity for of in types for entity in await self._entities.all(caller.user_id, of)]

    async def _since(self, caller: Caller, place: SyncPosition, limit: int) -> Delta:
        events = await self._log.page(caller.user_id, limit + 1, after=place.revision)
        last = {(event.entity, event.entity_id): event for event in events[:limit]}
        changed: list[Entity] = []
        deleted: list[Tombstone] = []
        for name, of in BY_NAME.items():
            ids = {entity_id for entity, entity_id in last if entity == name}
            found = await self._entities.get_all(caller.user_id, of.type, ids) if ids else ()
            changed += [each for each in found if not each.deleted_at]
            deleted += [Tombstone(name, each.id, each.revision, each.deleted_at) for each in found if each.deleted_at]
            purged = (last[name, each] for each in sorted(ids - {each.id for each in found}))
            deleted += [Tombstone(name, event.entity_id, event.revision, event.at) for event in purged]
        following = SyncPosition(events[:limit][-1].revision if events else place.revision)
        token = encode_token(following, caller.user_id)
        return Delta(changed, deleted, following.revision, token, len(events) > limit)

    async def _check(self, caller: Caller, revision: int, unknown: Exception | None = None) -> None:
        """Raises `Gone` if the log no longer has the revision, and `unknown` (by default `Invalid`) if there is no such
        revision yet. Call it after reading, because events may be removed while they are read."""
        span = await self._log.span(caller.user_id)
        if revision < span.oldest - 1:
            raise Gone(FORGOTTEN)
        if revision > span.newest:
            raise unknown or Invalid.field("after", f"is no revision of yours yet: the newest is {span.newest}")


def _page(found: Sequence[Event], limit: int) -> EventPage:
    return EventPage(found[:limit], found[limit - 1].revision if len(found) > limit else None)
