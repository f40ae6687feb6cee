"""Frozen values that cross layers. IDs are integers, times are aware and in UTC."""

from bot.domain.guilds import Actor, GuildConfig
from bot.domain.likes import (
    Hidden,
    LikeDone,
    LikedPage,
    LikersPage,
    PostsFound,
    PostsPage,
    UsersPage,
)
from bot.domain.posts import Media, Missing, Post, PostCounts, like_intent_url, post_url
from bot.domain.status import Allowance, Status
from bot.domain.users import User
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
    "Allowance",
    "Announcement",
    "Delivery",
    "Forecast",
    "GuildConfig",
    "Hidden",
    "LikeDone",
    "LikedPage",
    "LikersPage",
    "Media",
    "Missing",
    "Post",
    "PostCounts",
    "PostsFound",
    "PostsPage",
    "Status",
    "User",
    "UsersPage",
    "Watch",
    "WatchAdded",
    "WatchChoice",
    "WatchKind",
    "like_intent_url",
    "post_url",
]
