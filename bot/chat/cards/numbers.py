"""Numbers, money and times in words."""

from datetime import datetime
from decimal import Decimal

import discord

_CENT = Decimal("0.01")
_SMALLEST = Decimal("0.0001")
# Kinds of requests, which X names by the paths of its API, as a person would call them.
_REQUESTS = {
    "GET /2/tweets": "posts and their counts",
    "GET /2/tweets/:id/liking_users": "likers of a post",
    "GET /2/users/:id/liked_tweets": "posts that a user likes",
    "GET /2/users/:id/tweets": "posts of a user",
    "GET /2/users/by/username/:username": "users by their names",
    "GET /2/users/me": "whose account it is",
    "GET /2/usage/tweets": "use of X's API",
    "POST /2/users/:id/likes": "likes",
    "DELETE /2/users/:id/likes/:tweet_id": "unlikes",
    "GET /2/activity/subscriptions": "what X pushes",
    "POST /2/activity/subscriptions": "letting X push",
    "DELETE /2/activity/subscriptions": "ending what X pushes",
    "GET /2/webhooks": "webhooks",
    "POST /2/webhooks": "new webhooks",
    "PUT /2/webhooks/:id": "proofs of webhooks",
}


def requests_for(endpoint: str) -> str:
    return _REQUESTS.get(endpoint, endpoint)


def number(count: int) -> str:
    return f"{count:,}"


def counted(count: int, singular: str, plural: str | None = None) -> str:
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def cents(usd: Decimal) -> str:
    """Return dollars to the cent, however few they are."""
    return f"${usd:,.2f}"


def money(usd: Decimal) -> str:
    """Return dollars to the cent; below a cent, what is needed to tell it from nothing."""
    if usd == 0 or abs(usd) >= _CENT:
        return cents(usd)
    return "less than $0.0001" if abs(usd) < _SMALLEST else f"${usd.normalize():.4f}".rstrip("0")


def roughly(usd: Decimal) -> str:
    """Return an estimate in dollars: no more exact than it can be, which is to the cent."""
    if usd == 0:
        return "nothing"
    return "less than a cent" if usd < _CENT else f"about {cents(usd)}"


def ago(moment: datetime) -> str:
    return discord.utils.format_dt(moment, "R")


def day(moment: datetime) -> str:
    return discord.utils.format_dt(moment, "D")


def date(moment: datetime) -> str:
    return discord.utils.format_dt(moment, "f")
