"""What X has cost a server."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.domain.posts import Post


@dataclass(frozen=True, slots=True)
class MonthSoFar:
    """What a server has spent this UTC month, and whether a budget keeps it from going on.

    When too little is left of its own or of the whole bot's budget to look for likes, looking is
    paused until that is raised, or the month `ends_at`.
    """

    spent_usd: Decimal
    ends_at: datetime
    budget_usd: Decimal | None = None
    server_is_paused: bool = False
    bot_is_paused: bool = False

    @property
    def is_paused(self) -> bool:
        return self.server_is_paused or self.bot_is_paused


@dataclass(frozen=True, slots=True)
class DaySpent:
    """What a UTC day has cost, or, where it is yet to come, is expected to cost."""

    day: date
    usd: Decimal
    expected: bool = False


@dataclass(frozen=True, slots=True)
class PostsCounted:
    """How many posts were read on a UTC day, by X's count of the project and by our books."""

    day: date
    by_x: int
    by_us: int

    @property
    def differ(self) -> bool:
        """Say whether that is more than a tenth apart."""
        return abs(self.by_x - self.by_us) * 10 > max(self.by_x, self.by_us)


@dataclass(frozen=True, slots=True)
class WatchCost:
    post: Post
    usd: Decimal


@dataclass(frozen=True, slots=True)
class CommandCost:
    """`command` is its name with the slash; None is what the watches cost together."""

    command: str | None
    usd: Decimal


@dataclass(frozen=True, slots=True)
class Usage:
    """A server's costs of this UTC month, by X's prices, the dearest first; `days` are all of it.

    `forecast_usd` is what the whole month will cost if it goes on like the last days.
    `whole_bot_used` is the share of the whole bot's budget that all servers spent together. Where X
    counts otherwise than we do, `counted` says how.
    """

    days: tuple[DaySpent, ...]
    today_usd: Decimal
    month: MonthSoFar
    forecast_usd: Decimal
    watches: tuple[WatchCost, ...]
    commands: tuple[CommandCost, ...]
    whole_bot_used: float | None = None
    counted: PostsCounted | None = None

    @property
    def used(self) -> float | None:
        """Return the share of the server's budget that is spent; None without a budget."""
        spent, budget = self.month.spent_usd, self.month.budget_usd
        if budget is None:
            return None
        return float(spent / budget) if budget else 1.0
