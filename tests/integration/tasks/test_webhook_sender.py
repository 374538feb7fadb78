"""Events over real sockets. Names are looked up by the tests: nothing here leaves this machine."""

import asyncio
import hashlib
import hmac
import json
import re
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from typing import Any

import pytest
import standardwebhooks

from adapters.webhooks import checked_post as webhooks
from adapters.webhooks.host_names import HostNames
from adapters.webhooks.sender import HttpWebhooks
from domain.accounts.account import Actor
from domain.tasks.changes import ChangeKind, Event
from domain.tasks.task import Task
from domain.webhooks.webhook import Undelivered, Webhook
from tests.logged import title_of
from tests.servers.mail_server import certified
from tests.servers.webhook_receiver import Delivery, Receiver, reply

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TASK = Task(user_id="ann", id=3, title="Bücher 📚", created_at=NOW, updated_at=NOW, revision=7)
EVENT = Event(
    user_id="ann",
    revision=7,
    entity="task",
    entity_id=3,
    change_set=7,
    kind=ChangeKind.CREATED,
    before=None,
    after=TASK,
    actor=Actor(),
    at=NOW,
)
DOCUMENTATION = Path(__file__).parents[3] / "docs" / "webhooks.md"
PUBLIC = "93.184.215.14"
"""Never reached: what leads there is refused for another address beside it."""


Answer = Sequence[str] | Exception


