"""Web Push, received by a push service and a browser of our own: RFC 8030, 8188, 8291 and 8292."""

import json
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from jose import jwt

from adapters.push.encryption import MAX_TEXT_BYTES, encrypted
from adapters.push.sender import HttpPush
from adapters.push.vapid import Vapid, key_from
from adapters.webhooks.checked_post import CheckedPost
from domain.errors import Invalid
from domain.webhooks.webhook import Undelivered
from tests.servers.push_service import NOW, Browser, PushService, running, text_of

TEXT = json.dumps({"title": "Call the vet 🐈"}).encode()


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with running() as service:
        yield service


def vapid() -> Vapid:
    return Vapid(key_from("a secret"), "mailto:ops@example.com")


async def sent(service: PushService, browser: Browser, text: bytes = TEXT, *, public: bool = False) -> int:
    post = CheckedPost(public=public)
    try:
        push = HttpPush(post, vapid(), lambda: NOW)
        return await push.send(browser.subscription(f"http://127.0.0.1:{service.port}/send/abc"), text)
    finally:
        await post.close()


async def test_only_the_browser_can_read_what_the_push_service_gets(service: PushService) -> None:
    browser = Browser()
    assert await sent(service, browser) == 201
    [(headers, body)] = service.taken
    assert browser.read(body) == TEXT
    assert b"vet" not in body
    assert (headers["content-encoding"], headers["urgency"]) == ("aes128gcm", "high")
    assert 0 < int(headers["ttl"]) <= 28 * 24 * 3600
    with pytest.raises(InvalidTag):
        Browser().read(body)


async def test_the_push_service_sees_who_sends(service: PushService) -> None:
    await sent(service, Browser())
    scheme, _, rest = service.taken[0][0]["authorization"].partition(" ")
    parts = dict(part.split("=", 1) for part in rest.split(", "))
    assert (scheme, parts["k"]) == ("vapid", vapid().public_key)
    claims: dict[str, Any] = jwt.decode(
        parts["t"], jwk(parts["k"]), "ES256", audience=f"http://127.0.0.1:{service.port}"
    )
    assert claims["sub"] == "mailto:ops@example.com"
    assert NOW.timestamp() < claims["exp"] <= (NOW + timedelta(days=1)).timestamp()


def jwk(key: str) -> dict[str, str]:
    point = urlsafe_b64decode(key + "=")
    return {"kty": "EC", "crv": "P-256", "x": text_of(point[1:33]), "y": text_of(point[33:])}


async def test_each_message_has_a_key_and_a_salt_of_its_own() -> None:
    browser = Browser()
    bodies = {encrypted(TEXT, browser.public, browser.auth)[:86] for _ in range(3)}
    assert len(bodies) == 3


def test_a_message_fits_into_what_every_push_service_takes() -> None:
    browser = Browser()
    assert len(encrypted(b"x" * MAX_TEXT_BYTES, browser.public, browser.auth)) == 4096
    with pytest.raises(ValueError, match="too long"):
        encrypted(b"x" * (MAX_TEXT_BYTES + 1), browser.public, browser.auth)


async def test_a_push_service_in_our_own_network_is_not_reached(service: PushService) -> None:
    with pytest.raises(Undelivered):
        await sent(service, Browser(), public=True)
    assert service.taken == []


def test_all_servers_have_one_key_of_the_secret_and_another_secret_has_another() -> None:
    assert Vapid(key_from("a"), "mailto:x@example.com").public_key == Vapid(key_from("a"), "x").public_key
    assert key_from("a") != key_from("b")
    assert len(urlsafe_b64decode(vapid().public_key + "=")) == 65


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("p256dh", "AAAA"),
        ("p256dh", "!"),
        ("p256dh", "BP" + "A" * 85),
        ("auth", "AAAA"),
        ("endpoint", "http://push.example.com/x"),
        ("endpoint", "https://127.0.0.1/x"),
        ("endpoint", "https://169.254.169.254/x"),
    ],
)
def test_a_subscription_of_other_keys_or_addresses_is_refused(field: str, value: str) -> None:
    from dataclasses import replace

    good = Browser().subscription("https://push.example.com/send/abc")
    good.check(public=True)
    with pytest.raises(Invalid) as refusal:
        replace(good, **{field: value}).check(public=True)  # type: ignore[arg-type]
    assert [each.field for each in refusal.value.fields] == [field]
