"""Frozen values that cross layers. IDs are integers, times are aware and in UTC."""

from bot.domain.guilds import Actor, GuildConfig
from bot.domain.likes import (
    Hidden,
    LikeDone,
    LikedPage,
    LikersPage,
    PostsFound,
    PostsPage,
    Profile,
    UsersPage,
)
from bot.domain.links import Link
from bot.domain.posts import (
    AuthorMetrics,
    Media,
    Missing,
    Playback,
    Poll,
    PollOption,
    Post,
    PostCounts,
    Reference,
    ReferenceKind,
    Withheld,
    like_intent_url,
    post_url,
)
from bot.domain.status import Allowance, Status
from bot.domain.users import Affiliation, User, UserCounts
from bot.domain.watches import (
    Announcement,
    Delivery,
    Forecast,
    Watch,
    WatchAdded,
    WatchChoice,
    WatchKind,
)

__all__ = [
    "Actor",
    "Affiliation",
    "Allowance",
    "Announcement",
    "AuthorMetrics",
    "Delivery",
    "Forecast",
    "GuildConfig",
    "Hidden",
    "LikeDone",
    "LikedPage",
    "LikersPage",
    "Link",
    "Media",
    "Missing",
    "Playback",
    "Poll",
    "PollOption",
    "Post",
    "PostCounts",
    "PostsFound",
    "PostsPage",
    "Profile",
    "Reference",
    "ReferenceKind",
    "Status",
    "User",
    "UserCounts",
    "UsersPage",
    "Watch",
    "WatchAdded",
    "WatchChoice",
    "WatchKind",
    "Withheld",
    "like_intent_url",
    "post_url",
]
