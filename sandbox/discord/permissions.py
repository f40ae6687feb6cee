"""Permissions as Discord computes them: roles first, then the channel's overwrites."""

from collections.abc import Iterable
from enum import IntFlag
from functools import reduce
from operator import or_

from sandbox.discord.world import Channel, Guild, Member, Overwrite, Thread


class Permission(IntFlag):
    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40


ALL = reduce(or_, Permission)
WITHOUT_SENDING = ~(
    Permission.MENTION_EVERYONE
    | Permission.SEND_TTS_MESSAGES
    | Permission.ATTACH_FILES
    | Permission.EMBED_LINKS
)


def parse_names(names: Iterable[str]) -> Permission:
    """Read names such as `SEND_MESSAGES` or `send_messages`; raise ValueError for others."""
    found = Permission(0)
    for name in names:
        try:
            found |= Permission[name.upper()]
        except KeyError:
            raise ValueError(f"{name} is not a permission") from None
    return found


def of_guild(guild: Guild, member: Member) -> Permission:
    """Return what the member's roles allow, before any channel has its say."""
    if member.user.id == guild.owner_id:
        return ALL
    held = Permission(guild.everyone.permissions)
    for role_id in member.roles:
        held |= Permission(guild.roles[role_id].permissions)
    return ALL if Permission.ADMINISTRATOR in held else held


def of_channel(guild: Guild, channel: Channel, member: Member) -> Permission:
    if isinstance(channel, Thread):
        return _of_thread(guild, channel, member)
    held = _in_channel(guild, channel, member)
    return held if Permission.SEND_MESSAGES in held else held & WITHOUT_SENDING


def sending_in(channel: Channel) -> Permission:
    """Return what it takes to send messages there."""
    is_thread = isinstance(channel, Thread)
    return Permission.SEND_MESSAGES_IN_THREADS if is_thread else Permission.SEND_MESSAGES


def _of_thread(guild: Guild, thread: Thread, member: Member) -> Permission:
    """Return what the channel above allows; a private thread is shown to those in it alone."""
    held = _in_channel(guild, guild.channels[thread.parent_id], member)
    shown = member.user.id in thread.members or Permission.MANAGE_THREADS in held
    if thread.private and not shown:
        return Permission(0)
    return held if Permission.SEND_MESSAGES_IN_THREADS in held else held & WITHOUT_SENDING


def _in_channel(guild: Guild, channel: Channel, member: Member) -> Permission:
    base = of_guild(guild, member)
    if Permission.ADMINISTRATOR in base:
        return ALL
    held = _overwritten(base, [channel.overwrites.get(guild.id)])
    held = _overwritten(held, [channel.overwrites.get(role_id) for role_id in member.roles])
    held = _overwritten(held, [channel.overwrites.get(member.user.id)])
    return held if Permission.VIEW_CHANNEL in held else Permission(0)


def may_manage(guild: Guild, member: Member) -> bool:
    return bool(of_guild(guild, member) & (Permission.ADMINISTRATOR | Permission.MANAGE_GUILD))


def _overwritten(held: Permission, overwrites: Iterable[Overwrite | None]) -> Permission:
    """Apply the overwrites of one rank together: what one allows, another cannot deny."""
    allow = deny = Permission(0)
    for overwrite in overwrites:
        if overwrite is not None:
            allow |= Permission(overwrite.allow)
            deny |= Permission(overwrite.deny)
    return Permission(held & ~deny | allow)
