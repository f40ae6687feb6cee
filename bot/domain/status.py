"""How the bot stands."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Allowance:
    """What X still allows on an endpoint until `resets_at`."""

    endpoint: str
    limit: int
    remaining: int
    resets_at: datetime


@dataclass(frozen=True, slots=True)
class Status:
    """How the bot stands in one guild: accounts, allowances, watches, money."""

    account: str | None
    app_only: bool
    allowances: tuple[Allowance, ...]
    watches: int
    posts_watched: int
    waiting: int
    announced_today: int
    last_probe_at: datetime | None
    spent_today_usd: Decimal
    spent_month_usd: Decimal
    budget_usd: Decimal | None
    problem: str | None = None
