"""Reading the settings, and telling all that is wrong with them at once."""

from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import SecretStr, ValidationError

from bot.domain.errors import SettingsError
from bot.run.settings.database import ENV_FILE, DatabaseSettings, SettingsT
from bot.run.settings.model import Settings
from bot.run.settings.names import Stray, stray_names
from bot.run.settings.problems import problems_of

_NO_FILE = f"There is no {ENV_FILE} in this folder: cp .env.example .env, then fill it in"


def load_database_url() -> str:
    """Read where the database is: all that looking after it needs."""
    settings, problems = _read(DatabaseSettings)
    if problems:
        raise SettingsError(list(problems.values()))
    return settings.database_url.get_secret_value()


def as_database_url(address: str) -> str:
    """Return a database's address as DATABASE_URL would be read; raise SettingsError."""
    try:
        settings = DatabaseSettings(database_url=SecretStr(address))
    except ValidationError as error:
        raise SettingsError(list(problems_of(error).values())) from None
    return settings.database_url.get_secret_value()


def load_settings(**given: str) -> Settings:
    """Read the settings, where none is given; raise SettingsError with one line per problem."""
    settings, problems = _read(Settings, given)
    if not problems and not Path(ENV_FILE).exists() and _is_empty(settings):
        raise SettingsError([_NO_FILE])
    missing = [line for line in _missing(settings) if not _is_told(_name(line).lower(), problems)]
    if problems or missing:
        raise SettingsError([*problems.values(), *missing, *misspelt()])
    return settings


def _read(
    kind: type[SettingsT], given: Mapping[str, Any] = MappingProxyType({})
) -> tuple[SettingsT, dict[str, str]]:
    """Return the settings, with those that are wrong left out, and a line for each of these."""
    _look_at_file()
    try:
        return kind(**given), {}
    except ValidationError as error:
        problems = problems_of(error)
    except PermissionError:
        raise SettingsError(
            [f"{ENV_FILE}: the user that runs the bot may not read it; chown or chmod it"]
        ) from None
    except (OSError, UnicodeDecodeError):
        raise SettingsError([f"{ENV_FILE}: cannot be read; it must be text in UTF-8"]) from None
    defaults = {name: kind.model_fields[name].default for name in problems}
    return kind(**defaults), problems


def _look_at_file() -> None:
    """Raise SettingsError for what is called `.env`, or nearly so, and is none."""
    file, nearly = Path(ENV_FILE), Path(f"{ENV_FILE}.txt")
    if file.is_dir():
        raise SettingsError([f"{ENV_FILE}: is a folder; it must be a file"])
    if not file.exists() and nearly.is_file():
        raise SettingsError([f"{nearly}: rename it to {ENV_FILE}; Windows hides its .txt"])


def _is_empty(settings: Settings) -> bool:
    """Say whether nothing is set of what everybody needs."""
    needed = (settings.discord_token, settings.x_bearer_token, settings.x_api_key)
    return not any((*needed, settings.x_api_secret, settings.x_access_token))


def _missing(settings: Settings) -> list[str]:
    lines: list[str] = []
    checks = (settings.discord_login, settings.credentials, settings.app_alone)
    for check in (*checks, settings.webhook_keys):
        try:
            check()
        except SettingsError as error:
            lines.extend(error.problems)
    return lines


def strays() -> list[Stray]:
    """Return the names in `.env` that nothing reads."""
    return stray_names(ENV_FILE, Settings.model_fields)


def misspelt() -> list[str]:
    """Return a line for each name in `.env` that may be meant to be a setting."""
    return [str(stray) for stray in strays() if stray.meant is not None]


def _is_told(name: str, problems: Collection[str]) -> bool:
    """Say whether a setting is missing only because of what is told already."""
    return name in problems or (name.startswith("x_") and "x_bearer_token" in problems)


def _name(line: str) -> str:
    return line.partition(":")[0]
