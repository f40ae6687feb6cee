"""Where the database is, and what no setting of any kind may hold."""

import re
from typing import TypeVar

from pydantic import SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.run.settings.pasted import what_came_along
from storage.url_options import wrong_options

# What templates and tutorials put where a value belongs: words, as a random secret has none.
_PLACEHOLDER = re.compile(
    r"(your|my|the|some|insert|put|add|enter|paste)([-_ ][a-z]*\d{0,3})+|([a-z]+[-_ ])+here"
    r"|(change|replace)[-_ ]?me|placeholder|example|todo|xxx+|\.\.\.|…|[*•]{3,}|<.*>"
    r"|\$\{?\w+\}?|token|secret|key|none|null",
    re.IGNORECASE,
)
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
SettingsT = TypeVar("SettingsT", bound=BaseSettings)
ENV_FILE = ".env"


class DatabaseSettings(BaseSettings):
    """Where the database is: all that looking after it needs."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE, env_file_encoding="utf-8-sig", env_ignore_empty=True, extra="ignore"
    )

    database_url: SecretStr = SecretStr("sqlite+aiosqlite:///likecord.db")

    @field_validator("*", mode="before")
    @classmethod
    def _as_pasted(cls, value: object, info: ValidationInfo) -> object:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if isinstance(text, str) and (wrong := what_came_along(info.field_name or "", text)):
            raise ValueError(wrong)
        return value

    @field_validator("*", mode="after")
    @classmethod
    def _refuse_placeholder(cls, value: object) -> object:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if isinstance(text, str) and _PLACEHOLDER.fullmatch(text.strip()):
            raise ValueError("still has the placeholder of a template; put the real value there")
        return value

    @field_validator("database_url")
    @classmethod
    def _with_driver(cls, value: SecretStr) -> SecretStr:
        address = value.get_secret_value()
        if address.startswith("postgres:"):
            address = f"postgresql{address.removeprefix('postgres')}"
        try:
            url = make_url(address)
        except (ArgumentError, ValueError) as error:
            raise ValueError(
                "is not a database's address, such as sqlite:///likecord.db or "
                "postgresql://user:password@host/database"
            ) from error
        backend = url.get_backend_name()
        if backend not in _DRIVERS:
            raise ValueError("must begin with sqlite: or postgresql:")
        if (wrong := wrong_options(url)) is not None:
            raise ValueError(wrong)
        with_driver = url.set(drivername=_DRIVERS[backend])
        return SecretStr(with_driver.render_as_string(hide_password=False))