class Names:
    """Each look-up of any name gives the next of `answers`, at last the last."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def hook(url: str, secret: str = "whsec_x") -> Webhook:
    return Webhook(user_id="ann", id="w1", url=url, secret=secret, next_attempt_at=NOW, created_at=NOW)


def encode(event: Event) -> bytes:
    return json.dumps({"revision": event.revision, "title": title_of(event.after)}).encode()


@asynccontextmanager
async def sender(
    *names: Answer, public: bool = False, now: datetime = NOW, **options: Any
) -> AsyncIterator[HttpWebhooks]:
    known = {"names": HostNames(Names(*names))} if names else {}
    made = HttpWebhooks(encode, lambda: now, public=public, **(known | options))
    yield made
    await made.close()


async def refusal(url: str, *names: Answer, public: bool = False, **options: Any) -> str:
    async with sender(*names, public=public, **options) as made:
        with pytest.raises(Undelivered) as refused:
            await made.send(hook(url), EVENT)
    assert not any(internal in str(refused.value) for internal in ("127.0.0", "10.0.0", "Errno", "httpx"))
    return str(refused.value)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as receiver:
        yield receiver


async def test_an_event_is_posted_with_a_signature_over_time_and_body(receiver: Receiver) -> None:
    async with sender() as made:
        assert await made.send(hook(f"{receiver.url}?to=ann"), EVENT) == 204
    [delivery] = receiver.deliveries
    assert delivery.path == "/hook?to=ann"
    assert delivery.event == {"revision": 7, "title": "Bücher 📚"}
    assert delivery.is_signed("whsec_x")
    assert not delivery.is_signed("whsec_y")
    signature = delivery.headers.pop("tasktalk-signature")
    assert signature.startswith(f"t={int(NOW.timestamp())},v1=")
    assert delivery.headers == {
        "host": f"127.0.0.1:{receiver.port}",
        "content-length": str(len(delivery.body)),
        "content-type": "application/json",
        "user-agent": "tasktalk",
        "tasktalk-delivery": "w1.7",
    }


def example(name: str) -> str:
    found: list[str] = re.findall(r"```python\n(.+?)```", DOCUMENTATION.read_text(), re.DOTALL)
    return next(each for each in found if name in each)


async def test_the_receiver_of_the_documentation_takes_each_event_once(receiver: Receiver) -> None:
    secret = made_secret()
    code: dict[str, Any] = {"SECRET": secret}
    exec(example("standardwebhooks"), code)
    for each in [await delivered(receiver, secret) for _ in range(2)]:
        code["received"](each.headers, each.body)
    assert code["events"] == [receiver.deliveries[0].event]
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        code["received"](receiver.deliveries[0].headers, b"{}")


async def test_receivers_can_tell_by_the_code_of_the_documentation(receiver: Receiver) -> None:
    async with sender(now=datetime.now(UTC)) as made:
        await made.send(hook(receiver.url), EVENT)
    [delivery] = receiver.deliveries
    code: dict[str, Any] = {"hmac": hmac, "hashlib": hashlib, "time": time}
    exec(example("is_from_tasktalk"), code)
    signature = delivery.headers["tasktalk-signature"]
    assert code["is_from_tasktalk"]("whsec_x", signature, delivery.body)
    assert not code["is_from_tasktalk"]("whsec_y", signature, delivery.body)
    assert not code["is_from_tasktalk"]("whsec_x", signature, delivery.body + b" ")
    assert not code["is_from_tasktalk"]("whsec_x", signature.replace("t=1", "t=2"), delivery.body)


async def delivered(receiver: Receiver, secret: str, now: datetime | None = None) -> Delivery:
    async with sender(now=now or datetime.now(UTC)) as made:
        await made.send(hook(receiver.url, secret), EVENT)
    return receiver.deliveries[-1]


def made_secret() -> str:
    return f"whsec_{b64encode(token_bytes(32)).decode()}"


async def test_receivers_can_tell_by_the_library_of_standard_webhooks(receiver: Receiver) -> None:
    for secret in (made_secret() for _ in range(20)):
        delivery = await delivered(receiver, secret)
        assert standardwebhooks.Webhook(secret).verify(delivery.body, delivery.headers) == delivery.event
        for wrong, body in ((made_secret(), delivery.body), (secret, delivery.body + b" ")):
            with pytest.raises(standardwebhooks.WebhookVerificationError):
                standardwebhooks.Webhook(wrong).verify(body, delivery.headers)


async def test_an_event_that_is_sent_again_has_the_same_id_and_a_time_of_its_own(receiver: Receiver) -> None:
    secret, now = made_secret(), datetime.now(UTC)
    first, second = [await delivered(receiver, secret, now + timedelta(seconds=each)) for each in (0, 60)]
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == "w1_7"
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 60
    for each in (first, second):
        standardwebhooks.Webhook(secret).verify(each.body, each.headers)


@pytest.mark.parametrize("text", ["A" * 43, "b+/" * 14 + "c", "abcd" * 8])
async def test_a_secret_of_before_that_happens_to_be_base64_is_taken_by_the_library_too(
    receiver: Receiver, text: str
) -> None:
    delivery = await delivered(receiver, f"whsec_{text}")
    standardwebhooks.Webhook(f"whsec_{text}").verify(delivery.body, delivery.headers)


@pytest.mark.parametrize("secret", ["whsec_-" + "a" * 42, "whsec_" + "a_" * 21 + "a", "whsec_x", "whsec_", "whsec_é"])
async def test_any_other_secret_of_before_signs_our_own_header_alone(receiver: Receiver, secret: str) -> None:
    delivery = await delivered(receiver, secret)
    assert delivery.is_signed(secret)
    assert not any(name.startswith("webhook-") for name in delivery.headers)


async def test_the_status_is_what_comes_back_and_a_redirect_is_not_followed(receiver: Receiver) -> None:
    async with Receiver() as elsewhere, sender() as made:
        receiver.answers = [reply(307, Location=elsewhere.url), 500, reply(200, "ok")]
        assert [await made.send(hook(receiver.url), EVENT) for _ in range(3)] == [307, 500, 200]
        assert elsewhere.deliveries == []


async def test_a_cookie_is_not_kept(receiver: Receiver) -> None:
    receiver.answers = [reply(200, **{"Set-Cookie": "a=b; Path=/"})]
    async with sender() as made:
        for _ in range(2):
            await made.send(hook(receiver.url), EVENT)
    assert "cookie" not in receiver.deliveries[1].headers


async def test_a_proxy_of_the_environment_is_not_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with sender() as made:
        assert await made.send(hook(receiver.url), EVENT) == 204


@pytest.mark.parametrize("rest", [b"x" * 2**26, b""], ids=["huge", "endless"])
async def test_a_body_is_neither_read_nor_waited_for(receiver: Receiver, rest: bytes) -> None:
    receiver.answers = [reply(200, **{"Content-Length": str(2**40)}) + rest]
    began = time.perf_counter()
    async with sender() as made:
        assert await made.send(hook(receiver.url), EVENT) == 200
    assert time.perf_counter() - began < 5


async def test_who_does_not_answer_is_given_up(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "SEND_SECONDS", 0.2)
    receiver.answers = [None]
    assert "did not answer within" in await refusal(receiver.url)
    assert len(receiver.deliveries) == 1


async def test_headers_that_drip_or_never_end_are_given_up(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "SEND_SECONDS", 0.5)
    receiver.answers = [b"HTTP/1.1 200 OK\r\nA: b", b"HTTP/1.1 200 OK\r\nA: " + b"b" * 2**20]
    assert "did not answer within" in await refusal(receiver.url)
    assert "not HTTP" in await refusal(receiver.url)


async def test_what_is_not_http_or_breaks_off_is_told_as_that(receiver: Receiver) -> None:
    receiver.answers = [b"SSH-2.0-OpenSSH\r\n\r\n"]
    assert "not HTTP" in await refusal(receiver.url)


async def test_a_closed_port_is_told_as_that() -> None:
    async with Receiver() as gone:
        pass
    assert "No connection could be made" in await refusal(gone.url)


async def test_a_name_that_leads_nowhere_is_told_as_that(receiver: Receiver) -> None:
    for error in (OSError("Errno -2"), UnicodeError("label too long")):
        assert "address" in await refusal("http://hook.example/", error)


LEADS_INSIDE = [["127.0.0.1"], ["10.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["fe80::1%2"], [PUBLIC, "127.0.0.1"]]


@pytest.mark.parametrize("addresses", LEADS_INSIDE)
async def test_in_production_a_name_that_leads_to_a_private_address_is_refused(
    receiver: Receiver, addresses: list[str]
) -> None:
    url = f"https://hook.example:{receiver.port}/"
    assert "private or reserved address" in await refusal(url, addresses, public=True)
    assert receiver.deliveries == []


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f000001"])
async def test_in_production_other_spellings_of_loopback_are_refused_too(receiver: Receiver, host: str) -> None:
    """With the system's own look-up, which needs no network for these."""
    assert "private or reserved address" in await refusal(f"https://{host}:{receiver.port}/", public=True)
    assert receiver.deliveries == []


