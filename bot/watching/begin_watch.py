"""How the watching of a post begins: its row, its state, and the row of the watch."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain import Post, WatchKind
from bot.domain.errors import AskedNotToBeShown
from bot.watching import like_rate
from bot.watching.post_state.rows import write_likes_state
from bot.watching.post_state.state import LikesState
from bot.watching.stored_values import user_row
from storage import models
from storage.forgotten import ForgottenList
from storage.models import PostState, Watch
from storage.posts import Posts
from storage.told_watches import ToldWatches
from storage.users import Users
from storage.watches import Watches

Begin = Callable[[models.Post, int, datetime], None]


def begin_silently(row: models.Post, likes: int, now: datetime) -> None:
    """Start watching a post anew: its likes until now are old, and are not announced."""
    row.state = PostState.LIVE
    row.missing_since = row.suspected = row.suspected_at = None
    begin_anew(row, likes, now)


def begin_anew(row: models.Post, likes: int, now: datetime) -> None:
    """Know nothing any more of who likes a post; whether X shows it stays as it was seen."""
    row.unwatched_since = row.erased_at = None
    write_likes_state(row, LikesState(WatchKind.PENDING, likes, collected=likes))
    row.probed_at = now
    row.heat = like_rate.NEWS
    row.whole_at = row.deep_at = None
    row.list_order = row.tail_token = None
    row.tail_count = 0
    row.begins_anew = False


def begin_with_next_count(row: models.Post, now: datetime) -> None:
    """Start watching a post anew that X need not be asked about now: what comes next is old."""
    begin_silently(row, row.like_count, now)
    row.begins_anew = True


def begin_at_birth(row: models.Post, likes: int, now: datetime) -> None:
    """Start watching a post that has just appeared: nobody liked it before, so every like is news.

    Its list of likers counts as read when it was empty.
    """
    begin_silently(row, likes, now)
    moved_at = now if likes else None
    born = LikesState(WatchKind.PENDING, likes, 0, moved_at=moved_at, read_at=now, found_at=now)
    write_likes_state(row, born)


@dataclass(frozen=True, slots=True)
class Begun:
    """A channel's watch of a post: the row that was there, or the new one, which is stored.

    `guild_ids` are those that X is asked for.
    """

    watch: Watch
    post: models.Post
    is_new: bool
    guild_ids: tuple[int, ...]


async def begin_watch(
    session: AsyncSession,
    post: Post,
    wanted: Watch,
    now: datetime,
    *,
    author_id: int | None = None,
    begin: Begin = begin_silently,
) -> Begun:
    """Store a post, and the `wanted` watch of it unless the channel has one that goes on.

    One that had ended and is not yet gone is begun anew, and keeps what it had to announce. Where
    nobody watches the post yet, its state begins as `begin` says. `author_id` is of a user that is
    stored already, for a post that X shows without its author. Raise AskedNotToBeShown where the
    author wants none of it.
    """
    if await ForgottenList(session).has(post.id, post.author_id or author_id):
        raise AskedNotToBeShown
    row, told, was_there = await _stored(session, post, author_id)
    known = None
    if was_there:
        # Locked, for one that has ended may be deleted just now.
        known = await Watches(session).find(wanted.channel_id, post.id, lock=True)
    is_new = known is None or known.ended_at is not None or known.resting_since is not None
    if is_new and not told.watches:
        begin(row, post.counts.likes, now)
    elif row.erased_at is not None:
        begin_anew(row, post.counts.likes, now)
    watch = known or await Watches(session).add(wanted)
    if is_new and known is not None:
        watch.begun_again_at = now
    found = await Posts(session).with_guilds(post.id)
    guilds = dict.fromkeys([*(found.guild_ids if found else ()), watch.guild_id])
    return Begun(watch, row, is_new, tuple(guilds))


async def _stored(
    session: AsyncSession, post: Post, author_id: int | None
) -> tuple[models.Post, ToldWatches, bool]:
    """Store a post's text and author; what the polling knows of it stays.

    Return it, locked, its watches, and whether it was there: else this server has none of it.
    The post is locked before its author is, as by all who store likes: the author's may be one.
    """
    posts = Posts(session)
    row, told = await posts.lock_with_watches(post.id)
    was_there = row is not None
    if post.author is not None:
        await Users(session).save([user_row(post.author)])
    values = {
        "author_id": post.author.id if post.author else author_id,
        "text": post.text,
        "created_at": post.created_at,
        "newer_id": post.newer_id,
    }
    if row is None:
        await posts.save({"id": post.id, **values})
        row, told = await posts.lock_with_watches(post.id)
    else:
        row.sqlmodel_update(values)
    if row is None:
        raise LookupError(f"post {post.id} was stored and is not there")
    return row, told, was_there
