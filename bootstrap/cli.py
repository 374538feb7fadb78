"""The `tasktalk` command. A command imports slow modules only when it runs."""

import argparse
import asyncio
import json
import os
import secrets
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NoReturn

from bootstrap import listening, logs
from bootstrap.configuration.reader import SettingsError
from bootstrap.configuration.settings import Settings, load
from bootstrap.postgres.postgres_wheel import DevDatabaseError
from domain.errors import Refusal

DESCRIPTORS = 65_536


class CommandError(Exception):
    """The message is one line: the problem and what to do."""


def main(arguments: Sequence[str] | None = None) -> None:
    args = parser().parse_args(arguments)
    for name in ("SIGTERM", "SIGHUP"):
        if number := getattr(signal, name, None):
            signal.signal(number, _leave)
    try:
        args.run(args)
    except (SettingsError, DevDatabaseError, CommandError, Refusal) as error:
        sys.exit(f"tasktalk: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


def serve(args: argparse.Namespace) -> None:
    sockets = _open_sockets(args.host, args.port)
    _raise_descriptors()
    settings = _settings()
    logs.configure(settings.log_level, json=settings.is_production, file=settings.log_file)
    from bootstrap.postgres.configured_database import migrate_or_retry_in_background, with_database
    from bootstrap.web_server import run

    if not settings.database_url:
        print(f"Starting PostgreSQL in {settings.data_place} …", flush=True)
    with with_database(settings) as settings:
        if args.migrate:
            migrate_or_retry_in_background(settings)
        _announce(settings, listening.url(args.host, listening.port_of(sockets)))
        run(sockets, workers=args.workers, reload=args.reload, keep_alive_seconds=settings.keep_alive_seconds)


def migrate(_: argparse.Namespace) -> None:
    from bootstrap.postgres.configured_database import migrated, with_database

    with with_database(_settings()) as settings:
        print(f"The database is at migration {asyncio.run(migrated(settings))}.")


def chat(args: argparse.Namespace) -> None:
    from bootstrap.terminal_chat import in_process, over_http

    message = " ".join(args.message)
    if args.server:
        print(over_http(args.server, args.token or os.environ.get("TASKTALK_TOKEN"), message))
        return
    from bootstrap.postgres.configured_database import migrated, with_database

    with with_database(_settings()) as settings:
        asyncio.run(migrated(settings))
        print(asyncio.run(in_process(settings, message)))


def mcp(args: argparse.Namespace) -> None:
    """Prints nothing on standard output, which belongs to the protocol."""
    token = args.token or os.environ.get("TASKTALK_TOKEN")
    if args.server:
        from adapters.mcp.relay import relay

        relay(args.server, token)
        return
    from bootstrap.postgres.configured_database import migrated, with_database
    from bootstrap.stdio_mcp import serve as serve_mcp

    settings = _settings()
    logs.configure(settings.log_level, json=settings.is_production, file=settings.log_file)
    with with_database(settings) as settings:
        asyncio.run(migrated(settings))
        asyncio.run(serve_mcp(settings, token))


def openapi(_: argparse.Namespace) -> None:
    from adapters.http.pages.openapi import openapi_document
    from bootstrap.asgi import build

    needs_nothing = {"DATABASE_URL": "postgresql://localhost/none", "BETTER_AUTH_SECRET": secrets.token_urlsafe(48)}
    document = json.loads(openapi_document(build(load(needs_nothing))))
    print(json.dumps(document, indent=2, ensure_ascii=False))


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="tasktalk", description="A todo service that people and AI assistants share.")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    one = _command(commands, "serve", serve, "Migrate the database, then serve the API.")
    one.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    one.add_argument("--port", type=int, default=8000, help="0 takes a free one (default: %(default)s)")
    one.add_argument("--workers", type=_positive, default=1, help="processes (default: %(default)s)")
    one.add_argument("--reload", action="store_true", help="start again when the code changes; one process")
    one.add_argument("--no-migrate", dest="migrate", action="store_false", help="leave the schema as it is")

    _command(commands, "migrate", migrate, "Bring the database to the newest schema.")
    _command(commands, "openapi", openapi, "Print the OpenAPI document.")

    one = _command(commands, "mcp", mcp, "The tools over standard input and output, for an MCP client on this machine.")
    one.add_argument("--server", metavar="URL", help="where they are kept (default: on this machine)")
    one.add_argument("--token", help="an API token; $TASKTALK_TOKEN is read too (default: the local user)")

    one = _command(commands, "chat", chat, "Tell the assistant something, as the local user or over HTTP.")
    one.add_argument("message", nargs="+", help="for example: Add a task to buy groceries")
    one.add_argument("--server", metavar="URL", help="a running server, such as http://127.0.0.1:8000")
    one.add_argument("--token", help="from sign-up or sign-in, or an API token; $TASKTALK_TOKEN is read too")
    return whole


def _command(commands: Any, name: str, run: Any, text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    command.set_defaults(run=run)
    return command


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return int(text)


def _leave(number: int, _: Any) -> NoReturn:
    """Unwinds the stack as Ctrl-C does, so that the embedded PostgreSQL is stopped."""
    raise SystemExit(128 + number)


def _settings() -> Settings:
    settings = load()
    for hint in settings.hints:
        print(f"tasktalk: {hint}", file=sys.stderr)
    return settings


def _open_sockets(host: str, port: int) -> list[socket.socket]:
    """Opens the sockets before anything else starts, so that a used port is reported early and in one line."""
    try:
        return listening.listen(host, port)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(f"can't listen on {host}:{port}: {reason}. Choose another with --host or --port.") from None


def _raise_descriptors() -> None:
    """Each socket needs a file descriptor, and many streams or half-open sockets use up the default."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        given, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        if given != resource.RLIM_INFINITY and given < DESCRIPTORS:
            wanted = DESCRIPTORS if most == resource.RLIM_INFINITY else min(most, DESCRIPTORS)
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _announce(settings: Settings, here: str) -> None:
    built_in = "built in; set OPENAI_API_KEY or OPENAI_BASE_URL for a language model"
    print(
        f"tasktalk is at   {here}",
        f"API pages        {here}/docs and {here}/redoc",
        f"Data             {settings.data_place}",
        f"Assistant        {settings.openai_model if settings.has_model else built_in}",
        *addresses(settings, here),
        sep="\n",
        flush=True,
    )


def addresses(settings: Settings, here: str) -> list[str]:
    """Returns the lines about MCP and mails, which both need the public address of this server."""
    proxied = "; elsewhere by the names that a trusted proxy serves by https (PUBLIC_URL names one)"
    shut = "; shut elsewhere: set PUBLIC_URL to the address of the world outside, such as https://tasks.example.com"
    unnamed = "" if settings.public_url or not settings.is_public else proxied if settings.trusted_proxies else shut
    lines = [f"MCP              {settings.public_url or here}/mcp{unnamed}"]
    if settings.frontend_url is None:
        lines.append("Mails            not sent, as their links have no address: set PUBLIC_URL, or FRONTEND_URL")
    return lines
