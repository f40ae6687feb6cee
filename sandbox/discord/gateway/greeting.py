"""What a bot hears first: hello, ready, and its guilds."""

from sandbox.discord.gateway.protocol import HEARTBEAT_INTERVAL_MS, Intent, Op
from sandbox.discord.gateway.session import Session
from sandbox.discord.permissions import Permission, of_channel
from sandbox.discord.shapes import guilds, people
from sandbox.discord.types import Json
from sandbox.discord.world import Guild, World

SEES_MEMBERS = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES


def gateway_url(base: str) -> str:
    return f"{base.replace('http', 'ws', 1)}/gateway"


def hello() -> Json:
    data = {"heartbeat_interval": HEARTBEAT_INTERVAL_MS, "_trace": ["sandbox"]}
    return {"op": int(Op.HELLO), "t": None, "s": None, "d": data}


def ready(world: World, session: Session) -> Json:
    return {
        "v": 10,
        "user": people.own_user(world.bot),
        "guilds": [
            {"id": str(guild.id), "unavailable": True}
            for guild in world.bots_guilds
            if session.holds_guild(guild.id)
        ],
        "session_id": session.id,
        "resume_gateway_url": gateway_url(session.base),
        "shard": list(session.shard),
        "application": {"id": str(world.application.id), "flags": 0},
        "session_type": "normal",
        "private_channels": [],
        "presences": [],
        "relationships": [],
        "user_settings": {},
        "geo_ordered_rtc_regions": [],
        "_trace": ["sandbox"],
    }


def send_guild(world: World, session: Session, guild: Guild, *, joined: bool = False) -> None:
    """Send GUILD_CREATE; without an intent that shows members, a bot sees only itself.

    That of a guild which the bot has just joined does not say that it was not unavailable.
    """
    if not session.intents & Intent.GUILDS:
        return
    bot = world.bot_member(guild)
    sees_all = bool(session.intents & SEES_MEMBERS)
    members = list(guild.members.values()) if sees_all else [bot]
    threads = [
        thread
        for thread in guild.threads.values()
        if not thread.archived and Permission.VIEW_CHANNEL in of_channel(guild, thread, bot)
    ]
    shape = guilds.guild_create(guild, members, threads, bot)
    if joined:
        del shape["unavailable"]
    session.dispatch("GUILD_CREATE", shape)


def members_chunk(guild: Guild, asked: Json) -> Json:
    wanted = asked.get("user_ids") or []
    wanted = {str(one) for one in (wanted if isinstance(wanted, list) else [wanted])}
    prefix = str(asked.get("query") or "").lower()
    found = [
        member
        for member in guild.members.values()
        if (str(member.user.id) in wanted if wanted else member.user.username.startswith(prefix))
    ]
    chunk: Json = {
        "guild_id": str(guild.id),
        "members": [
            people.member(member) for member in found[: int(asked.get("limit") or 0) or None]
        ],
        "chunk_index": 0,
        "chunk_count": 1,
        "not_found": sorted(wanted - {str(member.user.id) for member in found}),
    }
    if asked.get("nonce"):
        chunk["nonce"] = asked["nonce"]
    return chunk
