"""Where Discord is: its own addresses, unless the settings name others."""

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


def asked_at() -> str:
    return Route.BASE


def gateway() -> yarl.URL:
    return DiscordWebSocket.DEFAULT_GATEWAY


def point_at(api_url: str | None, gateway_url: str | None) -> None:
    """Use these addresses for every client of this process; discord.py has no setting for it."""
    if api_url is not None:
        Route.BASE = api_url.rstrip("/")
    if gateway_url is not None:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
