"""X's JSON, checked and read into values; both spellings of the field names are understood.

A field that X leaves out takes its default, one it adds is ignored, and one of the wrong type
makes the whole answer unreadable.
"""

from bot.x.wire.answers import (
    AnswerT,
    AnyAnswer,
    LikedAnswer,
    PostsAnswer,
    UsageAnswer,
    UserAnswer,
    UsersAnswer,
)

__all__ = [
    "AnswerT",
    "AnyAnswer",
    "LikedAnswer",
    "PostsAnswer",
    "UsageAnswer",
    "UserAnswer",
    "UsersAnswer",
]
