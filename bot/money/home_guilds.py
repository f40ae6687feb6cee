"""Which servers are the operator's own: they alone get the bot's account, and its money."""

from collections.abc import Collection, Container

from sqlmodel.ext.asyncio.session import AsyncSession

from storage.guilds import Guilds


class HomeGuilds:
    """Those of the settings; where these name none, those that are owned or were adopted.

    Owned by the application's owner or a member of its team, or adopted by such a person. The one
    in which the operator develops the bot, as the settings say, is theirs as well.
    """

    def __init__(self, named: Collection[int] = (), developed: int | None = None) -> None:
        self.named = frozenset(named)
        self.developed = frozenset() if developed is None else frozenset({developed})

    async def among(
        self, session: AsyncSession, guild_ids: Collection[int] | None = None
    ) -> Container[int]:
        """Return which of these guilds, or of all, are home."""
        return self.named or await Guilds(session).home_ids(guild_ids) | self.developed

    def of(self, stored: frozenset[int]) -> Container[int]:
        """Return which guilds are home, where it is loaded already what is stored of them."""
        return self.named or stored | self.developed


class _Everything(Container[int]):
    def __contains__(self, _guild_id: object) -> bool:
        return True


EVERYWHERE: Container[int] = _Everything()


class EveryGuildIsHome(HomeGuilds):
    """Where nobody else is served, there is nothing to tell apart."""

    async def among(
        self, _session: AsyncSession, _guild_ids: Collection[int] | None = None
    ) -> Container[int]:
        return EVERYWHERE

    def of(self, _stored: frozenset[int]) -> Container[int]:
        return EVERYWHERE
