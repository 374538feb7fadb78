"""Runs uvicorn on open sockets, in one process or several."""

import socket
import sys
from collections.abc import Sequence
from contextlib import suppress

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import ChangeReload, Multiprocess

DRAIN_SECONDS = 6
"""The time for running requests. With the time for closing, it fits into the ten seconds that containers get."""
SOURCES = ["domain", "application", "adapters", "bootstrap"]


def run(sockets: Sequence[socket.socket], *, workers: int, reload: bool, keep_alive_seconds: int) -> None:
    config = uvicorn.Config(
        "bootstrap.asgi:create",
        factory=True,
        http="adapters.http.internals.uvicorn_protocol:BoundedHttp",
        workers=1 if reload else workers,
        reload=reload,
        reload_dirs=SOURCES if reload else None,
        reload_includes=["*.js", "*.css", "*.html"] if reload else None,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=keep_alive_seconds,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    with suppress(KeyboardInterrupt):  # uvicorn has ended in order by then
        _run(config, sockets)


def _run(config: uvicorn.Config, sockets: Sequence[socket.socket]) -> None:
    if config.should_reload:
        ChangeReload(config, target=uvicorn.Server(config).run, sockets=list(sockets)).run()
    elif config.workers > 1:
        Multiprocess(config, sockets=list(sockets)).run()
    else:
        _run_here(config, sockets)


def _run_here(config: uvicorn.Config, sockets: Sequence[socket.socket]) -> None:
    config.load_app()
    server = uvicorn.Server(config)
    server.run(sockets=list(sockets))
    if not server.started:
        sys.exit(STARTUP_FAILURE)