async def test_an_address_from_before_production_is_refused_when_it_is_used(receiver: Receiver) -> None:
    assert "must start with https://" in await refusal(receiver.url, public=True)


async def test_the_connection_goes_to_the_address_that_was_looked_at_whatever_the_name_says_next() -> None:
    """The name is asked for once: the first answer is checked, and is where the connection goes."""
    names = Names(["127.0.0.1"], ["127.0.0.2"])
    async with Receiver() as first, sender(names=HostNames(names)) as made:
        url = f"http://hook.example:{first.port}/hook"
        assert await made.send(hook(url), EVENT) == 204
    assert names.asked == [("hook.example", first.port)]
    assert [each.headers["host"] for each in first.deliveries] == [f"hook.example:{first.port}"]


async def test_each_sending_looks_again_and_makes_a_connection_of_its_own() -> None:
    names = Names(["127.0.0.1"], ["127.0.0.2"])
    async with Receiver() as first, sender(names=HostNames(names)) as made:
        url = f"http://hook.example:{first.port}/hook"
        assert await made.send(hook(url), EVENT) == 204
        with pytest.raises(Undelivered, match="No connection"):
            await made.send(hook(url), EVENT)


async def test_the_next_address_is_tried_where_the_first_takes_no_connection(receiver: Receiver) -> None:
    async with sender(["127.0.0.2", "127.0.0.1"]) as made:
        assert await made.send(hook(f"http://hook.example:{receiver.port}/"), EVENT) == 204


async def test_a_certificate_is_checked_for_the_name_and_not_for_the_address(tmp_path: Path) -> None:
    theirs, ours = certified(tmp_path, "hook.example")
    async with Receiver(theirs) as receiver:
        async with sender(["127.0.0.1"], tls=ours) as made:
            assert await made.send(hook(f"https://hook.example:{receiver.port}/"), EVENT) == 204
        assert "certificate" in await refusal(f"https://other.example:{receiver.port}/", ["127.0.0.1"], tls=ours)
        assert "certificate" in await refusal(f"https://hook.example:{receiver.port}/", ["127.0.0.1"])
        assert len(receiver.deliveries) == 1


async def test_many_are_sent_at_once(receiver: Receiver) -> None:
    async with sender() as made:
        answers = await asyncio.gather(*(made.send(hook(receiver.url), EVENT) for _ in range(20)))
    assert answers == [204] * 20
