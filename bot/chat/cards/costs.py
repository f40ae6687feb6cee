"""What a watch is expected to cost, and why that is asked about, in words."""

from decimal import Decimal

from bot.chat.cards.numbers import counted, money, roughly
from bot.domain import Forecast


def forecast_sentence(forecast: Forecast) -> str:
    """Return what a watch of a post costs; of what is paid already, nothing is said."""
    if forecast.usd == 0:
        return "Watching it costs nothing."
    today = f"{roughly(forecast.first_usd)} today, " if forecast.first_usd else ""
    told = (
        f"Estimated cost: {today}{roughly(forecast.usd)} over "
        f"{counted(forecast.days, 'day')}, with {counted(forecast.new_likes, 'new like')}."
    )
    if not forecast.unlikes_usd:
        return told
    most = money(forecast.unlikes_usd)
    return f"{told} Of that, up to {most} is for looking once a day who took a like back."


def why_asked(above: Decimal) -> str:
    if above == 0:
        return "You asked me to check before every new watch."
    return f"I check before a watch that may cost more than {money(above)}."
