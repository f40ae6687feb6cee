"""Budgets: what was chosen, what is spent of it, and what to do when it is all."""

from bot.chat.cards.card import Accent, Card, card
from bot.chat.cards.numbers import ago, money
from bot.domain.usage import MonthSoFar

_SERVER_PAUSED = (
    "**Paused: this month's budget is spent.** Raise it to resume (`/config budget`); else I go on "
    "{ends}, when the next month begins."
)
_BOT_PAUSED = (
    "**Paused: my budget for this month is spent.** The person who runs me can raise "
    "`MONTHLY_BUDGET_USD`; else I go on {ends}, when the next month begins."
)


def budget_set_card(month: MonthSoFar) -> Card:
    """Say what the budget is now, and whether it stops anything."""
    spent = money(month.spent_usd)
    said = f"This server has no budget now. {spent} spent this month so far."
    if month.budget_usd is not None:
        said = f"Budget set to {money(month.budget_usd)} a month. {spent} spent so far."
    accent = Accent.TROUBLE if month.is_paused else Accent.DONE
    return card(accent, "\n".join([said, *paused_lines(month)]))


def paused_lines(month: MonthSoFar) -> list[str]:
    """Return what a budget stops, and how it goes on; nothing where none is spent."""
    ends = ago(month.ends_at)
    lines = [_SERVER_PAUSED.format(ends=ends)] if month.server_is_paused else []
    return [*lines, _BOT_PAUSED.format(ends=ends)] if month.bot_is_paused else lines


def of_budget(month: MonthSoFar) -> str:
    """Return what was spent this month, and of what."""
    spent = money(month.spent_usd)
    if month.budget_usd is None:
        return f"{spent} this month, with no budget set"
    return f"{spent} this month of this server's {money(month.budget_usd)} budget"
