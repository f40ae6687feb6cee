"""Reading the settings, and telling all that is wrong with them at once."""

from pydantic import SecretStr, ValidationError

from bot.domain.errors import SettingsError
from bot.run.settings.model import ENV_FILE, DatabaseSettings, Settings, SettingsT
from bot.run.settings.names import Stray, stray_names
from bot.run.settings.problems import problems_of


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


def load_settings() -> Settings:
    """Read the settings; raise SettingsError with one line per problem."""
    settings, problems = _read(Settings)
    missing = [line for line in _missing(settings) if _name(line).lower() not in problems]
    if problems or missing:
        raise SettingsError([*problems.values(), *missing, *misspelt()])
    return settings


def _read(kind: type[SettingsT]) -> tuple[SettingsT, dict[str, str]]:
    """Return the settings, with those that are wrong left out, and a line for each of these."""
    try:
        return kind(), {}
    except ValidationError as error:
        problems = problems_of(error)
    except (OSError, UnicodeDecodeError):
        raise SettingsError([f"{ENV_FILE}: cannot be read; it must be text in UTF-8"]) from None
    defaults = {name: kind.model_fields[name].default for name in problems}
    return kind(**defaults), problems


def _missing(settings: Settings) -> list[str]:
    lines: list[str] = []
    for check in (settings.discord_login, settings.credentials):
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


def _name(line: str) -> str:
    return line.partition(":")[0]
