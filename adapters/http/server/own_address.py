import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from litestar.datastructures import Headers
from litestar.types import Scope

from adapters.http.server.addresses import TrustedProxies

HOST = re.compile(r"(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
DEFAULT_PORTS = (":80", ":443")
SECURE = "https"


@dataclass(frozen=True, slots=True)
class OwnAddress:
    """Without a `public_url`, the address in the request is used; trusted `proxies` may forward another.

    `origins` are the pages that may call; `*` allows all. If it `is_public`, pages on the local machine may not.
    """

    public_url: str | None = None
    origins: Sequence[str] = ()
    proxies: TrustedProxies = field(default_factory=TrustedProxies)
    hosts: Sequence[str] = LOOPBACK
    is_public: bool = False
    trusts_proxied_hosts: bool = False
    """If true, a host that a trusted proxy serves over https is accepted, since the proxy has a certificate for it."""

    def base(self, scope: Scope) -> str:
        if self.public_url:
            return self.public_url
        scheme, host = self._requested_address(scope)
        return f"{scheme}://{host if HOST.fullmatch(host) else LOOPBACK[0]}"

    def is_ours(self, scope: Scope) -> bool:
        """Returns whether `Host` names this server. A foreign name may be an attack by DNS rebinding."""
        scheme, host = self._requested_address(scope)
        if self._is_named(host):
            return True
        return (
            self.trusts_proxied_hosts
            and scheme == SECURE
            and self._is_from_trusted_proxy(scope)
            and bool(HOST.fullmatch(host))
        )

    def is_own_page(self, scope: Scope) -> bool:
        """Returns whether the origin of the request is allowed to call: our own page, or one of the configured origins.
        A request without an origin is allowed."""
        origin = _one(scope, "origin").lower()
        if not origin or origin in self.origins or "*" in self.origins:
            return True
        scheme, _, host = origin.partition("://")
        if scheme not in ("http", SECURE):
            return False
        return self._is_own_page_host(plain(host)) or (scheme, plain(host)) == self._requested_address(scope)

    def _is_own_page_host(self, host: str) -> bool:
        return self._is_public_host(host) or (not self.is_public and self._is_named(host))

    def _is_named(self, host: str) -> bool:
        return self._is_public_host(host) or host in self.hosts or re.sub(r":[0-9]+$", "", host) in LOOPBACK

    def _is_public_host(self, host: str) -> bool:
        return self.public_url is not None and host == plain(urlsplit(self.public_url).netloc)

    def _requested_address(self, scope: Scope) -> tuple[str, str]:
        scheme, host = scope.get("scheme", "http"), _one(scope, "host")
        if self._is_from_trusted_proxy(scope):
            scheme = _one(scope, "x-forwarded-proto").lower() or scheme
            host = _one(scope, "x-forwarded-host") or host
        return SECURE if scheme == SECURE else "http", plain(host)

    def _is_from_trusted_proxy(self, scope: Scope) -> bool:
        client = scope.get("client")
        return self.proxies.trusts(client[0] if client else None)


def plain(host: str) -> str:
    """Returns the host as it is compared: in lower case, without a default port."""
    host = host.strip().lower()
    for port in DEFAULT_PORTS:
        host = host.removesuffix(port)
    return host


def _one(scope: Scope, name: str) -> str:
    """Returns the first value of the header. The proxy that is closest to the client has written it."""
    return Headers.from_scope(scope).get(name, "").partition(",")[0].strip()
