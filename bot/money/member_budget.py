"""What a member may cost on a UTC day: nobody alone spends what everybody's watches live on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.errors import MemberBudgetSpent
from bot.domain.guilds import MEMBER_DAILY_USD
from bot.domain.money import in_micro_usd, in_usd
from bot.x.prices import Bill
from storage.guilds import Guilds
from storage.member_charges import MemberCharges

Member = tuple[int, int]
"""A guild and one of its members, with a budget of their own."""


def member_of(bill: Bill) -> Member:
    return bill.guild_id, bill.member_id


@dataclass(frozen=True, slots=True)
class MemberShare:
    """A member's budget for today, and what is spent of it."""

    daily: int
    spent: int
    again_at: datetime

    def require(self, micro_usd: int, held: int) -> None:
        """Raise MemberBudgetSpent for what may cost more than is left; what is free may be.

        What the requests under way may cost is `held`.
        """
        left = self.daily - self.spent - held
        if micro_usd and micro_usd > left:
            again_at = self.again_at if micro_usd <= self.daily else None
            raise MemberBudgetSpent(in_usd(self.daily), again_at)


class MemberBudgets:
    """Knows what all processes spent for each member; those who manage a server have no limit."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    async def look(self, session: AsyncSession, bill: Bill) -> MemberShare | None:
        """Return whose budget a bill is held against; None: nobody's."""
        if not bill.member_id or not bill.guild_id:
            return None
        guild = await Guilds(session).get(bill.guild_id)
        daily = guild.member_budget_micro_usd
        today = self._now().date()
        return MemberShare(
            in_micro_usd(MEMBER_DAILY_USD) if daily is None else daily,
            await MemberCharges(session).on(today, bill.guild_id, bill.member_id),
            datetime.combine(today + timedelta(days=1), time(), UTC),
        )

    async def book(self, session: AsyncSession, bill: Bill, micro_usd: int) -> None:
        """Write down what a member's request has cost."""
        if bill.member_id and bill.guild_id and micro_usd:
            today = self._now().date()
            await MemberCharges(session).add(today, bill.guild_id, bill.member_id, micro_usd)
