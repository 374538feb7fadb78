"""By which address `/mcp` is called: what it says of itself, and who may call it by that name."""

from typing import Any

import pytest

from tests.http.conftest import ORIGIN, Api
from tests.mcp.conftest import Mcp

METADATA = "/.well-known/oauth-protected-resource/mcp"
NGINX = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "todo.example.net"}


@pytest.mark.parametrize(
    ("proxies", "headers", "base"),
    [
        (("127.0.0.1",), NGINX, "https://todo.example.net"),
        (("127.0.0.1",), {"X-Forwarded-Proto": "https", "Host": "Todo.Example.Net:443"}, "https://todo.example.net"),
        (("127.0.0.1",), {"X-Forwarded-Proto": "https, http", "Host": "a.example:8443"}, "https://a.example:8443"),
        (("127.0.0.1",), {"X-Forwarded-Proto": "gopher", "Host": "test"}, "http://test"),
        (("127.0.0.1",), {"X-Forwarded-Host": 'x"y', "Host": "test"}, "http://localhost"),
        (("10.0.0.0/8",), NGINX, "http://test"),
        ((), NGINX, "http://test"),
    ],
)
async def test_a_trusted_proxy_says_by_which_address_we_were_called(
    proxies: tuple[str, ...], headers: dict[str, str], base: str
) -> None:
    api = Api(proxies=proxies)
    assert (await api("GET", METADATA, headers=headers)).json()["resource"] == f"{base}/mcp"
    refused = await api("POST", "/mcp", headers=headers)
    assert f'resource_metadata="{base}{METADATA}"' in refused.headers["WWW-Authenticate"]
    await api.client.aclose()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (NGINX, 200),
        ({**NGINX, "Origin": "https://todo.example.net"}, 200),
        ({**NGINX, "Origin": "http://todo.example.net"}, 403),
        ({**NGINX, "Origin": "https://evil.example"}, 403),
        ({**NGINX, "X-Forwarded-Proto": "http"}, 421),
        ({"Host": "todo.example.net"}, 421),
    ],
)
async def test_without_a_public_url_a_name_that_a_trusted_proxy_has_a_certificate_for_is_ours(
    headers: dict[str, str], status: int
) -> None:
    api = Api(proxies=("127.0.0.1",))
    api.headers = await api.sign_up("ann")
    async with api.mcp.running(api.app):
        given: dict[str, Any] = {name.replace("-", "_"): value for name, value in headers.items()}
        assert (await Mcp(api).send("tools/list", **given)).status_code == status
    await api.client.aclose()


async def test_hosts_are_compared_without_case_and_default_ports(mcp: Mcp) -> None:
    for host in ("tasks.example.com", "Tasks.Example.COM", "tasks.example.com:443", "tasks.example.com:80"):
        assert (await mcp.send("tools/list", Host=host)).status_code == 200
    for host in ("localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000", "[::1]"):
        assert (await mcp.send("tools/list", Host=host)).status_code == 200
    for host in ("tasks.example.com:444", "127.0.0.1.evil.example", "localhost.evil.example:8000", "[::2]"):
        assert (await mcp.send("tools/list", Host=host)).status_code == 421


async def test_pages_are_compared_without_case_and_default_ports(mcp: Mcp) -> None:
    for origin in ("https://tasks.example.com", "https://TASKS.example.com:443", ORIGIN):
        assert (await mcp.send("tools/list", Origin=origin)).status_code == 200
