"""What X has cost a server."""

from typing import Any

import discord
from discord import ui

from bot.chat.cards.budgets import paused_lines
from bot.chat.cards.card import Accent, Card, card, line
from bot.chat.cards.display_rules import excerpt
from bot.chat.cards.numbers import money, number, roughly
from bot.chat.cards.posts import post_link
from bot.domain.budget_shares import NEARLY_SPENT
from bot.domain.files import NamedFile
from bot.domain.usage import CommandCost, PostsCounted, Usage, WatchCost

_MAX_EXCERPT = 60
_MAX_COMMANDS = 10
_HOW = (
    "-# By X's prices; days and months are in UTC, and X charges the same post or person once a "
    "day. A post that several servers watch is paid by them in equal parts."
)
_WATCHES_TOGETHER = "All watches"
# Of before each command's costs were told apart.
_NOT_KNOWN = "Not known"


def usage_card(usage: Usage, chart: NamedFile | None = None) -> Card:
    """Show the costs of the month; `chart` is the picture that goes with the message."""
    used = max(usage.used or 0.0, usage.whole_bot_used or 0.0)
    items: list[str | ui.Item[Any]] = [_sums(usage)]
    if chart is not None:
        items.append(_picture(usage, chart))
    if usage.watches:
        items += [line(), _watches(usage.watches)]
    if usage.commands:
        items += [line(), _commands(usage.commands)]
    stands_out = usage.month.is_paused or used >= NEARLY_SPENT / 100
    return card(Accent.TROUBLE if stands_out else Accent.PLAIN, *items, _HOW)


def _sums(usage: Usage) -> str:
    lines = [
        "### What X has cost this server",
        *paused_lines(usage.month),
        f"**Today** {money(usage.today_usd)}",
        f"**This month** {money(usage.month.spent_usd)}{_of_budget(usage)}",
    ]
    if not usage.month.is_paused:
        expected = f"{roughly(usage.forecast_usd)}{_beyond(usage)}"
        lines.append(f"**Forecast this month** {expected}")
    if usage.whole_bot_used is not None:
        lines.append(f"**Budget of the whole bot** {min(1.0, usage.whole_bot_used):.0%} spent")
    if usage.counted is not None and usage.counted.differ:
        lines.append(_counted_otherwise(usage.counted))
    return "\n".join(lines)


def _counted_otherwise(counted: PostsCounted) -> str:
    """Say to whom runs the bot that X's bill will not be what is shown here."""
    by_x, by_us = number(counted.by_x), number(counted.by_us)
    return (
        f"**X counts otherwise** Of {counted.day:%-d %B} it counts {by_x} posts for all apps of my "
        f"project, and I have {by_us}: if nothing else uses the project, believe X's bill."
    )


def _of_budget(usage: Usage) -> str:
    budget = usage.month.budget_usd
    if budget is None or usage.used is None:
        return ", with no budget set"
    share = f"{usage.used:.0%}" if usage.used < 1 else "all of it"
    return f" of {money(budget)}, which is {share}"


def _beyond(usage: Usage) -> str:
    budget = usage.month.budget_usd
    if budget is None or usage.forecast_usd <= budget:
        return ""
    return f". From {NEARLY_SPENT} % of the budget on I look less often, so that it lasts."


def _picture(usage: Usage, chart: NamedFile) -> ui.MediaGallery[Any]:
    spent = [day for day in usage.days if not day.expected]
    dearest = max(spent, key=lambda day: day.usd)
    told = (
        f"Costs of each day of the month: {money(usage.month.spent_usd)} "
        f"until the {spent[-1].day.day}., at most {money(dearest.usd)} on the {dearest.day.day}. "
        "Paler bars are what is expected."
    )
    return ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{chart.name}", description=told))


def _watches(watches: tuple[WatchCost, ...]) -> str:
    listed = (
        f"{money(watch.usd)} {post_link(watch.post)}\n{excerpt(watch.post, _MAX_EXCERPT)}".rstrip()
        for watch in watches
    )
    return "\n".join(("**Most expensive watches**", *listed))


def _commands(commands: tuple[CommandCost, ...]) -> str:
    listed = (f"{money(each.usd)} {_asked_by(each)}" for each in commands[:_MAX_COMMANDS])
    return "\n".join(("**What it was spent on**", *listed))


def _asked_by(cost: CommandCost) -> str:
    if cost.command is None:
        return _WATCHES_TOGETHER
    return f"`{cost.command}`" if cost.command else _NOT_KNOWN
