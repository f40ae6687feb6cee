"""Every setting there is, and what each accepts."""

import json
import re
from decimal import Decimal
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from bot.domain.errors import SettingsError
from bot.domain.money import MICRO
from bot.domain.shards import Shards
from bot.domain.watches import POSTS_A_SERVER
from bot.run.settings.database import DatabaseSettings
from bot.run.settings.shards import read_shards
from bot.x.credentials import AppKeys, Credentials, UserToken
from bot.x.prices import MICRO_USD, Prices, Resource
from storage.crypto import Cipher

_ACCESS_TOKEN = re.compile(r"[0-9]{1,19}-\w+")
_GUILD_ID = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_HOST = re.compile(r"[\w.:-]+")
_MISSING = "missing; X's developer console shows it under Keys and tokens"
_OR_BEARER = " (X_BEARER_TOKEN alone is enough for like counts, without names)"
_HTTP = ("http://", "https://")
_WEBSOCKET = ("ws://", "wss://")


class Settings(DatabaseSettings):
    """Every setting there is; `.env.example` explains them."""

    discord_token: SecretStr | None = None
    discord_api_url: str | None = None
    discord_gateway_url: str | None = None
    shards: Annotated[Shards | None, NoDecode] = None
    discord_guild_id: int | None = Field(default=None, gt=0)

    x_api_url: str = "https://api.twitter.com"
    x_bearer_token: SecretStr | None = None
    x_api_key: SecretStr | None = None
    x_api_secret: SecretStr | None = None
    x_access_token: SecretStr | None = None
    x_access_token_secret: SecretStr | None = None
    x_client_id: str | None = None
    x_client_secret: SecretStr | None = None
    x_redirect_url: str | None = None
    callback_host: str | None = None

    secret_key: SecretStr | None = None
    probe_seconds: float = Field(default=15, ge=1, le=3600)
    x_prices: Annotated[dict[Resource, Decimal] | None, NoDecode] = None
    push: Literal["auto", "off"] = "auto"
    push_webhook_url: str | None = None
    monthly_budget_usd: Decimal | None = Field(default=None, ge=0)
    home_guild_ids: Annotated[frozenset[int] | None, NoDecode] = None
    privacy_url: str | None = None
    terms_url: str | None = None
    guest_daily_usd: Decimal = Field(default=Decimal(0), ge=0)
    watches_per_server: int = Field(default=POSTS_A_SERVER, ge=1)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = Field(default=None, ge=1, le=65535)

    @field_validator("push", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator(
        "discord_api_url",
        "x_api_url",
        "x_redirect_url",
        "push_webhook_url",
        "privacy_url",
        "terms_url",
    )
    @classmethod
    def _http_address(cls, value: str | None) -> str | None:
        return _address(value, _HTTP)

    @field_validator("discord_gateway_url")
    @classmethod
    def _websocket_address(cls, value: str | None) -> str | None:
        return _address(value, _WEBSOCKET)

    @field_validator("x_access_token")
    @classmethod
    def _names_its_user(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _ACCESS_TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError(
                "is not an access token; X's begin with the account's number and a hyphen, "
                "such as 2244994945-abc"
            )
        return value

    @field_validator("shards", mode="before")
    @classmethod
    def _some_of_many(cls, value: object) -> object:
        return read_shards(value) if isinstance(value, str) else value

    @field_validator("secret_key")
    @classmethod
    def _fernet_keys(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        try:
            Cipher(_listed(value))
        except ValueError as error:
            raise ValueError(
                "is not a key such as Likecord makes (32 bytes in URL-safe base64); make one "
                "with: make key"
            ) from error
        return value

    @field_validator("home_guild_ids", mode="before")
    @classmethod
    def _guild_ids(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        ids = [each.strip() for each in value.split(",") if each.strip()]
        # What is no number is left to pydantic to refuse.
        return frozenset(int(each) if _GUILD_ID.fullmatch(each) else each for each in ids)

    @field_validator("x_prices", mode="before")
    @classmethod
    def _price_list(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            given = dict(json.loads(value, parse_float=Decimal))
            prices = {Resource(name): Decimal(usd) for name, usd in given.items()}
        except (ValueError, TypeError, ArithmeticError):
            prices = {}
        if not prices or not all(usd.is_finite() and usd >= 0 for usd in prices.values()):
            known = ", ".join(resource.value for resource in Resource)
            raise ValueError(
                f'is not a list of prices in US dollars such as {{"post_read": 0.005}}, of: {known}'
            )
        return prices

    def credentials(self) -> Credentials:
        """Return what X may be asked with; raise SettingsError when it does not suffice."""
        return Credentials(user=self._user_token(), bearer=_plain(self.x_bearer_token))

    def app_alone(self) -> Credentials | None:
        """Return what is asked for guests with, if these may cost anything.

        Raise SettingsError where only the bot's own account could ask.
        """
        if not self.guest_daily_usd:
            return None
        if self.x_bearer_token is None:
            raise SettingsError([f"X_BEARER_TOKEN: {_MISSING}; GUEST_DAILY_USD needs it"])
        return Credentials(bearer=_plain(self.x_bearer_token))

    def webhook_keys(self) -> AppKeys | None:
        """Return what X signs with what it pushes; raise SettingsError where that is not known."""
        if self.push_webhook_url is not None and self.app_keys() is None:
            raise SettingsError([f"X_API_SECRET: {_MISSING}; PUSH_WEBHOOK_URL needs it"])
        return self.app_keys()

    def prices(self) -> Prices:
        """Return what X charges: its published prices, but for those that were set."""
        changed = {name: round(usd * MICRO) for name, usd in (self.x_prices or {}).items()}
        return {**MICRO_USD, **changed}

    def _user_token(self) -> UserToken | None:
        parts = {
            "X_API_KEY": _plain(self.x_api_key),
            "X_API_SECRET": _plain(self.x_api_secret),
            "X_ACCESS_TOKEN": _plain(self.x_access_token),
            "X_ACCESS_TOKEN_SECRET": _plain(self.x_access_token_secret),
        }
        key, secret, token, token_secret = parts.values()
        if key and secret and token and token_secret:
            return UserToken(key, secret, token, token_secret)
        has_user = token or token_secret
        if self.x_bearer_token and not has_user:
            return None
        lines = [f"{name}: {_MISSING}" for name, value in parts.items() if not value]
        if not has_user:
            lines[-1] += _OR_BEARER
        raise SettingsError(lines)

    def app_keys(self) -> AppKeys | None:
        """Return the app's OAuth 1.0a keys, which members' tokens are used together with."""
        key, secret = _plain(self.x_api_key), _plain(self.x_api_secret)
        return AppKeys(key, secret) if key and secret else None

    def client_secret(self) -> str | None:
        return _plain(self.x_client_secret)

    def secret_keys(self) -> list[str]:
        """Return the keys that stored tokens are encrypted with, the current one first."""
        return _listed(self.secret_key)

    def discord_login(self) -> str:
        """Return the bot's token; raise SettingsError when there is none."""
        token = _plain(self.discord_token)
        if not token:
            raise SettingsError(
                ["DISCORD_TOKEN: missing; Discord's developer portal shows it under Bot"]
            )
        return token

    def secrets(self) -> frozenset[str]:
        """Return every value that must never be logged."""
        values = (getattr(self, name) for name in type(self).model_fields)
        secrets = {_plain(value) for value in values if isinstance(value, SecretStr)}
        return frozenset(secret for secret in (*secrets, *self.secret_keys()) if secret)


def _listed(value: SecretStr | None) -> list[str]:
    return [key.strip() for key in value.get_secret_value().split(",")] if value else []


def _plain(value: SecretStr | None) -> str | None:
    return value.get_secret_value() if value is not None else None


def _address(value: str | None, schemes: tuple[str, ...]) -> str | None:
    if value is None:
        return None
    if not value.startswith(schemes):
        raise ValueError(f"must begin with {' or '.join(schemes)}")
    if not _names_a_host(value):
        raise ValueError("must name a host, and a port that is a number if any")
    return value


def _names_a_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        # Reading the port is what checks it.
        return parts.port != 0 and _HOST.fullmatch(parts.hostname or "") is not None
    except ValueError:
        return False
