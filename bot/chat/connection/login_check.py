"""Finding out whether Discord can be reached, and as whom."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp
import discord

from bot.chat.connection.addresses import asked_at, gateway
from bot.chat.connection.proxies import proxy_for_discord
from bot.chat.connection.whole_answers import read_any_json
from bot.chat.connection.whole_application import WholeApplication
from bot.chat.permissions import invite_url, missing_of
from bot.domain.errors import LikecordError

_TIMEOUT_S = 10
_MOST_SERVERS = 200
_REST_TIMEOUT_S = 5


class DiscordTrouble(LikecordError):
    """Discord refuses the token, or does not answer."""


class DiscordAway(DiscordTrouble):
    """Discord does not answer."""


def without_voice() -> None:
    """Keep discord.py from warning of packages for voice: nothing here speaks."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


@dataclass(frozen=True, slots=True)
class Server:
    """A server that the bot is in, and the permissions that its roles lack there."""

    name: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DiscordIdentity:
    """Who the bot is at Discord, the link that invites it, and the first 200 of its servers."""

    name: str
    invite_url: str
    servers: tuple[Server, ...]


async def discord_identity(token: str) -> DiscordIdentity:
    """Ask Discord who the bot is; raise DiscordTrouble with what to do about it."""
    without_voice()
    read_any_json()
    client = WholeApplication(intents=discord.Intents(guilds=True), proxy=proxy_for_discord())
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            await client.login(token)
            servers = tuple(map(_server, await client.http.get_guilds(_MOST_SERVERS)))
        return DiscordIdentity(str(client.user), invite_url(client.application_id or 0), servers)
    except discord.LoginFailure as error:
        raise DiscordTrouble(
            "Discord does not accept DISCORD_TOKEN; make a new one in its developer portal"
        ) from error
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        raise DiscordAway("Discord does not answer; try again in a minute") from error
    finally:
        await client.close()


def _server(guild: Mapping[str, Any]) -> Server:
    granted = discord.Permissions(int(guild["permissions"]))
    return Server(guild["name"], tuple(missing_of(granted)))


async def rest_answers() -> bool:
    """Tell whether Discord's REST API is there, without logging in."""
    timeout = aiohttp.ClientTimeout(total=_REST_TIMEOUT_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as http,
            http.get(f"{asked_at()}/gateway", proxy=proxy_for_discord()) as answer,
        ):
            return answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
    except (aiohttp.ClientError, OSError):
        return False


async def reach_gateway() -> None:
    """Be greeted by Discord's gateway, without logging in; raise DiscordAway."""
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
    url = gateway().update_query(v="10", encoding="json")
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as http,
            http.ws_connect(url, proxy=proxy_for_discord()) as socket,
        ):
            await socket.receive_json(timeout=_TIMEOUT_S)
    except (aiohttp.ClientError, OSError, TypeError, ValueError) as error:
        sentence = "Discord's gateway does not answer; try again in a minute"
        raise DiscordAway(sentence) from error
