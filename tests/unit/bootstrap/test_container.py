import json
import logging
import secrets
from pathlib import Path

import pytest
import structlog

from adapters.language_models.builtin import BuiltinAssistant
from adapters.language_models.openai.openai_chat import OpenAIChat
from adapters.mail import LoggedMailer, SmtpMailer
from adapters.postgres.rate_limits import PostgresStorage
from adapters.rate_limits import Redis
from bootstrap import logs
from bootstrap.asgi import build, close
from bootstrap.configuration.settings import Settings, load
from bootstrap.container import Container

NEEDED = {"DATABASE_URL": "postgresql://127.0.0.1:1/none", "BETTER_AUTH_SECRET": secrets.token_urlsafe(48)}


def settings(**environ: str) -> Settings:
    return load(NEEDED | environ)


@pytest.mark.parametrize(
    ("environ", "kinds"),
    [
        ({}, [BuiltinAssistant, LoggedMailer, PostgresStorage]),
        ({"OPENAI_API_KEY": "sk-x", "SMTP_URL": "smtp://mail.example.com"}, [OpenAIChat, SmtpMailer, PostgresStorage]),
        ({"AUTH_ISSUERS": "https://a.example"}, [BuiltinAssistant, LoggedMailer, PostgresStorage]),
        ({"OPENAI_BASE_URL": "http://h/v1", "RATE_LIMIT_STORAGE": "redis://h"}, [OpenAIChat, LoggedMailer, Redis]),
    ],
)
async def test_every_provider_can_be_built_and_closed(environ: dict[str, str], kinds: list[type]) -> None:
    container = Container(settings=settings(**environ))
    built = {name: provider() for name, provider in container.providers.items()}
    assert [type(built[name]) for name in ("model", "mailer", "rate_storage")] == kinds
    assert build(container.settings()).routes
    await close(container)


@pytest.mark.usefixtures("own_logging")
@pytest.mark.parametrize("as_json", [True, False])
def test_lines_of_libraries_and_ours_carry_the_request_and_no_variables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    logs.configure("INFO", json=as_json, file=tmp_path / "logs" / "app.log")
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        structlog.stdlib.get_logger("ours").info("request", status=200)
        try:
            password = "hunter2"
            raise ValueError(len(password))
        except ValueError:
            logging.getLogger("theirs").exception("failed")
    shown = capsys.readouterr().err
    ours, theirs = map(json.loads, (tmp_path / "logs" / "app.log").read_text().splitlines())
    assert (ours["event"], ours["status"], ours["request_id"], ours["level"]) == ("request", 200, "abc", "info")
    assert (theirs["event"], theirs["request_id"], theirs["level"]) == ("failed", "abc", "error")
    assert "ValueError: 7" in theirs["exception"]
    assert shown.count("abc") == 2
    assert "hunter2" not in shown + str(theirs)
    assert shown.startswith("{") is as_json
