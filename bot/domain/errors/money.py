"""What was to be spent at X is spent, by our budgets or by X's cap."""

from bot.domain.errors.x import XError


class BudgetSpent(XError):
    """Our own budget is used up: X is not asked."""

    def __init__(self) -> None:
        super().__init__(
            "This month's budget for X is spent, so I ask X nothing until the next month. "
            "The person who runs me can raise `MONTHLY_BUDGET_USD`."
        )


class BudgetNearlySpent(BudgetSpent):
    """What is left of our own budget is not for polling, nor for what is dear."""

    def __init__(self) -> None:
        XError.__init__(
            self,
            "This month's budget for X is nearly spent, and what is left is kept for likes and "
            "small look-ups. The person who runs me can raise `MONTHLY_BUDGET_USD`.",
        )


class GuildBudgetSpent(XError):
    """A server's own budget is used up: X is not asked for it."""

    def __init__(self) -> None:
        super().__init__(
            "This server's budget for X is spent for this month. Managers of the "
            "server can raise it with `/config budget`."
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
