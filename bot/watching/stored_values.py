"""Rows of the database and values of the domain, turned into each other."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from bot.domain import LikerFilter, Mention, Missing, Post, PostCounts, User, UserCounts
from bot.domain.errors import UnknownWatch
from bot.domain.languages import Language
from bot.domain.new_posts import PostFilter
from bot.domain.troubles import AccountMissing, DeliveryTrouble, PostMissing, WatchTrouble
from bot.domain.watches import Telling
from bot.watching.post_state.rows import MISSING_OF_STATE
from storage import models
from storage.due import Due
from storage.upsert import Row

Value = TypeVar("Value")


def still_there(found: Sequence[Value]) -> Value:
    """Return a watch as it is now; raise UnknownWatch for one that ended, or went, just now."""
    if not found:
        raise UnknownWatch
    return found[0]


def user_row(user: User) -> Row:
    return {
        "id": user.id,
        "username": user.username,
        "name": user.name,
        "profile_image_url": user.profile_image_url,
        "verified_type": user.verified_type,
        "protected": user.protected,
        "followers": user.counts.followers if user.counts else None,
    }


def user_value(row: models.XUser) -> User:
    return User(
        id=row.id,
        username=row.username,
        name=row.name,
        profile_image_url=row.profile_image_url,
        verified_type=row.verified_type,
        protected=row.protected,
        counts=None if row.followers is None else UserCounts(followers=row.followers),
    )


def post_value(row: models.Post, users: Mapping[int, models.XUser]) -> Post:
    """Return a post; of one that X does not show nothing is quoted."""
    author = users.get(row.author_id) if row.author_id is not None else None
    return Post(
        id=row.id,
        text=row.text if row.state is models.PostState.LIVE else "",
        author_id=row.author_id,
        author=user_value(author) if author else None,
        created_at=row.created_at,
        # What X has pushed is known before it is counted.
        counts=PostCounts(likes=row.like_count + row.ahead_count),
        versions=() if row.newer_id is None else (row.id, row.newer_id),
    )


def telling_of(each: Due) -> Telling:
    """Return the wishes of the watch that tells a row, or of the one that did and is gone."""
    if each.watch is not None:
        return Telling(each.watch.template, each.watch.goal, liker_filter(each.watch))
    was = each.row.watch_was
    if was is None:
        return Telling()
    named = LikerFilter(was["only_verified"], was["least_followers"])
    return Telling(was["template"], was["goal"], named)


def mention_of(row: models.Watch | models.AccountWatch) -> Mention | None:
    role_id = row.mention_role_id
    return None if role_id is None else Mention(role_id, row.mention_every_s)


def spoken_in(guild: models.Guild | None) -> Language:
    """Return in which language a server is told."""
    if guild is None:
        return Language.ENGLISH
    return Language(guild.language) if guild.language else discord_language_of(guild)


def discord_language_of(guild: models.Guild) -> Language:
    return Language(guild.discord_language or Language.ENGLISH)


def liker_filter(row: models.Watch) -> LikerFilter:
    return LikerFilter(row.only_verified, row.least_followers)


def post_filter(row: models.AccountWatch) -> PostFilter:
    return PostFilter(
        replies=row.replies,
        reposts=row.reposts,
        quotes=row.quotes,
        only_media=row.only_media,
        words=tuple((row.words or "").splitlines()),
        without=tuple((row.without_words or "").splitlines()),
    )


def watch_trouble(post: models.Post, shut: str | None) -> WatchTrouble | None:
    """Return what keeps a watch from telling anything; of two, that there is nothing to tell.

    `shut` is why its channel is, if it is.
    """
    why = MISSING_OF_STATE.get(post.state)
    if why is not None:
        return PostMissing(why)
    return None if shut is None else DeliveryTrouble(shut)


def account_trouble(
    row: models.AccountWatch, shut: str | None
) -> AccountMissing | DeliveryTrouble | None:
    if row.trouble is not None:
        return AccountMissing(row.username, Missing(row.trouble))
    return None if shut is None else DeliveryTrouble(shut)
