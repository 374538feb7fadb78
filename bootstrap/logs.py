"""One pipeline for our logs and those of libraries: readable lines in development, JSON in production and files.
Tracebacks leave out the values of variables, since those may be passwords and tokens."""

import logging
import logging.handlers
import sys
from pathlib import Path
from typing import Any

import structlog

from bootstrap.configuration.reader import SettingsError

QUIET = ("alembic.runtime.plugins", "httpx", "httpx2", "httpcore", "httpcore2", "openai", "asyncio", "multipart", "mcp")
MIGRATIONS = "alembic.runtime.migration"
"""It logs each migration: for those who run a server, and not for a person who starts one for the first time."""

FOR_OPERATORS = ("alembic.runtime.migration", "uvicorn.error")
"""What they say of a start that goes well is of interest where logs are kept."""

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure(level: str, *, json: bool, file: Path | None = None) -> None:
    """Logs to standard error, and as JSON to `file`, which may be moved away at any time. Raises `SettingsError` if the
    file can't be written."""
    handlers: list[logging.Handler] = [_with(logging.StreamHandler(sys.stderr), _json() if json else _console())]
    if file is not None:
        handlers.append(_with(_opened(file), _json()))
    logging.basicConfig(level=level, handlers=handlers, force=True)
    for name in (*QUIET, *(() if json else FOR_OPERATORS)):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    logging.getLogger(MIGRATIONS).setLevel(logging.NOTSET if json or level == "DEBUG" else logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _opened(file: Path) -> logging.Handler:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return logging.handlers.WatchedFileHandler(file)
    except OSError as error:
        raise SettingsError(f"LOG_FILE is {file}, {error.strerror}: write the path of a file we may write") from None


def _with(handler: logging.Handler, renderers: list[Any]) -> logging.Handler:
    renderers = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=renderers, foreign_pre_chain=SHARED))
    return handler


def _console() -> list[Any]:
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0, exception_formatter=plain)]


def _json() -> list[Any]:
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
