"""What `python -m bot check` says of Discord: the token, the invite link, the servers."""

from collections.abc import AsyncIterator, Sequence

from bot.chat.connection.addresses import asked_at, gateway
from bot.chat.connection.login_check import (
    DiscordAway,
    DiscordTrouble,
    Server,
    discord_identity,
    reach_gateway,
)
from bot.run.finding import Finding, Level
from bot.run.settings import Settings

_MOST_NAMED = 20


async def check_discord(settings: Settings) -> AsyncIterator[Finding]:
    """Log in and be greeted by the gateway; then say where the bot is, and what it lacks there."""
    about, where, setting = "Discord", asked_at(), "DISCORD_API_URL"
    try:
        identity = await discord_identity(settings.discord_login())
        where, setting = str(gateway()), "DISCORD_GATEWAY_URL"
        await reach_gateway()
    except DiscordAway as error:
        yield Finding(Level.FAIL, about, f"{error}. {asked_where(where, setting)}")
        return
    except DiscordTrouble as error:
        yield Finding(Level.FAIL, about, f"{error}.")
        return
    yield Finding(Level.OK, about, f"the bot is {identity.name}.")
    yield Finding(
        Level.OK, "Invite link", f"{identity.invite_url} asks for what the bot needs, and no more."
    )
    yield _servers(identity.servers)


def asked_where(where: str, setting: str) -> str:
    return f"It was asked at {where}; another address can be set as {setting}."


def _servers(servers: Sequence[Server]) -> Finding:
    about = "Servers"
    if not servers:
        return Finding(
            Level.NOTE, about, "the bot is in none yet. Open the invite link and choose one."
        )
    named = ", ".join(map(_described, servers[:_MOST_NAMED]))
    more = f" and {len(servers) - _MOST_NAMED:,} more" if len(servers) > _MOST_NAMED else ""
    if not any(server.missing for server in servers):
        return Finding(Level.OK, about, f"{named}{more}.")
    return Finding(
        Level.NOTE,
        about,
        f"{named}{more}. Give the bot's role what it lacks; a channel may allow it by itself.",
    )


def _described(server: Server) -> str:
    name = " ".join(server.name.split())
    return f"{name} (lacks {', '.join(server.missing)})" if server.missing else name
