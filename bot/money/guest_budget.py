"""What servers that are not the operator's may cost them on a UTC day."""

from collections.abc import Callable, Collection, Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.errors import GuestBudgetSpent, GuestNotServed
from bot.domain.money import in_micro_usd
from bot.money.home_guilds import EveryGuildIsHome, HomeGuilds
from bot.x.prices import Bill
from storage.charges import Charges


@dataclass(frozen=True, slots=True)
class Guests:
    """How much of today's micro-USD is left to each server that is not home."""

    home: Container[int]
    daily: int
    spent: Mapping[int, int] = field(default_factory=dict)

    def left(self, guild_id: int) -> int | None:
        """Return what is left to a guild; None is no limit, for it is home."""
        return None if guild_id in self.home else self.daily - self.spent.get(guild_id, 0)

    def is_open(self, guild_id: int) -> bool:
        """Say whether anything may be asked of X for a guild."""
        left = self.left(guild_id)
        return left is None or left > 0

    def payable(self, bill: Bill, micro_usd: int, held: Mapping[int, int]) -> Bill:
        """Return who pays for what costs so much, without the guests who cannot.

        What the `held` of requests under way may cost is as good as spent. Raise GuestNotServed or
        GuestBudgetSpent when nobody is left: what is free is not asked for them either.
        """
        while guilds := bill.guild_ids:
            part = -(-micro_usd // len(guilds))
            shut = {guild for guild in guilds if not self._can_pay(guild, part, held)}
            if not shut:
                return bill
            if shut == guilds:
                raise GuestBudgetSpent if self.daily else GuestNotServed
            bill = bill.without(shut)
        return bill

    def _can_pay(self, guild_id: int, part: int, held: Mapping[int, int]) -> bool:
        left = self.left(guild_id)
        if left is None:
            return True
        left -= held.get(guild_id, 0)
        return left > 0 and left >= part


class GuestBudget:
    def __init__(
        self, homes: HomeGuilds, now: Callable[[], datetime], daily_usd: Decimal = Decimal(0)
    ) -> None:
        self._homes = homes
        self._now = now
        self._daily = in_micro_usd(daily_usd)

    async def look(self, session: AsyncSession, guild_ids: Collection[int] | None = None) -> Guests:
        """Return what is left to these guilds, or to all, with what all processes spent."""
        return await self._among(session, await self._homes.among(session, guild_ids), guild_ids)

    async def look_at(
        self, session: AsyncSession, guild_ids: Collection[int], stored: frozenset[int]
    ) -> Guests:
        """Return what is left to these guilds, of which those `stored` as home are known."""
        return await self._among(session, self._homes.of(stored), guild_ids)

    async def _among(
        self, session: AsyncSession, home: Container[int], guild_ids: Collection[int] | None
    ) -> Guests:
        if not self._daily or (guild_ids is not None and all(each in home for each in guild_ids)):
            return Guests(home, self._daily)
        today = self._now().date()
        return Guests(home, self._daily, await Charges(session).spent_by_guild(today, today))


def no_guests(now: Callable[[], datetime]) -> GuestBudget:
    """Return the budget of a bot that serves its operator alone."""
    return GuestBudget(EveryGuildIsHome(), now)
