"""Settings: what is accepted, what is refused and how, and that they are all documented."""

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from bot.domain.errors import SettingsError
from bot.run.settings import Settings, load_database_url, load_settings, strays
from bot.run.settings.names import Stray
from bot.run.settings.problems import MUST
from bot.x.prices import MICRO_USD, Resource
from sandbox.discord.server import DiscordSandbox
from sandbox.x.server import XSandbox
from storage.crypto import new_key
from tests.cases import in_turn

ROOT = Path(__file__).parents[2]
NAMES = {name.upper() for name in Settings.model_fields}
SECRETS = {
    name.upper() for name, field in Settings.model_fields.items() if "SecretStr" in str(field)
}
USER_TOKEN = {
    "X_API_KEY": "k3yk3yk3yk3yk3yk3yk3yk3y1",
    "X_API_SECRET": "s3crets3crets3crets3cret2",
    "X_ACCESS_TOKEN": "2244994945-acc3ssacc3ss",
    "X_ACCESS_TOKEN_SECRET": "t0k3ns3cr3tt0k3ns3cr3t3",
}
MINIMAL = {"DISCORD_TOKEN": "MTIzNDU2Nzg5.GhIjKl.d1sc0rdd1sc0rd", **USER_TOKEN}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in, without a setting in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return tmp_path


