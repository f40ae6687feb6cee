"""How likes came, by what was told in a server: charts, and who and what stands out."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.which_account import Access
from bot.domain import Post
from bot.domain.errors import NoHistory, NotAPost, TooManyCompared
from bot.domain.insight import (
    MOST_COMPARED,
    Courses,
    LikePoint,
    Period,
    PostCourse,
    TopLiker,
    TopPost,
)
from bot.watching.stored_values import post_value, user_value
from bot.x.post_ref import find_post_refs, parse_post_ref
from storage.database import Database
from storage.posts import Posts
from storage.told_likes import ToldLike, ToldLikes
from storage.users import Users
from storage.watches import Watches

_LASTS = {
    Period.DAY: timedelta(days=1),
    Period.WEEK: timedelta(days=7),
    Period.MONTH: timedelta(days=30),
}
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_LISTED = 10


class InsightService:
    def __init__(self, database: Database, access: Access, now: Callable[[], datetime]) -> None:
        self._database = database
        self._access = access
        self._now = now

    async def courses(self, guild_id: int, ref: str, others: str, period: Period) -> Courses:
        """Return how the likes of up to five posts went; raise NoHistory where none is watched."""
        post_ids = _posts_of(ref, others)
        async with self._database.reading() as session:
            watched = {
                row.post_id: row.created_at
                for row in reversed(await Watches(session).of_guild(guild_id))
            }
            chosen = [post_id for post_id in post_ids if post_id in watched]
            if not chosen:
                raise NoHistory
            since = self._since(period)
            told = await ToldLikes(session).of_guild(guild_id, since, chosen)
            posts = await _post_values(session, chosen)
        courses = tuple(
            _course(
                posts[post_id],
                [each for each in told if each.post_id == post_id],
                max(since, watched[post_id]),
                self._now(),
            )
            for post_id in chosen
        )
        return Courses(courses, left_out=len(post_ids) - len(chosen))

    async def top_posts(self, guild_id: int, period: Period) -> tuple[TopPost, ...]:
        """Return the watched posts that gained the most likes."""
        async with self._database.reading() as session:
            gained = Counter[int]()
            for told in await ToldLikes(session).of_guild(guild_id, self._since(period)):
                gained[told.post_id] += told.change
            best = [(one, count) for one, count in gained.most_common(_MOST_LISTED) if count > 0]
            posts = await _post_values(session, [post_id for post_id, _ in best])
        return tuple(TopPost(posts[post_id], count) for post_id, count in best)

    async def top_likers(self, guild_id: int, period: Period) -> tuple[TopLiker, ...]:
        """Return who liked the most watched posts, of those whom the server was told of by name.

        Who likes the posts of somebody who let the server see no names any more is not shown.
        """
        async with self._database.reading() as session:
            told = await ToldLikes(session).of_guild(guild_id, self._since(period))
            rows = await Posts(session).some({each.post_id for each in told})
            readers = await self._access.readers(session)
            shown = {
                row.id for row in rows.values() if readers.shows_names(row.author_id, guild_id)
            }
            pairs = {
                (user_id, each.post_id)
                for each in told
                if each.post_id in shown
                for user_id in each.user_ids
            }
            likes = Counter(user_id for user_id, _ in pairs)
            best = sorted(likes.items(), key=lambda item: (-item[1], item[0]))[:_MOST_LISTED]
            users = await Users(session).get({user_id for user_id, _ in best})
        return tuple(
            TopLiker(user_value(users[user_id]), count)
            for user_id, count in best
            if user_id in users
        )

    def _since(self, period: Period) -> datetime:
        lasts = _LASTS.get(period)
        return _EVER if lasts is None else self._now() - lasts


def _posts_of(ref: str, others: str) -> list[int]:
    first = parse_post_ref(ref)
    more = find_post_refs(others)
    if others.strip() and not more:
        raise NotAPost
    chosen = list(dict.fromkeys([first, *more]))
    if len(chosen) > MOST_COMPARED:
        raise TooManyCompared
    return chosen


def _course(post: Post, told: Sequence[ToldLike], since: datetime, now: datetime) -> PostCourse:
    """Return a course from the count before the first change to the count of now."""
    first = told[0].likes - told[0].change if told else post.counts.likes
    points = [LikePoint(since, max(0, first))]
    points += [LikePoint(each.at, each.likes) for each in told]
    return PostCourse(post, (*points, LikePoint(now, post.counts.likes)))


async def _post_values(session: AsyncSession, post_ids: Collection[int]) -> dict[int, Post]:
    rows = await Posts(session).some(post_ids)
    authors = {row.author_id for row in rows.values() if row.author_id is not None}
    users = await Users(session).get(authors)
    return {row.id: post_value(row, users) for row in rows.values()}
