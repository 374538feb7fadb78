"""The application that a server runs: `uvicorn --factory bootstrap.asgi:create`, or `tasktalk serve`."""

import asyncio
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from inspect import isawaitable
from types import FrameType

from litestar import Litestar
from litestar.types import ASGIApp

from adapters.http.app import create_app
from adapters.http.edge import Edge
from bootstrap import logs
from bootstrap.container import Container
from bootstrap.settings import Settings, load


def create() -> ASGIApp:
    settings = load()
    logs.configure(settings.log_level, json=settings.is_production, file=settings.log_file)
    _end_with_parent()
    app = Edge(build(settings))
    gc.collect()
    gc.freeze()  # what is here now stays: looking through it again and again would stop everybody for a moment
    return app


def build(settings: Settings) -> Litestar:
    container = Container(settings=settings)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        for endless in (container.housekeeping(), container.deliveries()):
            container.background().keep_up(endless.run())
        try:
            with _when_told_to_end(container.change_log().end_feeds):
                yield
        finally:
            await close(container)

    return create_app(container.services(), container.identity(), settings.cors_origins, [lifespan], container.mcp())


@contextmanager
def _when_told_to_end(act: Callable[[], None]) -> Iterator[None]:
    """uvicorn closes the application when all answers are over, and some of them have no end."""
    handler, loop = signal.getsignal(signal.SIGTERM), asyncio.get_running_loop()
    if not callable(handler) or threading.current_thread() is not threading.main_thread():
        yield
        return

    def act_first(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(act)
        handler(number, frame)

    signal.signal(signal.SIGTERM, act_first)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, handler)


def _end_with_parent() -> None:
    """A worker whose supervisor was killed would hold the port, and outlive the embedded PostgreSQL."""
    if (parent := multiprocessing.parent_process()) is None:
        return

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


async def close(container: Container) -> None:
    """Ends what runs or holds connections or threads; the database last, as the others may still need it."""
    needed = (container.background, container.wakeups, container.model, container.mailer, container.webhook_sender)
    for provider in (*needed, container.passwords, container.rate_storage, container.database):
        if isawaitable(ending := getattr(provider(), "close", lambda: None)()):
            await ending
