import pytest

from application.background import Background
from application.due_work import Worker
from application.tasks.commands import TaskDraft
from application.tasks.use_cases import Tasks
from application.webhooks.deliveries import MAX_SENDINGS, WebhookDeliveries
from application.webhooks.webhooks import Resumption, WebhookDraft, Webhooks
from domain.accounts.account import Actor, Caller
from domain.errors import Forbidden, Invalid, NotFound, QuotaReached
from domain.webhooks.webhook import WebhookState, check_url
from tests.fakes import (
    FakeClock,
    FakeEntities,
    FakeEventLog,
    FakeReceiver,
    FakeStore,
    FakeTasks,
    FakeWakeups,
    FakeWebhooks,
    add_users,
)

ANN, BOB = Caller("ann"), Caller("bob")
HOOK = "https://example.com/hook"


class World:
    """Ann, Bob, their tasks and webhooks, and a server that delivers."""

    def __init__(self) -> None:
        self.clock, self.store, self.wakeups, self.receiver = FakeClock(), FakeStore(), FakeWakeups(), FakeReceiver()
        self.tasks = Tasks(
            FakeTasks(self.store, self.wakeups), FakeEntities(self.store, self.wakeups), self.store, self.clock
        )
        self.ids = (f"id-{number}" for number in range(1, 1000))
        self.events = FakeEventLog(self.store)
        self.repository = FakeWebhooks(self.store)
        known = (self.repository, self.events, self.store, self.wakeups, self.clock, self.new_id)
        self.webhooks = Webhooks(*known, public=True)
        self.background = Background()
        self.worker = self.server()

    def server(self) -> Worker:
        deliveries = WebhookDeliveries(self.repository, self.events, lambda: self.receiver, self.clock, self.new_id)
        return Worker(deliveries, self.wakeups, self.clock, self.background, MAX_SENDINGS)

    def new_id(self) -> str:
        return next(self.ids)

    async def hook(self, caller: Caller = ANN) -> str:
        return (await self.webhooks.add(caller, WebhookDraft(HOOK))).id

    async def change(self, times: int = 1, caller: Caller = ANN) -> None:
        for _ in range(times):
            await self.tasks.add(caller, TaskDraft("Buy milk"))

    async def deliver(self) -> list[int]:
        """All that is due now is tried; the revisions that were sent."""
        before = len(self.receiver.sent)
        while sending := await self.worker.start_due():
            for each in sending:
                await each
        return [revision for _, revision in self.receiver.sent[before:]]

    async def fail(self, times: int) -> None:
        for _ in range(times):
            self.receiver.answers = [500]
            await self.deliver()
            self.clock.forward(days=1)


@pytest.fixture
async def world() -> World:
    world = World()
    await add_users(world.store, "ann", "bob")
    return world


async def test_a_webhook_has_a_secret_of_its_own_and_begins_at_the_end_of_the_log(world: World) -> None:
    await world.change(3)
    one, other = [await world.webhooks.add(ANN, WebhookDraft(f" {HOOK} ")) for _ in range(2)]
    assert (one.url, one.position, one.state) == (HOOK, 3, WebhookState.ACTIVE)
    assert one.secret.startswith("whsec_")
    assert len({one.secret, other.secret}) == 2
    assert one.secret not in repr(one)
    assert await world.deliver() == []


async def test_a_user_has_five_webhooks_at_most(world: World) -> None:
    hooks = [await world.hook() for _ in range(5)]
    with pytest.raises(QuotaReached, match=r"5 webhooks, .* Delete one"):
        await world.hook()
    await world.hook(BOB)
    await world.webhooks.delete(ANN, hooks[0])
    await world.hook()
    assert len(await world.webhooks.all(ANN)) == 5


async def test_only_the_user_says_where_events_go_and_no_token_of_theirs(world: World) -> None:
    hook, by_token = await world.hook(), Caller("ann", Actor("token", "k1"))
    for action in (
        world.webhooks.add(by_token, WebhookDraft(HOOK)),
        world.webhooks.delete(by_token, hook),
        world.webhooks.resume(by_token, hook, Resumption(skip=True)),
    ):
        with pytest.raises(Forbidden):
            await action
    assert [each.id for each in await world.webhooks.all(by_token)] == [hook]


async def test_another_users_webhook_is_as_one_that_is_not_there(world: World) -> None:
    his = await world.hook(BOB)
    for attempt in (
        world.webhooks.get(ANN, his),
        world.webhooks.delete(ANN, his),
        world.webhooks.resume(ANN, his, Resumption()),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert await world.webhooks.all(ANN) == []
    assert (await world.webhooks.get(BOB, his)).id == his


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "empty"),
        ("x" * 2001, "2000"),
        ("example.com/hook", "URL with a host"),
        ("https://", "URL with a host"),
        ("https://[::1", "URL with a host"),
        ("https://example.com:0/", "URL with a host"),
        ("https://example.com:99999/", "URL with a host"),
        ("http://example.com/hook", "https://"),
        ("ftp://example.com/hook", "https://"),
        ("https://ann:secret@example.com/", "password"),
        ("https://@example.com/", "password"),
        ("https://example.com/hook#part", "#"),
        ("https://example.com/a b", "ASCII"),
        ("https://example.com\\@127.0.0.1/", "backslash"),
        ("https://bücher.example/", "ASCII"),
        ("https://example.com/\x00", "NUL"),
        ("https://127.0.0.1/", "private"),
        ("https://10.0.0.8:8443/", "private"),
        ("https://169.254.169.254/latest/meta-data", "private"),
        ("https://[::1]/", "private"),
        ("https://[::ffff:10.0.0.1]/", "private"),
        ("https://[fe80::1%25eth0]/", "private"),
        ("https://127.1/", "private"),
        ("https://2130706433/", "private"),
        ("https://0x7f000001/", "private"),
        ("https://0177.0.0.1/", "private"),
        ("https://0xA9.0xfe.0251.254/", "private"),
        ("https://127.0.0.1./", "private"),
        ("https://168.63.129.16/", "private"),
        ("https://0300.0.0.0xc0/", "private"),
        ("https://[3fff::1]/", "private"),
        ("https://[2002:a9fe:a9fe::]/", "private"),
        ("https://%31%32%37.0.0.1/", "%"),
        ("https://exa%6dple.com/", "%"),
    ],
)
async def test_a_bad_address_is_refused_by_name(world: World, url: str, said: str) -> None:
    with pytest.raises(Invalid, match=said) as refusal:
        await world.webhooks.add(ANN, WebhookDraft(url))
    assert [each.field for each in refusal.value.fields] == ["url"]
    assert "secret" not in refusal.value.message


@pytest.mark.parametrize("url", ["http://localhost:9000/hook", "http://127.0.0.1/", "https://[::1]/", HOOK])
def test_whoever_develops_may_send_to_this_machine(url: str) -> None:
    assert check_url(url, public=False) == url
