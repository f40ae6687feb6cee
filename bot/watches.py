"""Watching posts for a guild: add, list, remove, forecast."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain import Forecast, Post, Watch, WatchAdded, WatchChoice, WatchKind
from bot.errors import NoChannel, UnknownWatch, XError
from bot.polling.collect import Collector
from bot.polling.counting import take_count
from bot.polling.news import TROUBLE_OF_STATE, News
from bot.polling.standing import CEILING
from bot.polling.tracking import standing_of
from bot.rows import post_value, user_row
from bot.x.client import XClient
from bot.x.post_ref import parse_post_ref
from bot.x.prices import MICRO, MICRO_USD, Bill, Resource
from storage import models
from storage.database import Database
from storage.guilds import Guilds
from storage.models import PostKind, PostState
from storage.posts import Posts
from storage.users import Users
from storage.watches import Watches

_CHOICES = 25  # Discord shows no more
_LABEL = 100


class WatchService:
    def __init__(
        self,
        database: Database,
        x: XClient,
        collector: Collector,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._x = x
        self._collector = collector
        self._now = now

    async def add(self, guild_id: int, channel_id: int | None, ref: str, by: int) -> WatchAdded:
        """Watch a post; without a channel, in the one that the guild chose (else NoChannel).

        Who likes the post already is recorded first, and not announced.
        """
        post_id = parse_post_ref(ref)
        channel = channel_id or await self._chosen_channel(guild_id)
        asked_at = self._now()
        post = await self._x.post(post_id, Bill("/watch add", guild_id=guild_id))
        await self._count(post, asked_at)
        await self._catch_up(post_id)
        row, is_new = await self._store(guild_id, channel, post, by)
        await self._catch_up(post_id)
        async with self._database.reading() as session:
            watch = (await self._values(session, guild_id, [row]))[0]
        return WatchAdded(watch, forecast(post, watch.kind, self._now()), already_there=not is_new)

    async def _chosen_channel(self, guild_id: int) -> int:
        async with self._database.reading() as session:
            guild = await Guilds(session).get(guild_id)
        if guild.channel_id is None:
            raise NoChannel
        return guild.channel_id

    async def _count(self, post: Post, asked_at: datetime) -> None:
        """Take the count over for those who watch already: what came until now is news to them."""
        now = self._now()
        async with self._database.transaction() as session:
            row = await Posts(session).get(post.id, lock=True)
            if row is None or not await Watches(session).active(post.id, now):
                return
            if row.probed_at is None or row.probed_at <= asked_at:
                row.probed_at = now
                await take_count(News(session, now), row, post.counts.likes, now)

    async def _catch_up(self, post_id: int) -> None:
        """Read what is pending of a watched post; when X cannot, the collecting does it later."""
        async with self._database.reading() as session:
            row = await Posts(session).get(post_id)
            watched = await Watches(session).active(post_id, self._now())
        if row is None or not watched or row.kind not in (PostKind.PENDING, PostKind.NAMES):
            return
        if row.collected_at is not None and standing_of(row).pending == 0:
            return
        try:
            await self._collector.read(post_id)
        except XError:
            return

    async def _store(
        self, guild_id: int, channel_id: int, post: Post, by: int
    ) -> tuple[models.Watch, bool]:
        now = self._now()
        async with self._database.transaction() as session:
            if post.author is not None:
                await Users(session).save([user_row(post.author)])
            await Posts(session).save(
                {
                    "id": post.id,
                    "author_id": post.author.id if post.author else None,
                    "text": post.text,
                    "created_at": post.created_at,
                }
            )
            row = await Posts(session).get(post.id, lock=True)
            watches = Watches(session)
            known = await watches.find(channel_id, post.id)
            if known is not None:
                return known, False
            if row is not None and not await watches.active(post.id, now):
                _begin(row, post, now)
            watch = models.Watch(
                guild_id=guild_id,
                channel_id=channel_id,
                post_id=post.id,
                created_by=by,
                created_at=now,
            )
            return await watches.add(watch), True

    async def list(self, guild_id: int) -> tuple[Watch, ...]:
        """Return the guild's watches, the newest first."""
        async with self._database.reading() as session:
            rows = await Watches(session).of_guild(guild_id)
            return await self._values(session, guild_id, rows)

    async def remove(self, guild_id: int, watch_id: int) -> Watch:
        """End a watch; what it had yet to announce is dropped with it."""
        async with self._database.transaction() as session:
            watches = Watches(session)
            row = await watches.get(guild_id, watch_id)
            if row is None:
                raise UnknownWatch
            value = (await self._values(session, guild_id, [row]))[0]
            await watches.remove(row)
        return value

    async def present_in(self, guild_ids: Collection[int]) -> None:
        """Watch for these guilds and no other: one that the bot has left costs nothing more."""
        async with self._database.transaction() as session:
            watches = Watches(session)
            await watches.pause_outside(guild_ids, self._now())
            await watches.resume(guild_ids)

    async def joined(self, guild_id: int) -> None:
        """Go on with the watches of a guild that the bot was in before."""
        async with self._database.transaction() as session:
            await Watches(session).resume([guild_id])

    async def left(self, guild_id: int) -> None:
        """Pause the watches of a guild that the bot was removed from."""
        async with self._database.transaction() as session:
            await Watches(session).pause(guild_id, self._now())

    async def choices(self, guild_id: int, typed: str) -> tuple[WatchChoice, ...]:
        """Return at most 25 of the guild's watches that match what was typed."""
        wanted = typed.strip().lower()
        choices = (_choice(watch) for watch in await self.list(guild_id))
        matching = [
            choice
            for choice in choices
            if wanted in choice.label.lower() or wanted in str(choice.post_id)
        ]
        return tuple(matching[:_CHOICES])

    async def _values(
        self, session: AsyncSession, guild_id: int, rows: Sequence[models.Watch]
    ) -> tuple[Watch, ...]:
        watches = Watches(session)
        announced = await watches.likes_announced(guild_id)
        posts = await Posts(session).some({row.post_id for row in rows})
        authors = {post.author_id for post in posts.values() if post.author_id is not None}
        users = await Users(session).get(authors)
        return tuple(
            Watch(
                id=row.id or 0,
                guild_id=row.guild_id,
                channel_id=row.channel_id,
                post=post_value(posts[row.post_id], users),
                kind=WatchKind(posts[row.post_id].kind),
                likes_announced=announced.get(row.id or 0, 0),
                created_at=row.created_at,
                trouble=TROUBLE_OF_STATE.get(posts[row.post_id].state, row.trouble),
            )
            for row in rows
        )


