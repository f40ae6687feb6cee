"""Which servers are the operator's own: noting it, adopting one, letting it go."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.errors import GuestNotServed
from bot.domain.guilds import HomeState, WhyHome
from bot.money.home_guilds import HomeGuilds
from storage.database import Database
from storage.guilds import Guilds
from storage.models import Guild
from storage.posts import Posts


class HomeService:
    def __init__(
        self,
        database: Database,
        homes: HomeGuilds,
        now: Callable[[], datetime],
        guest_daily_usd: Decimal = Decimal(0),
    ) -> None:
        self._database = database
        self._homes = homes
        self._now = now
        self._guest_daily_usd = guest_daily_usd

    async def show(self, guild_id: int) -> HomeState:
        async with self._database.reading() as session:
            return self._value(await Guilds(session).get(guild_id))

    async def require_served(self, guild_id: int) -> None:
        """Raise GuestNotServed for a guild for which nothing is asked of X."""
        state = await self.show(guild_id)
        if state.why is None and not state.guest_daily_usd:
            raise GuestNotServed

    async def note_owners(self, run_by_operator: Mapping[int, bool]) -> None:
        """Note of these guilds whether their owners run the bot."""
        async with self._database.transaction() as session:
            guilds = Guilds(session)
            before = await guilds.home_ids(run_by_operator)
            await guilds.set_owned(run_by_operator)
            for guild_id in await guilds.home_ids(run_by_operator) - before:
                await _came_home(session, guild_id)

    async def adopt(self, guild_id: int, member_id: int) -> HomeState:
        """Make a guild one of the operator's; whoever asks for it must run the bot."""
        return await self._set(guild_id, member_id)

    async def end(self, guild_id: int) -> HomeState:
        """Let an adopted guild go: what its owner's being the operator gives it, it keeps."""
        return await self._set(guild_id, None)

    async def _set(self, guild_id: int, adopted_by: int | None) -> HomeState:
        async with self._database.transaction() as session:
            guild = await Guilds(session).lock(guild_id)
            guild.adopted_by = adopted_by
            guild.adopted_at = None if adopted_by is None else self._now()
            if adopted_by is not None:
                await _came_home(session, guild_id)
            return self._value(guild)

    def _value(self, row: Guild) -> HomeState:
        return HomeState(
            row.id,
            self._why(row),
            row.adopted_by,
            row.adopted_at,
            are_named=bool(self._homes.named),
            guest_daily_usd=self._guest_daily_usd,
        )

    def _why(self, row: Guild) -> WhyHome | None:
        if self._homes.named:
            return WhyHome.NAMED if row.id in self._homes.named else None
        if row.owned_by_operator:
            return WhyHome.OWNED
        if row.adopted_by is not None:
            return WhyHome.ADOPTED
        return WhyHome.DEVELOPED if row.id in self._homes.developed else None


async def _came_home(session: AsyncSession, guild_id: int) -> None:
    """Ask again who likes what is watched there: the bot's account may look now."""
    await Posts(session).show_likers_in(guild_id)
