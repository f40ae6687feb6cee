"""The image, the composition of containers and the service: linted, and true of what there is."""

import configparser
import fnmatch
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.__main__ import EX_CONFIG, _parser
from bot.run.settings.model import Settings
from tests.dockerfile import APP, ENVIRONMENT, ROOT, VOLUME, Image, stages

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
BUILD, LAST = stages(DOCKERFILE)
IMAGE = Image(LAST)
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
BOTS = {name: service for name, service in SERVICES.items() if service["image"] == "likecord"}
UNIT = ROOT / "docs/likecord.service"
SETTINGS = {name.upper() for name in Settings.model_fields}
# A name without a host, and a version that does not move from one great one to the next.
_IMAGE = re.compile(r"[a-z]+:\d+(\.\d+)?(-[a-z]+)?")
# What a python looks for in its environment, and any program.
_OF_THE_SYSTEM = re.compile(r"PATH|PYTHON[A-Z]+")
MOST_EXPOSED = 20  # of 100, by systemd's own count


def is_run_by_the_bot(words: list[str]) -> None:
    """See that a command line of the bot can be run; it exits when it cannot."""
    at = words.index("-m")
    assert words[at + 1] == "bot"
    _parser().parse_args(words[at + 2 :])


# The image


def test_every_stage_begins_with_a_version_and_no_host() -> None:
    for stage in (BUILD, LAST):
        assert _IMAGE.fullmatch(stage[0].words[0]), stage[0]
    assert BUILD[0].words[0] == LAST[0].words[0], "the environment is of the python it is made with"


def test_the_image_runs_as_a_number_that_is_not_root() -> None:
    user, _, group = IMAGE.one("USER").text.partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert f"--uid {user}" in " ".join(each.text for each in LAST if each.name == "RUN")


