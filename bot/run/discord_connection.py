"""Logging in at Discord and staying on the gateway, however long Discord is away."""

import asyncio
import logging
from collections.abc import Collection
from http import HTTPStatus

import aiohttp
import discord

from bot.chat.connection import gateway_pause
from bot.chat.connection.client import LikecordClient
from bot.chat.connection.login_check import (
    DiscordAway,
    DiscordTrouble,
    discord_identity,
    rest_answers,
)
from bot.chat.connection.sharded_client import ShardedClient
from bot.chat.connection.unread_frames import UnreadFrames, hang_up
from bot.domain.errors import SettingsError
from bot.run.gateway_outage import gateway_outage_told
from bot.run.outage import Outage, pause
from bot.run.settings import Settings
from bot.run.stopping import unless_stopped

logger = logging.getLogger(__name__)
_RECONNECT_S = 5.0
# The longest between two tries to log in, unless Discord names a longer one.
_LONGEST_S = 60.0
_LONGEST_NAMED_S = 24 * 3600.0
_CLOUDFLARE = "1015"
_CANCEL_AGAIN_S = 0.05
DISCORD_REFUSES = (
    "DISCORD_TOKEN: Discord does not accept it; make a new one in the developer portal under Bot"
)
# By Discord's gateway close codes: what no second try mends.
_WHY_REFUSED = {
    4004: DISCORD_REFUSES,
    4010: "SHARDS: Discord knows no such shard of this bot; set SHARDS=auto",
    4011: (
        "SHARDS: this bot is in too many servers for one connection (Discord's limit is 2,500); "
        "set SHARDS=auto"
    ),
}
_INTENTS_REFUSED = 4014
_REFUSED_OTHERWISE = (
    "Discord's gateway refuses this bot for good (close code {code}); a newer version of the bot "
    "may be needed"
)


class _WorthATry(Exception):
    """The gateway may be there again."""


async def log_in(client: LikecordClient, token: str, stop: asyncio.Event) -> bool:
    """Log in, however long Discord is away; return False when it is time to stop instead."""
    away = Outage("Discord", longest_s=_LONGEST_S)
    while not stop.is_set():
        try:
            logged_in = await unless_stopped(stop, client.login(token))
        except discord.LoginFailure:
            raise SettingsError([DISCORD_REFUSES]) from None
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            # The next try opens a session of its own, and leaves this one as it is.
            await client.http.close()
            client.http.connector = discord.utils.MISSING
            why, named_s = _why(error)
            await pause(stop, away.failed(why, named_s=named_s))
        else:
            away.over()
            return logged_in
    return False


def _why(error: Exception) -> tuple[str, float | None]:
    """Return what keeps us out, and the seconds that Discord wants to be left alone for."""
    if not isinstance(error, discord.HTTPException):
        return type(error).__name__, None
    named = _seconds(error.response.headers.get("Retry-After", ""))
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        banned = " (Cloudflare's error 1015)" if _CLOUDFLARE in error.text else ""
        return f"Discord has had too many requests from this address{banned}", named
    return f"Discord answers {error.status}", named


def _seconds(named: str) -> float | None:
    try:
        seconds = float(named)
    except ValueError:
        return None
    return min(seconds, _LONGEST_NAMED_S) if seconds > 0 else None


async def stay_connected(
    client: LikecordClient, stop: asyncio.Event, outage: Outage | None = None
) -> None:
    """Stay on the gateway until it is time to stop, or Discord wants us no more."""
    outage = outage or Outage("Discord's gateway")
    with gateway_outage_told(client, outage):
        await _stay_connected(client, stop, outage)


async def _stay_connected(client: LikecordClient, stop: asyncio.Event, outage: Outage) -> None:
    unread = UnreadFrames()
    while not stop.is_set():
        try:
            await unless_stopped(stop, _connect(client))
        except _WorthATry:
            continue
        except discord.ConnectionClosed as error:
            why = _WHY_REFUSED.get(error.code, _REFUSED_OTHERWISE.format(code=error.code))
            raise SettingsError([why]) from None
        except discord.PrivilegedIntentsRequired:
            raise SettingsError([_REFUSED_OTHERWISE.format(code=_INTENTS_REFUSED)]) from None
        except discord.GatewayNotFound as error:
            # Of several shards Discord is asked first how many they are to be.
            outage.met(type(error).__name__)
            await pause(stop, _RECONNECT_S)
        except Exception as error:
            # discord.py asks for the place to go on at, also where it never was on the gateway; of
            # the try that failed it has told.
            if client.was_on_the_gateway or not isinstance(error, AttributeError):
                if isinstance(client, ShardedClient) and client.was_on_the_gateway:
                    raise  # its other shards go on by themselves
                unread.met(error)
                outage.met(type(error).__name__)
                await _leave(client)
            await pause(stop, _RECONNECT_S)
        else:
            return


async def _leave(client: LikecordClient) -> None:
    client.dispatch("disconnect")
    if client.was_on_the_gateway:
        await hang_up(client.ws)


async def _connect(client: LikecordClient) -> None:
    """Be on the gateway; raise _WorthATry when discord.py's own pause is not worth waiting for.

    Those grow to a quarter of an hour, long after Discord is back. Each shard has its own.
    """
    connecting = asyncio.create_task(client.connect(reconnect=True))
    tasks = [connecting]
    if not isinstance(client, ShardedClient):
        tasks.append(asyncio.create_task(_until_worth_a_try(client)))
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        next(task for task in tasks if task.done()).result()
    finally:
        await _cancel(tasks)


async def _cancel(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel tasks until they are: who is just connecting may keep the first time to itself.

    So does a shard, and before Python 3.12 asyncio's `wait_for`, where a try ends in that moment.
    """
    while left := [task for task in tasks if not task.done()]:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=_CANCEL_AGAIN_S)
    await asyncio.gather(*tasks, return_exceptions=True)


async def _until_worth_a_try(client: LikecordClient) -> None:
    """Raise when Discord's REST API is back, or nothing was tried anew for a minute."""
    clock = asyncio.get_running_loop().time
    since, was_away = clock(), False
    while True:
        await asyncio.sleep(gateway_pause.LOOK_EVERY_S)
        answers = client.is_on_gateway or await rest_answers()
        if client.is_on_gateway:
            since, was_away = clock(), False
        elif (answers and was_away) or clock() - since >= gateway_pause.TRY_AT_LEAST_EVERY_S:
            raise _WorthATry
        else:
            was_away = was_away or not answers


async def discords_refusal(settings: Settings) -> list[str]:
    """Return what Discord has against the token, so that all that is wrong is told at once."""
    try:
        await discord_identity(settings.discord_login())
    except DiscordAway:
        return []
    except DiscordTrouble:
        return [DISCORD_REFUSES]
    return []
