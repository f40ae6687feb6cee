"""Direct messages between the bot and one user."""

from sandbox.discord.core import Core
from sandbox.discord.permissions import ALL
from sandbox.discord.world import Channel, Direct, Member, Role, User


def open_direct(core: Core, user: User) -> Direct:
    """Open them: in what is like a server of two, both may do all."""
    now = core.clock.now()
    place = core.snowflakes.next()
    bot = core.world.bot
    direct = Direct(
        id=place,
        name="",
        owner_id=bot.id,
        roles={place: Role(place, "@everyone", int(ALL))},
        channels={place: Channel(place, place, "", 0)},
        members={one.id: Member(one, now) for one in (bot, user)},
        recipient=user,
    )
    core.world.directs[place] = direct
    return direct
