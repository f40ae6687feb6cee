"""What X has cost a server: by day, by watch, by command."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain import Post
from bot.domain.money import in_usd
from bot.domain.usage import CommandCost, DaySpent, PostsCounted, Usage, WatchCost
from bot.money.budgets import WHOLE_BOT, Budgets
from bot.money.home_guilds import HomeGuilds
from bot.money.month_forecast import DAY, DAYS_LOOKED_AT, month_forecast
from bot.watching.stored_values import post_value
from bot.x.prices import WATCH
from storage.charges import Charges
from storage.database import Database
from storage.posts import Posts
from storage.users import Users

_DEAREST = 5


class UsageService:
    def __init__(
        self,
        database: Database,
        budgets: Budgets,
        now: Callable[[], datetime],
        homes: HomeGuilds,
        counted: Callable[[], PostsCounted | None] = lambda: None,
    ) -> None:
        self._database = database
        self._budgets = budgets
        self._now = now
        self._homes = homes
        self._counted = counted

    async def show(self, guild_id: int) -> Usage:
        """Return what this month has cost the server; X is not asked.

        What the whole bot has spent, and X counts, is told in the operator's own servers alone.
        """
        now = self._now()
        today = now.date()
        first = today.replace(day=1)
        async with self._database.reading() as session:
            charges = Charges(session)
            by_day = await charges.by_day(guild_id, min(first, today - DAYS_LOOKED_AT * DAY), today)
            purposes = await charges.by_purpose(guild_id, first, today)
            posts = await charges.dearest_posts(guild_id, WATCH, first, today, _DEAREST)
            watches = await _watch_costs(session, posts)
            month = await self._budgets.month_of(session, guild_id)
            is_home = guild_id in await self._homes.among(session, [guild_id])
            whole = (await self._budgets.balances(session, {})).get(WHOLE_BOT) if is_home else None
        spent = {day: micro_usd for day, micro_usd in by_day.items() if day >= first}
        expected = month_forecast(by_day, now)
        return Usage(
            days=_days(first, spent, expected),
            today_usd=in_usd(spent.get(today, 0)),
            month=month,
            forecast_usd=in_usd(sum({**spent, **expected}.values())),
            watches=watches,
            commands=_commands(purposes),
            whole_bot_used=whole.used if whole is not None else None,
            counted=self._counted() if is_home else None,
        )


async def _watch_costs(session: AsyncSession, by_post: dict[int, int]) -> tuple[WatchCost, ...]:
    rows = await Posts(session).some(by_post)
    users = await Users(session).get({row.author_id for row in rows.values() if row.author_id})
    return tuple(
        WatchCost(
            post_value(rows[post_id], users) if post_id in rows else Post(post_id, ""),
            in_usd(spent),
        )
        for post_id, spent in by_post.items()
    )


def _days(
    first: date, spent: Mapping[date, int], expected: Mapping[date, int]
) -> tuple[DaySpent, ...]:
    """Return each day of the month: those until today with what they cost, then the others."""
    today, last = min(expected), max(expected)
    days = [first + number * DAY for number in range((last - first).days + 1)]
    return tuple(
        DaySpent(day, in_usd(spent.get(day, 0)))
        if day <= today
        else DaySpent(day, in_usd(expected[day]), expected=True)
        for day in days
    )


def _commands(purposes: dict[str, int]) -> tuple[CommandCost, ...]:
    dearest = sorted(purposes.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        CommandCost(None if purpose == WATCH else purpose, in_usd(spent))
        for purpose, spent in dearest
    )
