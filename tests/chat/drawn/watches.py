"""Watches, what they cost, and how the bot stands."""

from collections.abc import Callable
from datetime import datetime

from hypothesis import strategies as st

from bot.domain import (
    AccountForecast,
    AccountWatch,
    AccountWatchQuestion,
    AccountWatchRequest,
    Allowance,
    Forecast,
    Missing,
    Status,
    Verdict,
    VerdictKind,
    Watch,
    WatchAdded,
    WatchKind,
    WatchQuestion,
)
from bot.domain.troubles import AccountMissing, DeliveryTrouble, PostMissing
from bot.domain.usage import MonthSoFar
from tests.chat.drawn.parts import (
    AT,
    BOTH,
    COUNTS,
    ID,
    SOME_TIME,
    SUMS,
    Handful,
    dollars,
    ids,
    made,
    moments,
    numbers,
)
from tests.chat.drawn.people import BRIEF_USERS
from tests.chat.drawn.posts import brief_posts
from tests.chat.drawn.texts import awkward, plain_usernames, usernames

DAYS = range(1, 31)
_TROUBLES = [*DeliveryTrouble, *map(PostMissing, Missing)]


def _account_missing(why: Missing) -> Callable[[Handful], AccountMissing]:
    return lambda of: AccountMissing(of.text, why)


watches = made(
    Watch,
    numbers,
    id=[ID],
    guild_id=[ID],
    channel_id=[ID],
    post=brief_posts,
    kind=list(WatchKind),
    likes_announced=COUNTS,
    created_at=[AT],
    trouble=[None] * (len(_TROUBLES) // 2) + _TROUBLES,
    unlikes=BOTH,
    expires_at=SOME_TIME,
    shows_names=BOTH,
    starts_within=[None] * 9 + [1, 2, 3, 59, 60, 61, 999, 1_000, 10_000],
)
account_watches = made(
    AccountWatch,
    id=[ID],
    guild_id=[ID],
    channel_id=[ID],
    user=BRIEF_USERS,
    days=DAYS,
    replies=BOTH,
    reposts=BOTH,
    posts_watched=COUNTS,
    created_at=[AT],
    trouble=[None] * len(Missing) + [_account_missing(why) for why in Missing],
)
forecasts = made(
    Forecast,
    numbers,
    first_usd=SUMS,
    usd=SUMS,
    days=range(401),
    new_likes=COUNTS,
    unlikes_usd=SUMS,
)
account_questions = made(
    AccountWatchQuestion,
    request=made(
        AccountWatchRequest,
        numbers,
        guild_id=[ID],
        channel_id=[ID],
        ref=plain_usernames,
        by=[ID],
        days=DAYS,
        replies=BOTH,
        reposts=BOTH,
    ),
    user=BRIEF_USERS,
    forecast=made(
        AccountForecast,
        numbers,
        post_usd=SUMS,
        usd=SUMS,
        days=range(401),
        posts=COUNTS,
        likes=COUNTS,
        count_usd=SUMS,
        liker_usd=SUMS,
        posts_are_known=BOTH,
        likes_are_known=BOTH,
    ),
    ask_above_usd=SUMS,
)
additions = st.builds(WatchAdded, watch=watches, forecast=forecasts, already_there=st.booleans())
questions = st.builds(
    WatchQuestion,
    post=brief_posts,
    channel_id=ids,
    forecast=forecasts,
    ask_above_usd=dollars,
    unlikes=st.sampled_from([None, False, True]),
)
SOME_SUM = (None, *SUMS)
months = made(
    MonthSoFar,
    numbers,
    spent_usd=SUMS,
    ends_at=[AT],
    budget_usd=SOME_SUM,
    server_is_paused=BOTH,
    bot_is_paused=BOTH,
)


def _allowance(endpoint: str, left: int, at: datetime) -> Allowance:
    limit, remaining = divmod(left, 10_001)
    return Allowance(endpoint, limit, remaining, at)


statuses = made(
    Status,
    numbers,
    is_home=BOTH,
    account=st.one_of(st.none(), usernames),
    app_only=BOTH,
    allowances=st.lists(
        st.builds(_allowance, awkward, st.integers(0, 10_001**2 - 1), moments), max_size=30
    ).map(tuple),
    watches=COUNTS,
    posts_watched=COUNTS,
    waiting=COUNTS,
    announced_today=COUNTS,
    last_probe_at=SOME_TIME,
    spent_today_usd=SUMS,
    spent_month_usd=SUMS,
    budget_usd=SOME_SUM,
    month=months,
    channels=COUNTS,
    set_aside=COUNTS,
    likes_waiting=COUNTS,
    likers_again_at=SOME_TIME,
    problem=[None, "Something is wrong."],
    verdicts=st.lists(
        st.builds(Verdict, st.sampled_from(VerdictKind), moments, st.integers(1, 10_000)),
        max_size=len(VerdictKind),
    ).map(tuple),
)
