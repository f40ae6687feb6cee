"""What the bot needs in a server, and the link that asks for exactly that."""

from typing import cast

import discord

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,  # the charts of cards and digests; without it they are drawn in letters
    read_message_history=True,
)
_SCOPES = ("bot", "applications.commands")
# As Discord calls them, where that is not how discord.py does.
_NAMES = {"view_channel": "View Channels", "send_messages_in_threads": "Send Messages in Threads"}


def bot_in(guild: discord.Guild) -> discord.Member | None:
    """Return the bot as a member, if Discord has said which roles it has there.

    Where a server comes without it, discord.py makes one up, or has none.
    """
    me = cast("discord.Member | None", guild.me)
    return me if me is not None and me.joined_at is not None else None


def invite_url(application_id: int) -> str:
    return discord.utils.oauth_url(application_id, permissions=NEEDED, scopes=_SCOPES)


def names_of(permissions: discord.Permissions) -> list[str]:
    return [
        _NAMES.get(name, name.replace("_", " ").title()) for name, is_set in permissions if is_set
    ]


def missing_of(granted: discord.Permissions) -> list[str]:
    """Return what the bot lacks; whoever administrates lacks nothing."""
    if granted.administrator:
        return []
    return names_of(NEEDED & ~granted)
