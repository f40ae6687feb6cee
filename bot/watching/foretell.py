"""What a watch will cost, in dollars and told before it begins; and whether that is to be asked."""

from datetime import datetime, timedelta
from decimal import Decimal

from bot.domain import AccountForecast, Forecast, Post, User
from bot.domain.guilds import ASK_ABOVE_USD
from bot.domain.money import in_usd
from bot.watching.cost_forecast import (
    MONTH_DAYS,
    PostsExpected,
    WatchTerms,
    forecast,
    forecast_new_posts,
    liker_price,
)
from bot.x.prices import Prices, Resource
from storage import models

# Of an account that does not say how many posts it has made, or since when.
_POSTS_A_DAY = 1.0
_DAY = timedelta(days=1)


def foretell(post: Post, prices: Prices, now: datetime, terms: WatchTerms) -> Forecast:
    """Return what a watch of a post costs by X's prices, with its author if it is a new one."""
    age = now - post.created_at if post.created_at else timedelta(0)
    costs = forecast(post.counts.likes, age, prices, terms)
    author = prices[Resource.USER_READ] if terms.unread is None else 0
    return Forecast(
        first_usd=in_usd(costs.first_micro_usd + author),
        usd=in_usd(costs.micro_usd + author),
        days=round(terms.days),
        new_likes=round(costs.new_likes),
        unlikes_usd=in_usd(costs.unlikes_micro_usd),
    )


def foretell_account(
    user: User, prices: Prices, now: datetime, terms: WatchTerms, likes_each: float | None
) -> AccountForecast:
    """Return what watching an account's new posts costs in a month, each on these terms.

    It is assumed that the account goes on as it did: with as many posts a day as on average so
    far, and with `likes_each` where posts of it are known.
    """
    a_day = _posts_a_day(user, now)
    expected = PostsExpected(_POSTS_A_DAY if a_day is None else a_day, likes_each)
    costs = forecast_new_posts(expected, prices, terms)
    return AccountForecast(
        post_usd=in_usd(costs.post_micro_usd),
        usd=in_usd(costs.micro_usd),
        days=round(MONTH_DAYS),
        posts=round(costs.posts),
        likes=round(costs.likes),
        count_usd=in_usd(costs.count_micro_usd),
        liker_usd=in_usd(liker_price(prices, terms)),
        posts_are_known=a_day is not None,
        likes_are_known=likes_each is not None,
    )


def _posts_a_day(user: User, now: datetime) -> float | None:
    if user.counts is None or user.created_at is None:
        return None
    return user.counts.posts / max(1.0, (now - user.created_at) / _DAY)


def ask_above(guild: models.Guild) -> Decimal:
    """Return what a watch may cost before a guild is asked; 0 is always."""
    chosen = guild.ask_above_micro_usd
    return ASK_ABOVE_USD if chosen is None else in_usd(chosen)


def asks_first(usd: Decimal, above: Decimal) -> bool:
    return above == 0 or usd > above
