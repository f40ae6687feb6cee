"""The small server that every sandbox starts with.

Its IDs never change, so that a bot's database still fits after the sandbox was restarted.
"""

from base64 import b64encode
from datetime import UTC, datetime

from sandbox.discord.permissions import Permission
from sandbox.discord.world import (
    MEMBER_OVERWRITE,
    Application,
    Channel,
    Guild,
    Member,
    Overwrite,
    Role,
    User,
    World,
)

GUILD_ID = 1_100_000_000_000_000_001
ADMINS_ID = 1_100_000_000_000_000_002
READERS_ID = 1_100_000_000_000_000_003
BOT_ROLE_ID = 1_100_000_000_000_000_004
GENERAL_ID = 1_100_000_000_000_000_011
LIKES_ID = 1_100_000_000_000_000_012
ANNOUNCEMENTS_ID = 1_100_000_000_000_000_013
STAFF_ID = 1_100_000_000_000_000_014
ADA_ID = 1_100_000_000_000_000_021
GRACE_ID = 1_100_000_000_000_000_022
LINUS_ID = 1_100_000_000_000_000_023
BOT_ID = 1_100_000_000_000_000_031

# A bot token begins with its application's ID, which hikari reads from it.
TOKEN = f"{b64encode(str(BOT_ID).encode()).decode().rstrip('=')}.sandbox.opens-nothing-else"
OPENED_AT = datetime(2023, 4, 24, 9, 0, tzinfo=UTC)

EVERYONE_MAY = (
    Permission.CREATE_INSTANT_INVITE
    | Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.CHANGE_NICKNAME
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)


def seeded_world() -> World:
    application = Application(id=BOT_ID, name="Likecord", owner_id=ADA_ID, token=TOKEN)
    return World(application=application, guilds={GUILD_ID: _guild()})


def _guild() -> Guild:
    guild = Guild(id=GUILD_ID, name="Sandbox", owner_id=ADA_ID)
    for role in (
        Role(GUILD_ID, "@everyone", int(EVERYONE_MAY), position=0),
        Role(READERS_ID, "Readers", 0, position=1, color=0x3BA55D, mentionable=True),
        Role(BOT_ROLE_ID, "Likecord", 0, position=2),
        Role(
            ADMINS_ID,
            "Admins",
            int(Permission.MANAGE_GUILD | Permission.MANAGE_CHANNELS | Permission.MANAGE_MESSAGES),
            position=3,
            color=0xE67E22,
            hoist=True,
        ),
    ):
        guild.roles[role.id] = role
    for position, (channel_id, name, topic) in enumerate(
        (
            (GENERAL_ID, "general", "Anything goes. Type / to see what the bot can do."),
            (LIKES_ID, "likes", "Who liked our posts"),
            (ANNOUNCEMENTS_ID, "announcements", None),
            (STAFF_ID, "staff-only", "The bot may not write here"),
        )
    ):
        guild.channels[channel_id] = Channel(channel_id, GUILD_ID, name, position, topic)
    _close_to_the_bot(guild.channels[STAFF_ID])
    for user, roles in (
        (User(ADA_ID, "ada", "Ada"), {ADMINS_ID}),
        (User(GRACE_ID, "grace", "Grace"), {READERS_ID}),
        (User(LINUS_ID, "linus", "Linus"), set()),
        (User(BOT_ID, "Likecord", "Likecord", bot=True), {BOT_ROLE_ID}),
    ):
        guild.members[user.id] = Member(user, OPENED_AT, roles)
    return guild


def _close_to_the_bot(channel: Channel) -> None:
    denied = int(Permission.SEND_MESSAGES)
    channel.overwrites[BOT_ID] = Overwrite(BOT_ID, MEMBER_OVERWRITE, deny=denied)