def _set(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


def _problems() -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return list(caught.value.problems)


def _accepts(name: str, value: str) -> bool:
    try:
        Settings.model_validate({name.lower(): value})
    except ValidationError:
        return False
    return True


# Documented


def _rows_of_the_readme() -> dict[str, str]:
    """Return the default that the README's settings table tells of each setting."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("\n## Settings\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", section, re.MULTILINE)
    assert len(rows) == len(dict(rows)), "a setting stands there twice"
    return dict(rows)


def test_the_readme_lists_every_setting_and_no_other() -> None:
    assert set(_rows_of_the_readme()) == NAMES


def test_the_readme_tells_the_true_defaults() -> None:
    told = _rows_of_the_readme()
    for name, field in Settings.model_fields.items():
        default = field.default
        plain = default.get_secret_value() if isinstance(default, SecretStr) else default
        if plain is not None:
            assert told[name.upper()].strip("`") == str(plain)


def test_the_example_lists_every_setting_and_no_other() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    names = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]
    assert sorted(names) == sorted(NAMES)
    assert all(re.fullmatch(r"\w+=", line) for line in lines if line and line[0] != "#")


def test_the_example_explains_every_block_of_settings() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    blocks = [
        block for block in re.split(r"\n\n+", text) if re.search(r"^\w+=", block, re.MULTILINE)
    ]
    assert blocks
    assert all(block.startswith("# ") for block in blocks)


def test_the_example_copied_as_it_is_says_what_to_fill_in(folder: Path) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    (folder / ".env").write_text(example, encoding="utf-8")

    assert [problem.partition(":")[0] for problem in _problems()] == list(MINIMAL)


# Where they come from


def test_nothing_but_credentials_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, **MINIMAL)
    settings = load_settings()
    user = settings.credentials().user

    assert user is not None
    assert user.user_id == 2244994945
    assert settings.discord_login() == MINIMAL["DISCORD_TOKEN"]
    assert settings.probe_seconds == 15


def test_the_file_is_read_and_the_environment_wins(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"{name}={value}" for name, value in MINIMAL.items()]
    lines += ["PROBE_SECONDS=30", "LOG_LEVEL=debug", "# a remark", "NOT_OURS=1", "METRICS_PORT="]
    (folder / ".env").write_text("\n".join(lines), encoding="utf-8")
    _set(monkeypatch, PROBE_SECONDS="7.5")
    settings = load_settings()

    assert (settings.probe_seconds, settings.log_level) == (7.5, "DEBUG")
    assert settings.metrics_port is None
    assert settings.discord_login() == MINIMAL["DISCORD_TOKEN"]


def test_prices_that_changed_replace_the_published_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, **MINIMAL)
    assert load_settings().prices() == MICRO_USD
    _set(monkeypatch, X_PRICES='{"post_read": 0.0075, "like": 0}')

    assert load_settings().prices() == {
        **MICRO_USD,
        Resource.POST_READ: 7_500,
        Resource.LIKE: 0,
    }


@in_turn("value", ["0.01", "[1]", '{"tea": 1}', '{"like": "x"}', "{", "NaN"])
def test_what_is_no_list_of_prices_is_refused(value: str) -> None:
    assert not _accepts("X_PRICES", value)


def test_the_example_tells_the_published_prices() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    told = re.search(r"^# (\{\"post_read.*\})$", example, re.MULTILINE)

    assert told is not None
    assert Settings.model_validate({"x_prices": told[1]}).prices() == MICRO_USD
    assert set(json.loads(told[1])) == set(Resource)


def test_an_empty_variable_does_not_hide_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text("LOG_FORMAT=json", encoding="utf-8")
    _set(monkeypatch, **MINIMAL, LOG_FORMAT="")

    assert load_settings().log_format == "json"


def test_the_bearer_token_alone_is_enough_for_x(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, DISCORD_TOKEN=MINIMAL["DISCORD_TOKEN"], X_BEARER_TOKEN="AAAAbearer1")
    credentials = load_settings().credentials()

    assert credentials.user is None
    assert credentials.bearer == "AAAAbearer1"


def test_the_database_can_be_found_without_any_credential(folder: Path) -> None:
    assert load_database_url() == "sqlite+aiosqlite:///likecord.db"
    (folder / ".env").write_text("DATABASE_URL=sqlite:///other.db", encoding="utf-8")
    assert load_database_url() == "sqlite+aiosqlite:///other.db"


def test_the_database_can_be_found_whatever_is_wrong_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _set(monkeypatch, **(WRONG | {"DATABASE_URL": "sqlite:///other.db"}))

    assert load_database_url() == "sqlite+aiosqlite:///other.db"


def test_a_database_that_is_none_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, **WRONG)
    with pytest.raises(SettingsError) as caught:
        load_database_url()

    assert caught.value.problems == ("DATABASE_URL: must begin with sqlite: or postgresql:",)


# Problems


@pytest.mark.parametrize("missing", MINIMAL)
def test_what_is_missing_is_one_line(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    _set(monkeypatch, **MINIMAL)
    monkeypatch.delenv(missing)

    (problem,) = _problems()
    assert problem.startswith(f"{missing}: missing; ")
    assert "\n" not in problem


def test_half_a_user_token_is_not_covered_by_a_bearer_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _set(monkeypatch, **MINIMAL, X_BEARER_TOKEN="AAAAbearer1")
    monkeypatch.delenv("X_API_KEY")
    monkeypatch.delenv("X_ACCESS_TOKEN_SECRET")

    names = [problem.partition(":")[0] for problem in _problems()]
    assert names == ["X_API_KEY", "X_ACCESS_TOKEN_SECRET"]


WRONG = {
    "DISCORD_GUILD_ID": "my server",
    "DISCORD_API_URL": "discord.com/api",
    "DISCORD_GATEWAY_URL": "https://gateway.discord.gg",
    "X_API_URL": "api.twitter.com",
    "X_ACCESS_TOKEN": "abc-123",
    "X_REDIRECT_URL": "localhost:8000",
    "DATABASE_URL": "mysql://root@localhost/likecord",
    "SECRET_KEY": "short1",
    "PROBE_SECONDS": "0.5",
    "MONTHLY_BUDGET_USD": "-1",
    "X_PRICES": '{"post_read": -1}',
    "LOG_LEVEL": "LOUD",
    "LOG_FORMAT": "xml",
    "METRICS_PORT": "70000",
}


@pytest.mark.parametrize(("name", "value"), WRONG.items())
def test_what_is_wrong_is_one_line_that_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    _set(monkeypatch, **(MINIMAL | {name: value}))

    (problem,) = _problems()
    assert re.fullmatch(rf"{name}: [a-z].{{10,}}", problem)
    assert name not in SECRETS or value not in problem


def test_all_problems_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, **WRONG)

    problems = _problems()
    names = [problem.partition(":")[0] for problem in problems]
    # What is missing is told together with what is wrong, and what is wrong is not missing.
    assert sorted(names) == sorted({*WRONG, *MINIMAL})
    assert not any("Input should" in problem or "input should" in problem for problem in problems)


def test_the_bearer_token_is_named_where_it_would_do(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, DISCORD_TOKEN=MINIMAL["DISCORD_TOKEN"])

    assert _problems()[-1] == (
        "X_ACCESS_TOKEN_SECRET: missing; X's developer console shows it under Keys and tokens "
        "(X_BEARER_TOKEN alone is enough for like counts, without names)"
    )


NO_KEY = (
    "is not a key such as Likecord makes (32 bytes in URL-safe base64); make one with: make key"
)
NO_DATABASE = (
    "is not a database's address, such as sqlite:///likecord.db or "
    "postgresql://user:password@host/database"
)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DISCORD_GUILD_ID", "0", "must be the ID of a server, which is a number"),
        ("PROBE_SECONDS", "soon", "must be a number of seconds from 1 to 3600"),
        ("PROBE_SECONDS", "7200", "must be a number of seconds from 1 to 3600"),
        ("PROBE_SECONDS", "NaN", "must be a number of seconds from 1 to 3600"),
        ("MONTHLY_BUDGET_USD", "$5", "must be a sum in US dollars, such as 5 or 2.50"),
        ("MONTHLY_BUDGET_USD", "Infinity", "must be a sum in US dollars, such as 5 or 2.50"),
        ("LOG_LEVEL", "LOUD", "must be DEBUG, INFO, WARNING or ERROR"),
        ("LOG_FORMAT", "xml", "must be text or json"),
        ("METRICS_PORT", "9.5", "must be the number of a port, from 1 to 65535"),
        ("X_API_URL", "http://", "must name a host, and a port that is a number if any"),
        ("X_API_URL", "http://x:port", "must name a host, and a port that is a number if any"),
        ("X_API_URL", "http://[1", "must name a host, and a port that is a number if any"),
        ("X_API_URL", "http://a b", "must name a host, and a port that is a number if any"),
        (
            "SECRET_KEY",
            "short1",
            NO_KEY,
        ),
        (
            "DATABASE_URL",
            "postgresql://db:port/x",
            NO_DATABASE,
        ),
    ],
)
def test_what_is_wrong_is_said_in_words_of_our_own(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    _set(monkeypatch, **(MINIMAL | {name: value}))

    assert _problems() == [f"{name}: {sentence}"]


def test_every_setting_that_is_no_text_has_words_of_our_own() -> None:
    converted = {
        name
        for name, field in Settings.model_fields.items()
        if not re.search(r"\bstr\b|SecretStr|Resource|Shards", str(field.annotation))
    }
    assert {*converted, "log_level", "log_format"} == set(MUST)


def test_a_file_that_is_no_text_is_one_line(folder: Path) -> None:
    (folder / ".env").write_bytes(b"DISCORD_TOKEN=\xff\xfe")

    assert _problems() == [".env: cannot be read; it must be text in UTF-8"]


# Names that nothing reads


def test_a_misspelt_name_is_told_beside_what_is_missing(folder: Path) -> None:
    misspelt = {name.replace("X_API_KEY", "X_API_KEI"): value for name, value in MINIMAL.items()}
    lines = [f"{name}={value}" for name, value in misspelt.items()]
    (folder / ".env").write_text("\n".join([*lines, "NOT_OURS=1"]), encoding="utf-8")

    missing, hint = _problems()
    assert missing.startswith("X_API_KEY: missing; ")
    assert hint == "X_API_KEI: .env has it, but no setting has this name; did you mean X_API_KEY?"


def test_names_that_nothing_reads_are_found_in_any_case(folder: Path) -> None:
    assert strays() == []
    lines = [
        "PROBE_SECOND=5",
        "log_level=INFO",
        "export NOT_OURS=1",
        "# X_PRICE=1",
        "x_prices=",
        "READY",
    ]
    (folder / ".env").write_text("\n".join(lines), encoding="utf-8")

    assert strays() == [
        Stray("PROBE_SECOND", "PROBE_SECONDS"),
        Stray("NOT_OURS", None),
    ]


@in_turn("address", ["likecord.db", "sqlite", "://", "http://127.0.0.1/db"])
def test_what_is_no_database_is_refused(address: str) -> None:
    assert not _accepts("DATABASE_URL", address)


@in_turn(
    "given, used",
    [
        ("sqlite:///likecord.db", "sqlite+aiosqlite:///likecord.db"),
        ("sqlite+aiosqlite:////var/lib/likecord.db", "sqlite+aiosqlite:////var/lib/likecord.db"),
        ("postgres://bot:pw@db/likecord", "postgresql+asyncpg://bot:pw@db/likecord"),
        ("postgresql://bot:p%40w@db:5433/x", "postgresql+asyncpg://bot:p%40w@db:5433/x"),
        ("postgresql+psycopg://db/x", "postgresql+asyncpg://db/x"),
        ("postgresql:///x?host=/run/pg", "postgresql+asyncpg:///x?host=%2Frun%2Fpg"),
    ],
)
def test_databases_get_the_driver_that_is_installed(given: str, used: str) -> None:
    assert Settings(database_url=SecretStr(given)).database_url.get_secret_value() == used


# Placeholders


PLACEHOLDERS = """
your_discord_token|YOUR-BOT-TOKEN|your token here|Your Discord Bot Token|YOUR_API_KEY_123
your-256-bit-secret|your_oauth2_client_id|the_token|my-secret-token|some-secret|add_your_key
insert token here|insert-your-token|put_your_key_here|enter_token|paste your key here|token-here
bot_token_here|changeme|change_me|CHANGE-ME|replace_me|ReplaceMe|<token>|<your token>
${DISCORD_TOKEN}|$TOKEN|xxx|XXXXXXXXXXXX|...|…|********|••••••••|TODO|token|secret|key|none|null
example|placeholder
""".strip()


@in_turn("value", re.split(r"[|\n]", PLACEHOLDERS))
@in_turn("name", ["DISCORD_TOKEN", "X_CLIENT_ID"])
def test_placeholders_of_templates_are_refused(name: str, value: str) -> None:
    assert not _accepts(name, value)


def test_the_refusal_of_a_placeholder_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, **(MINIMAL | {"X_API_SECRET": "your-api-secret"}))

    (problem,) = _problems()
    assert problem.startswith("X_API_SECRET: still has the placeholder of a template")


def test_the_sandboxs_own_credentials_are_accepted() -> None:
    x = XSandbox().credentials()
    for name, value in {
        "DISCORD_TOKEN": DiscordSandbox().token,
        "X_BEARER_TOKEN": x.bearer_token,
        "X_API_KEY": x.api_key,
        "X_API_SECRET": x.api_secret,
        "X_ACCESS_TOKEN": x.access_token,
        "X_ACCESS_TOKEN_SECRET": x.access_token_secret,
        "X_CLIENT_ID": x.client_id,
        "X_CLIENT_SECRET": x.client_secret,
    }.items():
        assert _accepts(name, value)


KINDS = [
    bytes.hex,
    lambda raw: base64.b64encode(raw).decode(),
    lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("="),
    lambda raw: base64.b32encode(raw).decode(),
]


@given(st.binary(min_size=18, max_size=64), st.sampled_from(KINDS))
def test_random_secrets_are_accepted(raw: bytes, kind: Callable[[bytes], str]) -> None:
    assert _accepts("DISCORD_TOKEN", kind(raw))


@in_turn(
    "value",
    [
        # A secret in base64url may well begin like a word.
        "my_9fKx2LmQ8vT4zR7wB1nY",
        "the-Q2hvb3NlIGEgc2VjcmV0",
        "Add_0aZ91kQmx7Pp3vLs",
        "keyboard9cat2keyboard",
        "hereherehere12345678",
    ],
)
def test_secrets_that_begin_like_a_placeholder_are_accepted(value: str) -> None:
    assert _accepts("X_CLIENT_SECRET", value)


# Secrets


def test_every_secret_is_known_and_none_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [new_key(), new_key()]
    _set(
        monkeypatch,
        **MINIMAL,
        X_BEARER_TOKEN="AAAAbearer1",
        X_CLIENT_SECRET="client1s2secret3",
        SECRET_KEY=",".join(keys),
        DATABASE_URL="postgresql://bot:hunter22@db/likecord",
    )
    settings = load_settings()
    secrets = settings.secrets()

    assert {*MINIMAL.values(), "AAAAbearer1", "client1s2secret3", *keys} <= secrets
    assert settings.database_url.get_secret_value() in secrets
    shown = repr(settings) + str(settings) + repr(settings.credentials())
    assert not [secret for secret in secrets if secret in shown]
