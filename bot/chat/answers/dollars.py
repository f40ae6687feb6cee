"""Sums of US dollars that somebody typed."""

from decimal import Decimal, InvalidOperation

from bot.domain.errors import NotASum

LEAST_USD, MOST_USD = Decimal("0.01"), Decimal(1_000_000)


def dollars_of(text: str, least: Decimal = LEAST_USD) -> Decimal:
    """Return a sum to the cent; raise NotASum."""
    try:
        usd = round(Decimal(text.strip().removeprefix("$").replace(",", ".")), 2)
    except InvalidOperation:
        raise NotASum from None
    if not (usd.is_finite() and least <= usd <= MOST_USD):
        raise NotASum
    return usd
