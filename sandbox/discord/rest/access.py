"""What the bot may do where."""

from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError, Problem
from sandbox.discord.permissions import Permission, of_channel, sending_in
from sandbox.discord.world import Channel, Thread


def visible_channel(core: Core, channel_id: int) -> Channel:
    """Return a channel that the bot sees; raise what Discord says otherwise."""
    channel = core.world.channel(channel_id)
    if Permission.VIEW_CHANNEL not in held_in(core, channel):
        raise ApiError(Problem.MISSING_ACCESS)
    return channel


def held_in(core: Core, channel: Channel) -> Permission:
    guild = core.world.guild_of(channel)
    return of_channel(guild, channel, core.world.bot_member(guild))


def require(core: Core, channel: Channel, needed: Permission) -> None:
    if needed not in held_in(core, channel):
        raise ApiError(Problem.MISSING_PERMISSIONS)


def require_sending(core: Core, channel: Channel) -> None:
    """Hold that the bot may write there; into an archived thread that is not locked it may."""
    direct = core.world.directs.get(channel.id)
    if direct is not None and not core.world.takes_messages(direct.recipient.id):
        raise ApiError(Problem.CANNOT_MESSAGE_USER)
    require(core, channel, sending_in(channel))
    if not isinstance(channel, Thread) or not channel.locked:
        return
    if Permission.MANAGE_THREADS not in held_in(core, channel):
        raise ApiError(Problem.ARCHIVED_THREAD if channel.archived else Problem.LOCKED_THREAD)
