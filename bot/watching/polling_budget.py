"""Whether polling may spend now: what is left of the month's budgets is spent at an even pace."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.money.budgets import WHOLE_BOT, BudgetBalance, Budgets
from bot.money.guest_budget import GuestBudget, Guests, no_guests
from bot.money.home_guilds import EVERYWHERE
from bot.money.pacing import Pacer
from bot.x.prices import WATCH, Bill


def bill(post_id: int, payers: tuple[int, ...]) -> Bill:
    """Return who pays for what polling reads of a post."""
    return Bill(WATCH, {post_id: payers}, post_id=post_id)


def share_of(micro_usd: int, guild_ids: Collection[int]) -> int:
    """Return what comes upon each of the servers that ask for something together."""
    return micro_usd // max(1, len(guild_ids))


class PollingBudget:
    """A pacer for the whole bot and one for each server that has a budget."""

    def __init__(
        self, budgets: Budgets, now: Callable[[], datetime], guests: GuestBudget | None = None
    ) -> None:
        self._budgets = budgets
        self._guest_budget = guests or no_guests(now)
        self._guests = Guests(EVERYWHERE, 0)
        self._now = now
        self._balances: Mapping[int, BudgetBalance] = {}
        self._pacers: dict[int, Pacer] = {}

    async def look(self, session: AsyncSession, budgets: Mapping[int, int]) -> None:
        """Read what is left of these guilds' budgets (micro-USD); to be done once a round."""
        self._balances = await self._budgets.balances(session, budgets)
        self._guests = await self._guest_budget.look(session)

    async def look_also(self, session: AsyncSession, budgets: Mapping[int, int]) -> None:
        """Read what is left of these guilds' budgets, and leave the others as they were."""
        self._balances = {**self._balances, **await self._budgets.balances(session, budgets)}
        self._guests = await self._guest_budget.look(session)

    @property
    def is_over(self) -> bool:
        """Say whether the bot's own budget is spent, whatever its servers have."""
        whole = self._balances.get(WHOLE_BOT)
        return whole is not None and whole.is_spent

    def is_shut(self, guild_ids: Collection[int]) -> bool:
        """Say whether none of these servers can pay for anything."""
        return not any(self._is_open(guild_id) for guild_id in guild_ids)

    def is_home(self, guild_ids: Collection[int]) -> bool:
        """Say whether one of these servers is the operator's."""
        return any(guild_id in self._guests.home for guild_id in guild_ids)

    def payers(self, guild_ids: tuple[int, ...]) -> tuple[int, ...]:
        """Return who pays for a post: whoever watches it and still can, or all if none can."""
        return tuple(guild for guild in guild_ids if self._is_open(guild)) or guild_ids

    def _is_open(self, guild_id: int) -> bool:
        balance = self._balances.get(guild_id)
        has_budget = balance is None or not balance.is_spent
        return has_budget and self._guests.is_open(guild_id)

    def may_spend(self, micro_usd: int, guild_ids: Collection[int]) -> bool:
        """Say whether the bot, and at least one of the servers that ask for it, can pay now."""
        if guild_ids and not any(map(self._guests.is_open, guild_ids)):
            return False
        if micro_usd <= 0 or not self._balances:
            return True
        if not self._can_pay(WHOLE_BOT, micro_usd):
            return False
        part = share_of(micro_usd, guild_ids)
        # Each is asked, so that each one's pacer is open when its part is taken out.
        paying = [guild_id for guild_id in guild_ids if self._can_pay(guild_id, part)]
        return not guild_ids or bool(paying)

    def spent(self, micro_usd: int, guild_ids: Collection[int]) -> None:
        """Take out what a request was expected to cost."""
        if micro_usd <= 0 or not self._balances:
            return
        part = share_of(micro_usd, guild_ids)
        for payer, share in ((WHOLE_BOT, micro_usd), *((guild, part) for guild in guild_ids)):
            if payer in self._balances:
                self._pacer(payer).spent(share, self._now())

    def _can_pay(self, payer: int, micro_usd: int) -> bool:
        if payer != WHOLE_BOT and not self._guests.is_open(payer):
            return False
        balance = self._balances.get(payer)
        if balance is None:
            return True
        if not balance.pays(micro_usd):
            return False
        return self._pacer(payer).may_spend(micro_usd, balance.pace_micro_usd_s, self._now())

    def _pacer(self, payer: int) -> Pacer:
        return self._pacers.setdefault(payer, Pacer())
