"""The files that deploy us agree with each other, with our command line and with our settings. None is run here."""

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections import UserDict
from configparser import ConfigParser
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

import pytest
import yaml

from adapters.http.server.addresses import TrustedProxies
from bootstrap.cli import parser
from bootstrap.configuration import settings

ROOT = Path(__file__).parents[3]


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def dockerfile() -> list[tuple[str, str]]:
    """Each instruction and what follows it."""
    lines = read("Dockerfile").replace("\\\n", " ").splitlines()
    instructions = (line.split(maxsplit=1) for line in lines if line and not line.startswith("#"))
    return [(name, rest) for name, rest in instructions]


def last(instruction: str) -> str:
    return [rest for name, rest in dockerfile() if name == instruction][-1]


def unit() -> ConfigParser:
    found = ConfigParser(strict=False, interpolation=None, delimiters="=", comment_prefixes="#")
    found.optionxform = str  # type: ignore[assignment, method-assign]
    found.read_string(read("deploy/tasktalk.service"))
    return found


COMPOSE: dict[str, Any] = yaml.safe_load(read("docker-compose.yml"))
RENDER: dict[str, Any] = yaml.safe_load(read("render.yaml"))
WEB: dict[str, Any] = RENDER["services"][0]
UNIT = unit()["Service"]
EXAMPLE = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", read(".env.example"), re.MULTILINE))
COMMANDS = {
    "Dockerfile": json.loads(last("CMD")),
    "docker-compose.yml": COMPOSE["services"]["app"]["command"],
    "render.yaml before": shlex.split(WEB["preDeployCommand"]),
    "render.yaml": shlex.split(WEB["dockerCommand"]),
    "tasktalk.service before": shlex.split(UNIT["ExecStartPre"]),
    "tasktalk.service": shlex.split(UNIT["ExecStart"]),
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_each_command_is_one_of_ours(command: list[str]) -> None:
    program, *arguments = command
    assert Path(program).name == "tasktalk"
    name = parser().parse_args(arguments).run.__name__
    assert name in ("serve", "migrate")


@pytest.mark.parametrize("place", ["render.yaml", "tasktalk.service"])
def test_who_migrates_first_does_not_migrate_again(place: str) -> None:
    assert COMMANDS[f"{place} before"][1:] == ["migrate"]
    assert "--no-migrate" in COMMANDS[place]


def test_the_image_gets_what_the_package_is_made_of_and_nothing_else() -> None:
    sources = {rest.split()[0] for name, rest in dockerfile() if name == "COPY" and not rest.startswith(("--", "pyp"))}
    packages = set(tomllib.loads(read("pyproject.toml"))["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    allowed = set(re.findall(r"^!(\S+)$", read(".dockerignore"), re.MULTILINE))

    assert sources == packages | {"requirements-build.lock", "requirements.lock"}
    assert allowed == sources | {"pyproject.toml", "README.md"}
    assert all((ROOT / each).exists() for each in allowed)


def test_the_image_does_not_run_as_root() -> None:
    names = [name for name, _ in dockerfile()]
    made = [rest.split()[-1] for name, rest in dockerfile() if name == "RUN" and rest.startswith("useradd")]

    assert [last("USER")] == made
    assert "RUN" not in names[names.index("USER") :]


def test_images_are_of_a_named_version() -> None:
    images = [rest.split()[0] for name, rest in dockerfile() if name == "FROM"]
    images.append(COMPOSE["services"]["database"]["image"])
    assert [image for image in images if not re.search(r":\d", image)] == []


def test_health_is_asked_where_the_image_listens() -> None:
    _, check = last("HEALTHCHECK").split("CMD ")
    python, option, script = json.loads(check)
    port = last("EXPOSE")

    assert (python, option) == ("python", "-c")
    ast.parse(script)
    assert f"http://127.0.0.1:{port}/health/live" in script
    assert parser().parse_args(COMMANDS["Dockerfile"][1:]).port == int(port)
    assert WEB["healthCheckPath"] == "/health/ready"


def test_compose_starts_the_app_on_a_healthy_database() -> None:
    app, database = COMPOSE["services"]["app"], COMPOSE["services"]["database"]
    given = database["environment"]
    url = "postgresql://{POSTGRES_USER}:{POSTGRES_PASSWORD}@database:5432/{POSTGRES_DB}".format(**given)

    assert app["build"] == "."
    assert app["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert app["environment"]["DATABASE_URL"] == url
    assert app["environment"]["BETTER_AUTH_SECRET"].startswith("${BETTER_AUTH_SECRET:?")
    assert database["healthcheck"]["test"][1] == "pg_isready"
    assert all(port.startswith("127.0.0.1:") for port in app["ports"] + database["ports"])


def test_render_makes_the_database_and_the_secret() -> None:
    given = {
        variable.pop("key"): variable for variable in yaml.safe_load(read("render.yaml"))["services"][0]["envVars"]
    }

    assert given["DATABASE_URL"]["fromDatabase"]["name"] == RENDER["databases"][0]["name"]
    assert given["BETTER_AUTH_SECRET"] == {"generateValue": True}
    assert parser().parse_args(COMMANDS["render.yaml"][1:]).port == int(given["PORT"]["value"])
    assert set(given) - {"PORT"} <= set(EXAMPLE)


def test_the_proxies_in_front_are_named_where_they_are_known() -> None:
    render = next(each["value"] for each in WEB["envVars"] if each.get("key") == "TRUSTED_PROXIES")
    compose = COMPOSE["services"]["app"]["environment"]["TRUSTED_PROXIES"].removeprefix("${TRUSTED_PROXIES:-")
    unit = UNIT["Environment"].rpartition("TRUSTED_PROXIES=")[-1]
    for value, seen in ((render, "10.21.157.68"), (compose.rstrip("}"), "172.18.0.1"), (unit, "127.0.0.1")):
        named = settings.load({**EXAMPLE, "BETTER_AUTH_SECRET": token_urlsafe(48), "TRUSTED_PROXIES": value})
        assert TrustedProxies(named.trusted_proxies).client(seen, ["203.0.113.7"]) == "203.0.113.7"


def test_mcp_is_told_its_name_on_every_host() -> None:
    named = {each.get("key") for each in WEB["envVars"]}
    assert "PUBLIC_URL" in named
    assert COMPOSE["services"]["app"]["environment"]["PUBLIC_URL"] == "${PUBLIC_URL:-}"
    assert "PUBLIC_URL=" in read("deploy/tasktalk.service")
    passed_on = dict(re.findall(r"proxy_set_header (\S+) (\S+);", read("deploy/nginx.conf")))
    assert (passed_on["X-Forwarded-Proto"], passed_on["X-Forwarded-Host"]) == ("$scheme", "$host")


class Asked(UserDict[str, str]):
    """An environment that knows what was looked for in it."""

    def __init__(self, given: dict[str, str]) -> None:
        super().__init__(given)
        self.names: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().get(key, default)


def test_the_example_names_every_setting_with_a_right_value_and_no_other() -> None:
    environment = Asked({**EXAMPLE, "BETTER_AUTH_SECRET": token_urlsafe(48)})
    settings.load(environment)
    assert environment.names == set(EXAMPLE)


def test_the_example_is_enough_for_development(tmp_path: Path) -> None:
    as_it_is = dict(re.findall(r"^([A-Z_]+)=(.*)$", read(".env.example"), re.MULTILINE))
    assert settings.load({**as_it_is, "DATA_DIR": str(tmp_path)}).is_development


def test_the_examples_values_mean_the_same_to_docker_and_to_a_shell() -> None:
    assert [value for value in EXAMPLE.values() if re.search(r"""["'\s#$]""", value)] == []


def test_the_unit_gives_the_process_no_more_than_it_needs() -> None:
    wanted = {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "CapabilityBoundingSet": ""}
    assert {key: UNIT[key] for key in wanted} == wanted
    assert UNIT["DynamicUser"] == "yes"
    assert (UNIT["KillSignal"], UNIT["Restart"]) == ("SIGTERM", "on-failure")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not on this machine")
def test_systemd_understands_every_line_of_the_unit(tmp_path: Path) -> None:
    copy = tmp_path / "tasktalk.service"
    copy.write_text(re.sub(r"(?<==)/opt/\S+", sys.executable, read("deploy/tasktalk.service")))
    found = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    assert (found.stdout + found.stderr, found.returncode) == ("", 0)


def test_ci_lints_and_tests_and_the_rest_is_one_command() -> None:
    crash = "\t$(BIN)/python -m tests.faults.crash.run --minutes 2"
    assert os.access(ROOT / ".ci/run", os.X_OK)
    assert {"make lint", ".ci/audit", "make test || once_more"} <= set(read(".ci/run").splitlines())
    assert crash in read("Makefile").splitlines()
    assert "\n\t$(BIN)/python -m tests.abuse.fuzz_run --seconds 120" in read("Makefile")


def test_nginx_gives_up_an_idle_connection_before_we_do(tmp_path: Path) -> None:
    kept = re.search(r"^\s*keepalive_timeout (\d+)s;", read("deploy/nginx.conf"), re.MULTILINE)
    assert kept
    loaded = settings.load({"BETTER_AUTH_SECRET": token_urlsafe(48), "DATA_DIR": str(tmp_path)})
    assert int(kept[1]) < loaded.keep_alive_seconds == 75
