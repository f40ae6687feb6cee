"""Who may look up, and who pays for it."""

from bot.domain import Actor
from bot.domain.errors import NotAllowed
from bot.x.prices import Bill
from storage.database import Database
from storage.guilds import Guilds
from storage.models import Guild


class LookupRights:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def require(self, actor: Actor) -> Guild:
        """Return the server's settings; raise NotAllowed for who lacks the role that they name."""
        async with self._database.reading() as session:
            guild = await Guilds(session).get(actor.guild_id)
        role_id = guild.lookup_role_id
        if role_id is None or actor.manages_guild or role_id in actor.role_ids:
            return guild
        raise NotAllowed(
            f"Looking up needs the role <@&{role_id}> here. Managers of the server can "
            "change that with `/config lookup-role`."
        )


def lookup_bill(purpose: str, actor: Actor) -> Bill:
    """Return who pays for what a member looks up: it stops before polling does."""
    return Bill(purpose, guild_id=actor.guild_id, lookup=True, member_id=actor.payer_id)