def test_nothing_is_added_unpacked_or_installed_anew() -> None:
    everything = [each for stage in (BUILD, LAST) for each in stage]
    assert {each.name for each in everything} <= {
        *("FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "HEALTHCHECK"),
        *("STOPSIGNAL", "ENTRYPOINT", "CMD"),
    }
    (installs,) = (each.text for each in everything if "pip" in each.text)
    assert {"--require-hashes", "--no-cache-dir"} <= set(installs.split())
    assert not any(re.search(r"\b(sudo|curl|wget|apt-get)\b", each.text) for each in everything)


@pytest.mark.parametrize("name", ["ENTRYPOINT", "CMD", "HEALTHCHECK"])
def test_what_is_run_is_a_list_so_that_signals_reach_it(name: str) -> None:
    assert re.sub(r"^.*?CMD ", "", IMAGE.one(name).text).startswith("[")


def test_what_the_image_runs_exists() -> None:
    is_run_by_the_bot(IMAGE.command)
    python, script = IMAGE.health_check
    assert python == "python"
    assert (ROOT / script.removeprefix(f"{APP}/")).is_file()
    assert script.removeprefix(f"{APP}/") in _copied(LAST)


def test_the_image_sets_what_exists() -> None:
    strange = [name for name in IMAGE.environment if not _OF_THE_SYSTEM.fullmatch(name)]
    assert set(strange) <= SETTINGS
    assert IMAGE.environment["PATH"].startswith(f"{ENVIRONMENT}/bin:")
    assert IMAGE.one("WORKDIR").text == VOLUME


def _copied(stage: list[Any]) -> Iterator[str]:
    for each in stage:
        if each.name == "COPY":
            yield from (path.removeprefix(f"{APP}/") for path in each.paths[:-1])


def test_everything_copied_exists_and_comes_through() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*", "what is not named stays out: .env, databases, Git"
    through = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = {*_copied(BUILD), *_copied(LAST)} - {".venv"}
    assert through == copied
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_the_image_has_every_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert set(packages) <= set(_copied(LAST))


def test_the_driver_of_postgresql_is_pinned_where_the_image_looks_for_it() -> None:
    pattern = r"^asyncpg==.*?[^\\]$"
    found = re.search(
        pattern, (ROOT / "requirements-dev.txt").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert found is not None
    assert "--hash=" in found[0]
    assert "/^asyncpg==/,/[^\\]$/p" in DOCKERFILE


def test_hadolint_finds_nothing() -> None:
    # .ci/run puts it beside this python.
    places = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    if (hadolint := shutil.which("hadolint", path=places)) is None:
        pytest.skip("hadolint is not here; the tests above hold what matters of its rules")
    found = subprocess.run(  # noqa: S603 -- our own file
        [hadolint, str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stdout) == (0, "")


# The containers


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_starts_again_and_fills_no_disk(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}
    assert service["image"] == "likecord" or _IMAGE.fullmatch(service["image"])
    assert service.keys().isdisjoint({"privileged", "network_mode", "pid", "cap_add", "user"})
    for volume in service["volumes"]:
        assert volume.partition(":")[0] in COMPOSE["volumes"]
    assert set(service["networks"]) <= {"default", *COMPOSE["networks"]}
    for port in service.get("ports", ()):
        assert port.startswith("127.0.0.1:")
    for secret in service.get("secrets", ()):
        assert secret in COMPOSE["secrets"]
    assert set(service.get("depends_on", {})) <= set(SERVICES)


@pytest.mark.parametrize("name", BOTS)
def test_a_bot_may_do_nothing_but_write_to_its_volume(name: str) -> None:
    service = BOTS[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["volumes"] == [f"data:{VOLUME}"]
    assert service["env_file"] == ".env"
    assert set(service["environment"]) <= SETTINGS
    assert "command" not in service
    # One setting says where the database is, for all bots of a token.
    assert "DATABASE_URL" not in service["environment"]


def test_without_a_profile_there_is_one_bot_and_with_postgres_two_and_a_database() -> None:
    assert {name: service.get("profiles") for name, service in SERVICES.items()} == {
        "bot": None,
        "second": ["postgres"],
        "database": ["postgres"],
    }
    assert [name for name, bot in BOTS.items() if "build" in bot] == ["bot"], (
        "one image, built once"
    )
    assert BOTS["second"]["pull_policy"] == "never"


def test_an_empty_line_in_env_takes_no_health_check_away() -> None:
    port = IMAGE.environment["METRICS_PORT"]
    for bot in BOTS.values():
        assert bot["environment"]["METRICS_PORT"] == f"${{METRICS_PORT:-{port}}}"


def test_the_database_meets_nobody_but_the_bots() -> None:
    database = SERVICES["database"]
    assert "ports" not in database
    assert [COMPOSE["networks"][name]["internal"] for name in database["networks"]] == [True]
    assert all("default" in bot["networks"] for bot in BOTS.values())
    # Its password is in no file that Git or the image takes.
    file = Path(COMPOSE["secrets"]["postgres-password"]["file"]).name
    assert file in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def _compose() -> list[str] | None:
    """Return how Compose is called here, if it is: as Docker's plugin, or alone."""
    for command in (["docker", "compose"], ["docker-compose"]):
        try:
            asked = subprocess.run(  # noqa: S603 -- words of our own
                [*command, "version"], capture_output=True, check=False
            )
        except OSError:
            continue
        if asked.returncode == 0 and b"v2" in asked.stdout:
            return command
    return None


@pytest.mark.parametrize("profiles", [[], ["--profile", "postgres"]])
def test_compose_understands_the_composition(profiles: list[str], tmp_path: Path) -> None:
    if (compose := _compose()) is None:
        pytest.skip("Compose is not here; the tests above hold what matters")
    shutil.copy(ROOT / "compose.yaml", tmp_path)
    shutil.copy(ROOT / ".env.example", tmp_path / ".env")
    (tmp_path / "postgres-password").write_text("secret", encoding="utf-8")
    read = subprocess.run(  # noqa: S603 -- our own file
        [*compose, *profiles, "config"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (read.returncode, read.stderr) == (0, "")
    names = set(SERVICES) if profiles else {"bot"}
    services = yaml.safe_load(read.stdout)["services"]
    assert set(services) == names
    port = IMAGE.environment["METRICS_PORT"]
    assert {services[name]["environment"]["METRICS_PORT"] for name in names & set(BOTS)} == {port}


# The service


class _Unit(configparser.RawConfigParser):
    """systemd's files: names in upper and lower case, and some of them several times."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def unit() -> configparser.SectionProxy:
    parser = _Unit(strict=False, interpolation=None)
    parser.read(UNIT, encoding="utf-8")
    assert set(parser.sections()) == {"Unit", "Service", "Install"}
    return parser["Service"]


def test_the_service_runs_the_bot_and_starts_it_again() -> None:
    service = unit()
    folder = service["WorkingDirectory"]
    words = service["ExecStart"].split()
    assert words[0] == f"{folder}/.venv/bin/python"
    is_run_by_the_bot(words)
    assert service["Restart"] == "always"
    # Nobody can mend wrong settings by starting again.
    assert service["RestartPreventExitStatus"] == str(EX_CONFIG)
    assert int(service["TimeoutStopSec"]) > 5


def test_the_service_may_do_nothing_but_write_to_its_folder() -> None:
    service = unit()
    assert service["User"] == service["Group"] == service["StateDirectory"] == "likecord"
    assert service["CapabilityBoundingSet"] == service["AmbientCapabilities"] == ""
    assert service["ProtectSystem"] == "strict"
    assert "ReadWritePaths" not in service
    for name in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "MemoryDenyWriteExecute"):
        assert service[name] == "yes"


def _systemd_analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("systemd is not here")
    return subprocess.run(  # noqa: S603 -- our own file
        [found, *arguments], capture_output=True, text=True, check=False
    )


def test_systemd_understands_the_service(tmp_path: Path) -> None:
    # It looks whether the program is there.
    copy = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8")
    copy.write_text(text.replace("/opt/likecord/.venv/bin/python", "/bin/sh"), encoding="utf-8")
    told = _systemd_analyze("verify", "--recursive-errors=no", str(copy)).stderr
    assert [line for line in told.splitlines() if fnmatch.fnmatch(line, f"*{UNIT.name}*")] == []


def test_systemd_counts_the_service_as_hardly_exposed() -> None:
    found = _systemd_analyze(
        "security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSED}", str(UNIT)
    )
    if "unrecognized option" in found.stderr:
        pytest.skip("systemd is too old to count")
    assert found.returncode == 0, found.stdout
