"""The application that a server runs: `tasktalk serve`, or `uvicorn --factory bootstrap.asgi:create`. With uvicorn, add
`--http adapters.http.internals.uvicorn_protocol:BoundedHttp`, or the size of headers has no limit."""

import asyncio
import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from inspect import isawaitable
from types import FrameType

from litestar import Litestar
from litestar.types import ASGIApp

from adapters.http.app import create_app
from adapters.http.server.addresses import TrustedProxies
from adapters.http.server.admission import Admission, kinds
from adapters.http.server.clients import Clients
from adapters.http.server.concurrency_limits import ConcurrencyLimits
from adapters.http.server.outer_middleware import OuterMiddleware
from adapters.http.server.probes import Probes
from bootstrap import logs
from bootstrap.configuration.settings import Settings, load
from bootstrap.container import Container, now
from bootstrap.internals.lean_imports import without

SWITCH_SECONDS = 0.001
"""The longest time that a thread that parses a file may delay the event loop. CPython's default is five times that."""
GARBAGE_AT = 10_000
"""New objects after which garbage is looked for. With CPython's default of 700, a list of tasks takes 3 % more
instructions."""


def create() -> ASGIApp:
    settings = load()
    sys.setswitchinterval(SWITCH_SECONDS)
    logs.configure(settings.log_level, json=settings.is_production, file=settings.log_file)
    _end_with_parent()
    app = served(settings)
    gc.collect()
    gc.set_threshold(GARBAGE_AT)
    gc.freeze()  # what is here now stays: looking through it again and again would stop everybody for a moment
    return app


def served(settings: Settings) -> OuterMiddleware:
    app = build(settings)
    clients = Clients(TrustedProxies(settings.trusted_proxies))
    admission = Admission(app, limits(settings), kinds(app), clients, app.cors_config)
    return OuterMiddleware(Probes(admission, now))


def limits(settings: Settings) -> ConcurrencyLimits:
    return ConcurrencyLimits.sized(
        settings.requests_waiting,
        settings.user_share,
        requests=settings.pool_size,
        uploads=settings.uploads_at_once,
        turns=settings.turns_at_once,
        streams=settings.streams_at_once,
        exports=settings.exports_at_once,
    )


def build(settings: Settings) -> Litestar:
    container = Container(settings=settings)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        clock = container.clock()
        await clock.start()
        for loop in (clock, *container.workers(), container.revocations(), container.connection_revocations()):
            container.background().run_forever(loop.run())
        try:
            with _on_shutdown_signal(container.change_log().end_feeds):
                yield
        finally:
            await close(container)

    services, authenticator, mcp = container.services(), container.authenticator(), container.mcp()
    with without("attr", "pydantic"):  # Litestar would load what it can do for their types
        return create_app(services, authenticator, settings.cors_origins, [lifespan], mcp)


@contextmanager
def _on_shutdown_signal(act: Callable[[], None]) -> Iterator[None]:
    """Calls `act` at SIGTERM and SIGINT. uvicorn closes the application after all responses have ended, and some have
    no end."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    if threading.current_thread() is not threading.main_thread():
        handlers.clear()
    loop = asyncio.get_running_loop()

    def act_first(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(act)
        if callable(handler := handlers[signal.Signals(number)]):
            handler(number, frame)

    for number in handlers:
        signal.signal(number, act_first)
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def _end_with_parent() -> None:
    """Ends a worker if its supervisor is killed, since it would keep the port and the embedded PostgreSQL."""
    if (parent := multiprocessing.parent_process()) is None:
        return

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


async def close(container: Container) -> None:
    """Closes all that runs or holds connections or threads. The database is last, as the others may need it."""
    needed = (
        container.background,
        container.wakeups,
        container.model,
        container.mailer,
        container.webhook_sender,
        container.push_post,
    )
    stores = (container.rate_storage, container.database)
    for provider in (*needed, container.foreign_tokens, container.public_documents, container.passwords, *stores):
        if isawaitable(ending := getattr(provider(), "close", lambda: None)()):
            await ending
