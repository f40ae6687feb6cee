"""Watching posts for a guild: add, list, remove, forecast."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.which_account import Access
from bot.domain import (
    Forecast,
    Post,
    Watch,
    WatchAdded,
    WatchChoice,
    WatchKind,
    WatchQuestion,
)
from bot.domain.errors import CredentialRefused, UnknownWatch, XError
from bot.domain.guilds import ASK_ABOVE_USD
from bot.domain.money import MICRO
from bot.watching import cost_forecast
from bot.watching.announcements import AnnouncementWriter
from bot.watching.begin_watch import begin_silently
from bot.watching.counts.take_count import take_count
from bot.watching.default_channel import chosen_channel
from bot.watching.likers.round import LikersRound
from bot.watching.post_state.rows import likes_state_of
from bot.watching.stored_values import post_value, user_row, watch_trouble
from bot.x.post_ref import parse_post_ref
from bot.x.prices import Bill, Prices, Resource
from bot.x.snowflake import first_id_at
from storage import models
from storage.account_watches import AccountWatches
from storage.database import Database
from storage.guilds import Guilds
from storage.models import PostKind
from storage.posts import Posts
from storage.users import Users
from storage.watches import Watches

_CHOICES = 25  # Discord shows no more
_LABEL = 100


@dataclass(frozen=True, slots=True)
class _Plan:
    """A watch to begin: of this post, as X showed it when it was `asked_at`."""

    channel_id: int
    post: Post
    asked_at: datetime
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class _Past:
    """What a watch was that had ended, and is begun anew."""

    ended_at: datetime | None
    expires_at: datetime | None
    account_watch_id: int | None
    unlikes: bool


@dataclass(frozen=True, slots=True)
class _Stored:
    """The row of a watch, and whether it was not there, or had ended."""

    row: models.Watch
    is_new: bool
    past: _Past | None = None


class WatchService:
    def __init__(
        self,
        database: Database,
        access: Access,
        collector: LikersRound,
        prices: Prices,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._access = access
        self._collector = collector
        self._prices = prices
        self._now = now

    async def add_or_ask(
        self,
        guild_id: int,
        channel_id: int | None,
        ref: str,
        by: int,
        *,
        unlikes: bool | None = None,
    ) -> WatchAdded | WatchQuestion:
        """Watch a post as `add` does, unless that is so dear that it must be asked about first."""
        plan = await self._plan(guild_id, channel_id, ref)
        async with self._database.reading() as session:
            guild = await Guilds(session).get(guild_id)
            known = await Watches(session).find(plan.channel_id, plan.post.id)
        chosen = guild.ask_above_micro_usd
        ask_above = ASK_ABOVE_USD if chosen is None else Decimal(chosen) / MICRO
        is_new = known is None or known.ended_at is not None
        if is_new and plan.forecast.usd > ask_above:
            return WatchQuestion(plan.post, plan.channel_id, plan.forecast, ask_above, unlikes)
        return await self._begin(guild_id, plan, by, unlikes=unlikes)

    async def add(
        self,
        guild_id: int,
        channel_id: int | None,
        ref: str,
        by: int,
        *,
        unlikes: bool | None = None,
    ) -> WatchAdded:
        """Watch a post; without a channel, in the one that the guild chose (else NoChannel).

        Who likes the post already is recorded first, and not announced. `unlikes` None leaves it
        as it is for a watch that is there already.
        """
        plan = await self._plan(guild_id, channel_id, ref)
        return await self._begin(guild_id, plan, by, unlikes=unlikes)

    async def _plan(self, guild_id: int, channel_id: int | None, ref: str) -> _Plan:
        post_id = parse_post_ref(ref)
        channel = channel_id or await chosen_channel(self._database, guild_id)
        asked_at = self._now()
        post = await self._access.own.post(post_id, Bill("/watch add", guild_id=guild_id))
        return _Plan(channel, post, asked_at, await self._foretell(post))

    async def _begin(
        self, guild_id: int, plan: _Plan, by: int, *, unlikes: bool | None
    ) -> WatchAdded:
        post = plan.post
        await self._count(post, plan.asked_at)
        await self._catch_up(post.id)
        stored = await self._store(guild_id, plan, by, unlikes=unlikes)
        try:
            await self._catch_up(post.id)
        except CredentialRefused:
            await self._undo(stored)
            raise
        async with self._database.reading() as session:
            watch = (await self._values(session, guild_id, [stored.row]))[0]
        return WatchAdded(watch, plan.forecast, already_there=not stored.is_new)

    async def _foretell(self, post: Post) -> Forecast:
        """Return what a watch is to cost; the likers of others' posts are usually hidden."""
        async with self._database.reading() as session:
            row = await Posts(session).get(post.id)
        kind = row.kind if row is not None else PostKind.PENDING
        readers = {self._access.own.user_id, *await self._access.reader_ids()}
        names = kind is PostKind.NAMES or (
            kind is PostKind.PENDING and post.author_id is not None and post.author_id in readers
        )
        return foretell(post, self._prices, self._now(), names=names)

    async def _count(self, post: Post, asked_at: datetime) -> None:
        """Take the count over for those who watch already: what came until now is news to them."""
        now = self._now()
        async with self._database.transaction() as session:
            row = await Posts(session).get(post.id, lock=True)
            if row is None or not await Watches(session).active(post.id, now):
                return
            if row.probed_at is None or row.probed_at <= asked_at:
                await take_count(AnnouncementWriter(session, now), row, post.counts.likes, now)

    async def _catch_up(self, post_id: int) -> None:
        """Read what is pending of a watched post; when X cannot, the collecting does it later.

        Raise CredentialRefused when X knows the bot no more: only an admin can mend that.
        """
        async with self._database.reading() as session:
            row = await Posts(session).get(post_id)
            watched = await Watches(session).active(post_id, self._now())
        if row is None or not watched or row.kind not in (PostKind.PENDING, PostKind.NAMES):
            return
        if row.collected_at is not None and likes_state_of(row).pending == 0:
            return
        reads_itself = False
        try:
            reads_itself = await self._access.reader(row.author_id) is self._access.own
            await self._collector.read(post_id)
        except CredentialRefused:
            # That of a linked account is noted by the collecting, and the bot reads in its place.
            if reads_itself:
                raise
        except XError:
            return

    async def _store(self, guild_id: int, plan: _Plan, by: int, *, unlikes: bool | None) -> _Stored:
        now, post, channel_id = self._now(), plan.post, plan.channel_id
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
            if known is not None and known.ended_at is None:
                _keep(known, unlikes=unlikes)
                return _Stored(known, is_new=False)
            if row is not None and not await watches.active(post.id, now):
                begin_silently(row, post.counts.likes, now)
            if known is not None:
                past = _Past(
                    known.ended_at, known.expires_at, known.account_watch_id, known.unlikes
                )
                _keep(known, unlikes=unlikes)
                known.ended_at = None
                return _Stored(known, is_new=True, past=past)
            watch = models.Watch(
                guild_id=guild_id,
                channel_id=channel_id,
                post_id=post.id,
                created_by=by,
                created_at=now,
                unlikes=bool(unlikes),
            )
            return _Stored(await watches.add(watch), is_new=True)

    async def _undo(self, stored: _Stored) -> None:
        """Take a new watch back; one that had ended may have something left to say."""
        async with self._database.transaction() as session:
            watches = Watches(session)
            row = await watches.get(stored.row.guild_id, stored.row.id or 0)
            if row is None or not stored.is_new:
                return
            past = stored.past
            if past is None:
                await watches.remove(row)
                return
            row.ended_at, row.expires_at = past.ended_at, past.expires_at
            row.account_watch_id, row.unlikes = past.account_watch_id, past.unlikes

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
            watches, accounts = Watches(session), AccountWatches(session)
            await watches.pause_outside(guild_ids, self._now())
            await watches.resume(guild_ids)
            await accounts.pause_outside(guild_ids, self._now())
            await accounts.resume(guild_ids, first_id_at(self._now()))

    async def joined(self, guild_id: int) -> None:
        """Go on with the watches of a guild that the bot was in before."""
        async with self._database.transaction() as session:
            await Watches(session).resume([guild_id])
            await AccountWatches(session).resume([guild_id], first_id_at(self._now()))

    async def left(self, guild_id: int) -> None:
        """Pause the watches of a guild that the bot was removed from."""
        async with self._database.transaction() as session:
            await Watches(session).pause(guild_id, self._now())
            await AccountWatches(session).pause(guild_id, self._now())

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
                trouble=watch_trouble(row, posts[row.post_id]),
                unlikes=row.unlikes,
                expires_at=row.expires_at,
            )
            for row in rows
        )


def _keep(watch: models.Watch, *, unlikes: bool | None) -> None:
    """Let a watch that somebody asks for by name last, whoever began it."""
    watch.expires_at = None
    watch.account_watch_id = None
    if unlikes is not None:
        watch.unlikes = unlikes


def _choice(watch: Watch) -> WatchChoice:
    author = f"@{watch.post.author.username}" if watch.post.author else str(watch.post.id)
    label = f"{author}: {' '.join(watch.post.text.split())}"
    short = label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…"
    return WatchChoice(watch.id, short, watch.channel_id, watch.post.id)


def foretell(post: Post, prices: Prices, now: datetime, *, names: bool) -> Forecast:
    """Return what a watch of a post and its author costs by X's prices in its first month."""
    age = now - post.created_at if post.created_at else timedelta(0)
    told = cost_forecast.forecast(post.counts.likes, age, prices, names=names)
    author = prices[Resource.USER_READ]
    return Forecast(
        first_usd=Decimal(told.first_micro_usd + author) / MICRO,
        usd=Decimal(told.micro_usd + author) / MICRO,
        days=round(cost_forecast.MONTH_DAYS),
        new_likes=round(told.new_likes),
    )
