"""X's JSON, checked and read into values; both spellings of the field names are understood.

A field that X leaves out takes its default, and so does one of the wrong type; one that X adds is
ignored. A member of a list that cannot be read is left out of it, and all others stay. Only where a
default would say something false (an empty page, no likes) is the whole unreadable.
"""

from bot.x.wire.activity import DoneAnswer, SubscriptionsAnswer, WebhooksAnswer, read_event
from bot.x.wire.answers import (
    AnswerT,
    AnyAnswer,
    DailyUsageAnswer,
    LikedAnswer,
    PostsAnswer,
    UsageAnswer,
    UserAnswer,
    UsersAnswer,
)

__all__ = [
    "AnswerT",
    "AnyAnswer",
    "DailyUsageAnswer",
    "DoneAnswer",
    "LikedAnswer",
    "PostsAnswer",
    "SubscriptionsAnswer",
    "UsageAnswer",
    "UserAnswer",
    "UsersAnswer",
    "WebhooksAnswer",
    "read_event",
]
