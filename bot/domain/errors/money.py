"""What was to be spent at X is spent, by our budgets or by X's cap."""

from datetime import datetime
from decimal import Decimal

from bot.domain.errors.x import XError


class BudgetSpent(XError):
    """Our own budget is used up: X is not asked."""

    def __init__(self) -> None:
        super().__init__(
            "My own budget for X is spent for this month, so I ask X nothing until the next "
            "month begins. The person who runs me can raise `MONTHLY_BUDGET_USD`."
        )


class BudgetNearlySpent(BudgetSpent):
    """What is left of our own budget is not for look-ups, or not for polling either."""

    def __init__(self) -> None:
        XError.__init__(
            self,
            "My own budget for X is nearly spent for this month, and what is left is kept for "
            "watches and likes. The person who runs me can raise `MONTHLY_BUDGET_USD`.",
        )


class GuildBudgetSpent(XError):
    """A server's own budget is used up: X is not asked for it."""

    def __init__(self) -> None:
        super().__init__(
            "This server's budget for X is spent for this month. Managers of the "
            "server can raise it with `/config budget`."
        )


class GuildBudgetNearlySpent(GuildBudgetSpent):
    """What is left of a server's own budget is not for look-ups."""

    def __init__(self) -> None:
        XError.__init__(
            self,
            "This server's budget for X is nearly spent for this month, and what is left is kept "
            "for watches and likes. Managers of the server can raise it with `/config budget`.",
        )


class MemberBudgetSpent(XError):
    """A member has spent what one may on a day, or asks for what may cost more than that.

    `again_at` is when the next day begins; None: it costs too much on any day.
    """

    def __init__(self, daily_usd: Decimal, again_at: datetime | None) -> None:
        budget = f"${daily_usd:.2f}"
        why = (
            f"That may cost more than the {budget} that a member may spend here on a day."
            if again_at is None
            else f"That may cost more than is left to you today of the {budget} that a member may "
            f"spend here on a day. Yours begins anew <t:{int(again_at.timestamp())}:R>."
        )
        super().__init__(
            f"{why} Managers of the server can change that with `/config member-budget`."
        )


class GuestNotServed(GuildBudgetSpent):
    """The server is not the operator's, and the operator pays for no others."""

    def __init__(self) -> None:
        XError.__init__(
            self,
            "I only ask X for the servers of the person who runs me, and this isn't one of them. "
            "They can let it in with `/config home`.",
        )


class GuestBudgetSpent(GuildBudgetSpent):
    """The server is not the operator's, and has cost them what it may cost on a day."""

    def __init__(self) -> None:
        XError.__init__(
            self,
            "What I may spend at X for this server today is spent. I go on at midnight UTC.",
        )


class UsageCapped(XError):
    """The plan's cap or the prepaid credit is used up (402, usage-capped)."""

    def __init__(self) -> None:
        super().__init__(
            "X's monthly cap or the prepaid credit of this app is used up. The person who runs "
            "me can raise it in X's developer console."
        )
