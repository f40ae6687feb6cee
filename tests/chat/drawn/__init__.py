"""Strategies of hypothesis for what is shown: ordinary, long, empty, and out to break markdown."""

from tests.chat.drawn.parts import counts, crowds, dollars, ids, moments
from tests.chat.drawn.people import brief_users, users
from tests.chat.drawn.posts import (
    brief_posts,
    liked_pages,
    likers_pages,
    metrics,
    plain_posts,
    posts,
)
from tests.chat.drawn.texts import (
    FOREIGN_USERNAMES,
    PERSIAN,
    awkward,
    names,
    plain_usernames,
    usernames,
)
from tests.chat.drawn.watches import (
    account_questions,
    account_watches,
    additions,
    months,
    questions,
    statuses,
    watches,
)

__all__ = [
    "FOREIGN_USERNAMES",
    "PERSIAN",
    "account_questions",
    "account_watches",
    "additions",
    "awkward",
    "brief_posts",
    "brief_users",
    "counts",
    "crowds",
    "dollars",
    "ids",
    "liked_pages",
    "likers_pages",
    "metrics",
    "moments",
    "months",
    "names",
    "plain_posts",
    "plain_usernames",
    "posts",
    "questions",
    "statuses",
    "usernames",
    "users",
    "watches",
]
