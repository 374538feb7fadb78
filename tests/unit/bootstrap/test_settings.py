import re
import secrets
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from adapters.auth.issuers import Issuer
from adapters.mail import LoggedMailer, SmtpMailer
from bootstrap import cli, factories
from bootstrap.configuration.reader import SettingsError
from bootstrap.configuration.settings import Settings, load
from bootstrap.configuration.token_secret import weakness_of

SECRET = secrets.token_urlsafe(48)
DATABASE = "postgresql://ada:pa55w0rd@db.example.com/tasks"
PRODUCTION = {"ENVIRONMENT": "production", "BETTER_AUTH_SECRET": SECRET, "DATABASE_URL": DATABASE}


def loaded(**environ: str) -> Settings:
    return load({"BETTER_AUTH_SECRET": SECRET} | environ)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with none of our variables set."""
    monkeypatch.chdir(tmp_path)
    for name in {*PRODUCTION, "LOG_LEVEL", "OPENAI_MODEL", "OPENAI_API_KEY", "DATA_DIR"}:
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_nothing_needs_to_be_set(folder: Path) -> None:
    settings = load()
    assert settings.is_development
    assert settings.database_url is None
    assert settings.data_dir == folder / ".data"
    assert settings.data_place == str(folder / ".data" / "postgres")
    assert settings.cors_origins == ["http://localhost:3000", "http://localhost:5173"]
    assert settings.chat_limit == "20/minute"
    assert settings.access_token_minutes == 60
    assert settings.trusted_proxies == []
    assert settings.log_file is None
    assert not settings.has_model


def test_an_empty_value_is_as_good_as_none() -> None:
    names = ["DATABASE_URL", "OPENAI_BASE_URL", "ENVIRONMENT", "LOG_LEVEL", "CHAT_LIMIT", "SMTP_URL", "POOL_SIZE"]
    assert loaded(**dict.fromkeys(names, " ")) == loaded()


def test_dotenv_is_read_and_the_real_environment_wins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text("\ufeff# ours\nOPENAI_MODEL='a model'\nLOG_LEVEL=debug\nOPENAI_API_KEY=sk-1\n")
    monkeypatch.setenv("LOG_LEVEL", "error")
    monkeypatch.setenv("OPENAI_API_KEY", "")
    settings = load()
    assert (settings.openai_model, settings.log_level, settings.openai_api_key) == ("a model", "ERROR", None)


def test_a_dotenv_that_is_no_text_is_refused_in_one_line(folder: Path) -> None:
    (folder / ".env").write_bytes(b"OPENAI_MODEL=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"^\.env can't be read"):
        load()


@pytest.mark.parametrize("missing", ["DATABASE_URL", "BETTER_AUTH_SECRET"])
def test_production_starts_only_with_a_database_and_a_secret(missing: str) -> None:
    assert load(PRODUCTION).is_production
    with pytest.raises(SettingsError, match=f"^{missing} is missing: write "):
        load(PRODUCTION | {missing: ""})


def test_only_where_strangers_may_come_are_webhooks_kept_to_the_internet() -> None:
    environments = ["development", "test", "staging", "production"]
    assert [load(PRODUCTION | {"ENVIRONMENT": each}).is_public for each in environments] == [False, False, True, True]


WEAK = [
    "short",
    "your-super-secret-key-change-in-production",
    "your-256-bit-secret-your-256-bit-secret",
    "CHANGE_ME_change_me_CHANGE_ME_change_me_",
    "better-auth-secret-123456789012345678",
    "a" * 64,
    "ab12cd34" * 8,
    "abcabdabeabfabcabdabeabfabcabdabeabfg",
]


@pytest.mark.parametrize("secret", WEAK)
def test_a_weak_secret_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(PRODUCTION | {"BETTER_AUTH_SECRET": secret})
    assert str(caught.value).startswith("BETTER_AUTH_SECRET ")
    assert secret not in str(caught.value)


def test_random_secrets_are_strong() -> None:
    for make in (secrets.token_urlsafe, secrets.token_hex):
        assert not any(weakness_of(make(32)) for _ in range(500))


def test_the_secret_that_is_made_is_kept_for_the_owner_alone(folder: Path) -> None:
    first = load().better_auth_secret
    assert len(first) >= 32
    assert load().better_auth_secret == first
    assert stat.S_IMODE((folder / ".data" / "secret").stat().st_mode) == 0o600
    assert [each.name for each in (folder / ".data").iterdir()] == ["secret"]


def test_all_who_start_at_once_get_the_same_secret(folder: Path) -> None:
    environ = {"DATA_DIR": str(folder / "new")}
    with ThreadPoolExecutor(8) as pool:
        assert len({settings.better_auth_secret for settings in pool.map(load, [environ] * 32)}) == 1


def test_a_data_dir_that_is_none_is_named(folder: Path) -> None:
    (folder / "file").write_text("")
    with pytest.raises(SettingsError, match=r"^DATA_DIR can't be used \(.*/file: File exists\)"):
        load({"DATA_DIR": "file"})
    (folder / "secret").write_text("cut")
    with pytest.raises(SettingsError, match=r"^DATA_DIR has .*/secret, which is too short .*: delete that file"):
        load({"DATA_DIR": "."})


WRONG = {
    "ENVIRONMENT": ["prod", "production;"],
    "LOG_LEVEL": ["loud", "10"],
    "CHAT_LIMIT": ["20", "0/minute", "-1/minute", "20/fortnight", "many", "20/minute;x"],
    "RATE_LIMIT_STORAGE": ["memory://", "redis", "redis://", "redis://h:port", "http://h"],
    "POOL_SIZE": ["0", "ten", "1.5", "1001", "1_0"],
    "ACCESS_TOKEN_MINUTES": ["0", "-5", "999999999999"],
    "REFRESH_TOKEN_DAYS": ["0", "367"],
    "SIGNIN_LIMIT": ["10", "0/minute"],
    "SIGNUP_LIMIT": ["many"],
    "RESET_LIMIT": ["1/fortnight"],
    "TRUSTED_PROXIES": ["nginx", "127.0.0.1/33", "10.0.0.1/8", "*"],
    "MODEL_TIMEOUT_SECONDS": ["0", "inf", "nan"],
    "CONTEXT_TOKENS": ["12", "many", "16000,qwen3", "qwen3=1", "16000,qwen3=99999999999"],
    "OPENAI_BASE_URL": ["localhost:11434", "ftp://h/v1", "http://"],
    "PUBLIC_URL": [
        "https://a.example/tasks",
        "http://[::1]:8000/x/",
        "a.example",
        "https://a.example?x",
    ],
    "KEEP_ALIVE_SECONDS": ["0", "4.5", "3601"],
    "FRONTEND_URL": ["tasks.example.com", "javascript://x"],
    "CORS_ORIGINS": ["tasks.example.com", "https://a.example, b", "https://a.example/path", "https://a.example?x"],
    "AUTH_ISSUERS": [
        "app.example.com",
        "ftp://app.example.com",
        "https://",
        "https://app.example.com?x=1",
        "https://app.example.com#x",
        "https://ada:pa55w0rd@app.example.com",
        "audience=tasktalk",
        "audience=tasktalk,https://app.example.com",
        "https://app.example.com,jwks=https://app.example.com/jwks",
        "https://app.example.com,jwks_url=/jwks",
        "https://app.example.com,audience=",
        "https://app.example.com,audience=a,audience=",
        "https://app.example.com,scopes=everything",
        "https://app.example.com,jwks_url=https://a.example,jwks_url=https://b.example",
        "https://app.example.com,issuer=https://b.example",
        "https://app.example.com,owns_ids=perhaps",
        "https://app.example.com,https://app.example.com,audience=tasktalk",
        "https://a.example,owns_ids=true,https://b.example,owns_ids=true",
        '[{"issuer": "https://app.example.com"}]',
    ],
    "SMTP_URL": ["mail.example.com:587", "http://h", "smtp://"],
    "VAPID_PRIVATE_KEY": ["short", "é" * 43, "A" * 43],
    "VAPID_CONTACT": ["nobody", "me@example.com", "mailto:", "mailto:a b@example.com", "http://a.example"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_value_is_refused_in_one_line_that_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{name} \S.*: write [^\n]+$"):
        loaded(**{name: value})


MISSPELT = {
    "CHAT_LIMITS": "CHAT_LIMIT",
    "chat_limit": "CHAT_LIMIT",
    "CHATLIMIT": "CHAT_LIMIT",
    "CHAT_LIMTI": "CHAT_LIMIT",
    "DATABASE_URI": "DATABASE_URL",
    "DATABSE_URL": "DATABASE_URL",
    "CORS_ORIGIN": "CORS_ORIGINS",
    "TRUSTED_PROXY": "TRUSTED_PROXIES",
    "OPEN_AI_API_KEY": "OPENAI_API_KEY",
    "MODEL_TIMEOUT": "MODEL_TIMEOUT_SECONDS",
    "KEEP_ALIVE": "KEEP_ALIVE_SECONDS",
    "ACCESS_TOKEN_MINUETS": "ACCESS_TOKEN_MINUTES",
    "RATE_LIMITS_STORAGES": "RATE_LIMIT_STORAGE",
}


@pytest.mark.parametrize(("name", "meant"), MISSPELT.items())
def test_a_misspelt_setting_is_named_and_stops_nothing(name: str, meant: str) -> None:
    assert loaded(**{name: "pa55w0rd"}).hints == (f"{name} is no setting and is not read: did you mean {meant}?",)


def test_a_variable_beside_the_right_one_is_not_named() -> None:
    assert loaded(CHAT_LIMITS="1", CHAT_LIMIT="5/minute").hints == ()


FOREIGN = re.findall(
    r"\w+",
    """
    PATH HOME USER SHELL LANG TERM PWD HOSTNAME PORT TZ CI DEBUG NODE_ENV VIRTUAL_ENV PYTHONPATH
    XDG_DATA_DIRS PGHOST PGPORT POSTGRES_PASSWORD POSTGRES_USER TEST_DATABASE_URL REDIS_URL
    TF_LOG_LEVEL UV_LOG_LEVEL NPM_CONFIG_LOGLEVEL SSL_CERT_FILE RUST_LOG LOGNAME MAIL DISPLAY
    AWS_SECRET_ACCESS_KEY OPENAI_ORG_ID OPENAI_PROJECT_ID GITHUB_TOKEN KUBERNETES_SERVICE_HOST
    NEXT_PUBLIC_URL BETTER_AUTH_URL SMTP_HOST POOL MCP TASKTALK_TOKEN
    UVICORN_RELOAD WEB_CONCURRENCY
    """,
)


def test_what_is_meant_for_others_is_not_named() -> None:
    assert loaded(**dict.fromkeys(FOREIGN, "1")).hints == ()


def test_every_documented_setting_is_one() -> None:
    example = (Path(__file__).parents[3] / ".env.example").read_text("utf-8")
    names = re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)
    assert loaded(**dict.fromkeys(names, "")).hints == ()
    assert all(loaded(**{f"{name}S": "x"}).hints for name in names if name != "BETTER_AUTH_SECRET")


def test_the_context_may_be_as_long_as_the_model_can_take() -> None:
    given = {"CONTEXT_TOKENS": "8000, gpt-4o=60000, org/model:7b=4000"}
    assert loaded(**given).context_tokens == 8_000
    assert loaded(**given, OPENAI_MODEL="gpt-4o").context_tokens == 60_000
    assert loaded(**given, OPENAI_MODEL="org/model:7b").context_tokens == 4_000
    assert loaded(CONTEXT_TOKENS="gpt-4o=60000").context_tokens == 16_000


def test_origins_are_the_web_clients_and_those_that_are_named() -> None:
    assert loaded(FRONTEND_URL="https://Tasks.example.com/app/").frontend_url == "https://Tasks.example.com/app"
    assert loaded(FRONTEND_URL="https://tasks.example.com/app/").cors_origins == ["https://tasks.example.com"]
    assert loaded(CORS_ORIGINS="https://a.example/, http://b.example:8080").cors_origins == [
        "https://a.example",
        "http://b.example:8080",
    ]
    both = loaded(FRONTEND_URL="https://a.example", CORS_ORIGINS="https://b.example,https://a.example")
    assert both.cors_origins == ["https://a.example", "https://b.example"]


def test_production_that_was_not_told_its_name_lets_no_page_in_and_mails_no_link() -> None:
    unnamed = loaded(**PRODUCTION, SMTP_URL="smtp://mail.example.com")
    assert (unnamed.public_url, unnamed.frontend_url, unnamed.cors_origins) == (None, None, [])
    assert isinstance(factories.mailer(unnamed), LoggedMailer)
    for name in ("PUBLIC_URL", "FRONTEND_URL"):
        named = loaded(**PRODUCTION, SMTP_URL="smtp://h", **{name: "https://a.example"})
        assert (named.frontend_url, named.cors_origins) == ("https://a.example", ["https://a.example"])
        assert isinstance(factories.mailer(named), SmtpMailer)


def test_render_says_its_own_address_and_ours_wins() -> None:
    render = {**PRODUCTION, "RENDER_EXTERNAL_URL": "https://tasktalk.onrender.com"}
    assert loaded(**render).public_url == loaded(**render).frontend_url == "https://tasktalk.onrender.com"
    assert loaded(**render).trusts_proxied_hosts
    named = loaded(**render, PUBLIC_URL="https://tasks.example.com")
    assert (named.public_url, named.trusts_proxied_hosts) == ("https://tasks.example.com", False)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "MCP              http://h/mcp"),
        (PRODUCTION, "shut elsewhere: set PUBLIC_URL to the address of the world outside"),
        (PRODUCTION, "Mails            not sent, as their links have no address: set PUBLIC_URL, or FRONTEND_URL"),
        ({**PRODUCTION, "TRUSTED_PROXIES": "127.0.0.1"}, "by the names that a trusted proxy serves by https"),
        ({**PRODUCTION, "PUBLIC_URL": "https://a.example"}, "MCP              https://a.example/mcp"),
    ],
)
def test_the_start_says_where_mcp_is_open_and_what_opens_it(given: dict[str, str], says: str) -> None:
    assert says in "\n".join(cli.addresses(loaded(**given), "http://h"))


def test_issuers_are_read_and_may_say_little() -> None:
    better_auth = "http://localhost:3000,jwks_url=http://localhost:3000/api/auth/jwks"
    other = "https://login.example.com/, audience=tasktalk, owns_ids=true"
    assert loaded(AUTH_ISSUERS=f"{better_auth}, {other}").auth_issuers == (
        Issuer(issuer="http://localhost:3000", jwks_url="http://localhost:3000/api/auth/jwks"),
        Issuer(issuer="https://login.example.com/", audience="tasktalk", owns_ids=True),
    )
    assert loaded().auth_issuers == ()


def test_the_documented_issuers_are_read() -> None:
    documentation = Path(__file__).parents[3] / "docs" / "sign-in.md"
    examples = re.findall(r"^AUTH_ISSUERS=(.+)$", documentation.read_text("utf-8"), re.MULTILINE)
    read = [load(PRODUCTION | {"AUTH_ISSUERS": each}).auth_issuers for each in examples]
    assert [bool(issuer.jwks_url) for (issuer,) in read] == [True, False]


@pytest.mark.parametrize("wrong", ["http://a.example", "https://a.example,jwks_url=http://a.example/jwks"])
def test_where_strangers_may_come_issuers_are_asked_over_tls(wrong: str) -> None:
    assert loaded(AUTH_ISSUERS=wrong).auth_issuers
    with pytest.raises(SettingsError, match=r"^AUTH_ISSUERS has an? \w+ .*: write one that starts with https:// and"):
        load(PRODUCTION | {"AUTH_ISSUERS": wrong})


SENDERS = [
    ("smtp://mail.example.com?from=tasks%40example.com", "tasks@example.com"),
    ("smtps://ada%40example.com:x@mail.example.com", "ada@example.com"),
    ("smtp://mail.example.com", "tasktalk@mail.example.com"),
]


@pytest.mark.parametrize(("url", "sender"), SENDERS)
def test_the_sender_of_mails_is_in_the_servers_address(url: str, sender: str) -> None:
    smtp = loaded(SMTP_URL=url).smtp
    assert smtp is not None
    assert smtp.sender.addr_spec == sender


def test_a_secret_for_development_only_needs_its_length() -> None:
    assert load({"BETTER_AUTH_SECRET": "a" * 32}).better_auth_secret == "a" * 32
    with pytest.raises(SettingsError, match="31 characters"):
        load({"BETTER_AUTH_SECRET": "a" * 31})


def test_secrets_are_not_shown() -> None:
    environ = {
        "DATABASE_URL": f"{DATABASE}?sslmode=require",
        "OPENAI_API_KEY": "sk-pa55w0rd",
        "OPENAI_BASE_URL": "https://ada:pa55w0rd@models.example.com/v1",
        "SMTP_URL": "smtp://ada:pa55w0rd@mail.example.com",
        "RATE_LIMIT_STORAGE": "redis://:pa55w0rd@cache.example.com",
        "AUTH_ISSUERS": "https://a.example,jwks_url=https://a.example/?key=pa55w0rd",
    }
    shown = repr(loaded(**environ))
    assert not re.search("pa55w0rd|ada", shown)
    assert SECRET not in shown


@pytest.mark.parametrize("name", ["DATABASE_URL", "OPENAI_BASE_URL", "SMTP_URL", "RATE_LIMIT_STORAGE", "AUTH_ISSUERS"])
@pytest.mark.parametrize(
    "wrong", ["pa55w0rd", "what://ada:pa55w0rd@h", "{}://ada:pa55w0rd@h:x", "{}://ada:@pa55w0rd:1:"]
)
def test_a_wrong_value_that_may_hold_a_password_is_not_repeated(name: str, wrong: str) -> None:
    scheme = {"DATABASE_URL": "postgres", "OPENAI_BASE_URL": "https", "SMTP_URL": "smtp", "AUTH_ISSUERS": "https"}.get(
        name, "redis"
    )
    with pytest.raises(SettingsError, match=f"^{name} ") as caught:
        loaded(**{name: wrong.format(scheme)})
    assert "pa55w0rd" not in str(caught.value)
