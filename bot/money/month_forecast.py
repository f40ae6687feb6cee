"""What a month will cost, from what its days have cost. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bot.money.budgets import month_end

DAY = timedelta(days=1)
DAYS_LOOKED_AT = 7
# A day begins dear, because X charges everything anew: less of one says nothing.
_LEAST_OF_A_DAY = 0.25


def month_forecast(by_day: Mapping[date, int], now: datetime) -> dict[date, int]:
    """Return the micro-USD that today and each day to come of this month will have cost.

    They will cost what the whole days of the last week did, from the first that cost anything;
    today at least what it has cost already.
    """
    today, ends = now.date(), month_end(now).date()
    typical = _typical_day(by_day, now)
    expected = {today + ahead * DAY: typical for ahead in range((ends - today).days)}
    expected[today] = max(by_day.get(today, 0), typical)
    return expected


def _typical_day(by_day: Mapping[date, int], now: datetime) -> int:
    today = now.date()
    week = [today - back * DAY for back in range(DAYS_LOOKED_AT, 0, -1)]
    begun = min((day for day, spent in by_day.items() if spent), default=today)
    whole = [by_day.get(day, 0) for day in week if day >= begun]
    if whole:
        return sum(whole) // len(whole)
    passed = (now - now.replace(hour=0, minute=0, second=0, microsecond=0)) / DAY
    return round(by_day.get(today, 0) / max(_LEAST_OF_A_DAY, passed))
