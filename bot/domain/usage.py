"""What X has cost a server."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.posts import Post


@dataclass(frozen=True, slots=True)
class DaySpent:
    """What a UTC day has cost, or, where it is yet to come, is expected to cost."""

    day: date
    usd: Decimal
    expected: bool = False


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
    `whole_bot_used` is the share of the whole bot's budget that all servers spent together.
    """

    days: tuple[DaySpent, ...]
    today_usd: Decimal
    month_usd: Decimal
    forecast_usd: Decimal
    watches: tuple[WatchCost, ...]
    commands: tuple[CommandCost, ...]
    budget_usd: Decimal | None = None
    whole_bot_used: float | None = None

    @property
    def used(self) -> float | None:
        """Return the share of the server's budget that is spent; None without a budget."""
        if self.budget_usd is None:
            return None
        return float(self.month_usd / self.budget_usd) if self.budget_usd else 1.0