def _begin(row: models.Post, post: Post, now: datetime) -> None:
    """Start watching a post anew: its next reading is silent."""
    row.state = PostState.LIVE
    row.kind = PostKind.PENDING
    row.like_count = post.counts.likes
    row.collected_count = 0
    row.surplus = 0
    row.hidden_count = 0
    row.probed_at = now
    row.moved_at = None
    row.collected_at = None


def _choice(watch: Watch) -> WatchChoice:
    author = f"@{watch.post.author.username}" if watch.post.author else str(watch.post.id)
    label = f"{author}: {' '.join(watch.post.text.split())}"
    short = label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…"
    return WatchChoice(watch.id, short, watch.channel_id, watch.post.id)


def forecast(post: Post, kind: WatchKind, now: datetime) -> Forecast:
    """Return what a watch costs by X's prices, if likes go on at the post's average so far.

    Its count is read for the price of one post a day; likers that X shows cost once each, and
    there are at most a hundred.
    """
    count_a_day = MICRO_USD[Resource.POST_READ]
    visible = kind in (WatchKind.NAMES, WatchKind.PENDING)
    shown = min(post.counts.likes, CEILING) if visible else 0
    age = max(timedelta(days=1), now - post.created_at) if post.created_at else timedelta(days=1)
    a_day = post.counts.likes / (age / timedelta(days=1))
    to_come = min(a_day, CEILING - shown) if visible else 0
    price = MICRO_USD[Resource.USER_READ]
    return Forecast(
        first_usd=Decimal(count_a_day + price + shown * price) / MICRO,
        day_usd=Decimal(count_a_day + round(to_come * price)) / MICRO,
    )
