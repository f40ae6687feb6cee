"""Beginning to watch a post that a member asked for: what it costs, its first reading."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.audience import Readers
from bot.accounts.which_account import Access
from bot.domain import Forecast, Post, WatchAdded, WatchKind, WatchQuestion, WatchRequest
from bot.domain.errors import KeysRefused, XError, XUnreadable
from bot.watching.announcements import AnnouncementWriter
from bot.watching.begin_watch import Begun, begin_watch
from bot.watching.cost_forecast import WatchTerms
from bot.watching.default_channel import channel_of
from bot.watching.expected_names import shows_names
from bot.watching.first_reading import with_starts
from bot.watching.foretell import ask_above, asks_first, foretell
from bot.watching.likers.round import LikersRound
from bot.watching.own_posts import is_counted_as_own, own_posts_watched
from bot.watching.polling_budget import PollingBudget
from bot.watching.post_state.rows import likes_state_of
from bot.watching.stored_values import still_there
from bot.watching.take_count import take_count
from bot.watching.watch_limits import WatchLimits
from bot.watching.watches import watches_with_readers
from bot.x.originals import read_original
from bot.x.post_ref import parse_post_ref
from bot.x.prices import Bill, Prices
from storage import models
from storage.database import Database
from storage.guilds import Guilds
from storage.models import PostKind
from storage.posts import Posts
from storage.shut_channels import ShutChannels
from storage.watched_posts import WatchedPost
from storage.watches import Watches

_NAMED = frozenset({PostKind.PENDING, PostKind.NAMES})


@dataclass(frozen=True, slots=True)
class _Known:
    """What was stored when a watch was asked for: its place, the post, whose likers are shown.

    `own_watched` is how many other posts of the bot's account are watched.
    """

    channel_id: int
    ask_above_usd: Decimal
    watch: models.Watch | None
    post: models.Post | None
    is_watched: bool
    readers: Readers
    own_watched: int

    @property
    def kind(self) -> WatchKind:
        """Return how much X shows; what is told of a post while it is watched may end with that."""
        if self.post is None or not (self.is_watched or self.post.kind is PostKind.NAMES):
            return WatchKind.PENDING
        return WatchKind(self.post.kind)


@dataclass(frozen=True, slots=True)
class _Past:
    """What a watch was that had ended, and is begun anew."""

    ended_at: datetime | None
    expires_at: datetime | None
    account_watch_id: int | None
    unlikes: bool
    resting_since: datetime | None


class NewWatches:
    def __init__(
        self,
        database: Database,
        access: Access,
        *,
        likers: LikersRound,
        budget: PollingBudget,
        prices: Prices,
        now: Callable[[], datetime],
        limits: WatchLimits | None = None,
    ) -> None:
        self._database = database
        self._access = access
        self._likers = likers
        self._budget = budget
        self._prices = prices
        self._now = now
        self._limits = limits or WatchLimits()

    async def add_or_ask(self, request: WatchRequest) -> WatchAdded | WatchQuestion:
        """Watch a post as `add` does, unless that is so dear that it must be asked about first."""
        return await self._add(request, sure=False)

    async def add(self, request: WatchRequest) -> WatchAdded:
        """Watch a post; raise NoChannel when there is no channel to announce in.

        Who likes the post already is recorded first, and not announced.
        """
        added = await self._add(request, sure=True)
        if isinstance(added, WatchQuestion):
            raise TypeError("a sure request is not asked about")
        return added

    async def _add(self, request: WatchRequest, *, sure: bool) -> WatchAdded | WatchQuestion:
        asked_id = parse_post_ref(request.ref)
        post_id = self._access.own.original_id(asked_id)
        known = await self._look(request, post_id)
        asked_at = self._now()
        bill = Bill("/watch add", guild_id=request.guild_id)
        is_home = known.readers.is_home([request.guild_id])
        public = await self._access.public(request.guild_id, is_home=is_home)
        post = await read_original(public, asked_id, bill)
        if not post.is_counted:
            raise XUnreadable  # it would begin with nobody, and tell of all who like it as new
        if post.id != post_id:
            known = await self._look(request, post.id)
        forecast = self._foretell(known, post, request)
        above = known.ask_above_usd
        if not sure and known.watch is None and asks_first(forecast.usd, above):
            return WatchQuestion(post, known.channel_id, forecast, above, request.unlikes)
        if known.is_watched:
            await self._tell_others(post, asked_at, request.guild_id)
        begun, past = await self._begin(request, known.channel_id, post)
        await self._read_first(begun, past)
        async with self._database.reading() as session:
            added = [begun.watch.id or 0]
            found = await watches_with_readers(session, self._access, request.guild_id, added)
        # While it was read, somebody may have removed it.
        watch = await with_starts(self._access, *found, self._now())
        return WatchAdded(
            still_there(watch),
            forecast,
            already_there=not begun.is_new,
            of_repost=post.repost_id is not None,
        )

    async def _look(self, request: WatchRequest, post_id: int) -> _Known:
        async with self._database.reading() as session:
            guild = await Guilds(session).get(request.guild_id)
            channel_id = channel_of(guild, request.channel_id)
            watch = await Watches(session).find(channel_id, post_id)
            stored = await Posts(session).get(post_id)
            told = await Watches(session).told(post_id)
            readers = await self._access.readers(session)
            own_watched = await own_posts_watched(session, self._access, but=post_id)
            await self._require_room(session, request.guild_id, watch)
        return _Known(
            channel_id=channel_id,
            ask_above_usd=ask_above(guild),
            watch=watch if watch is not None and watch.ended_at is None else None,
            post=stored,
            is_watched=bool(told.watches),
            readers=readers,
            own_watched=own_watched,
        )

    async def _require_room(
        self, session: AsyncSession, guild_id: int, watch: models.Watch | None
    ) -> None:
        """Raise TooManyWatches where a watch would be one too many; one that goes on is none."""
        if watch is None or watch.ended_at is not None:
            await self._limits.require_room(session, guild_id)

    def _foretell(self, known: _Known, post: Post, request: WatchRequest) -> Forecast:
        """Return what is still to be paid for a watch; others' likers are usually hidden."""
        read = known.post.collected_count if known.post is not None else 0
        is_begun = known.is_watched and known.post is not None and known.post.collected_at
        stays = known.watch is not None and known.watch.unlikes
        terms = WatchTerms(
            names=shows_names(known.kind, read, post.author_id, known.readers, request.guild_id),
            unlikes=stays if request.unlikes is None else request.unlikes,
            own_watched=known.own_watched
            if is_counted_as_own(self._access, post.author_id)
            else None,
            unread=max(0, post.counts.likes - read) if is_begun else None,
            pushed=self._access.pushes(post.author_id),
        )
        return foretell(post, self._prices, self._now(), terms)

    async def _tell_others(self, post: Post, asked_at: datetime, guild_id: int) -> None:
        """Take the count over for those who watch already: what came until now is news to them."""
        now = self._now()
        async with self._database.transaction() as session:
            row, told = await Posts(session).lock_with_watches(post.id)
            if row is None or not told.watches:
                return
            if row.probed_at is None or row.probed_at <= asked_at:
                writer = AnnouncementWriter(session, now, told)
                await take_count(writer, row, post.counts.likes, now)
            found = await Posts(session).with_guilds(post.id)
            # Those whose channel is shut pay nothing: whoever asks does.
            guilds = (found.guild_ids if found else ()) or (guild_id,)
            await self._look_at_budgets(session, guilds)
        await self._catch_up(WatchedPost(row, guilds))

    async def _begin(
        self, request: WatchRequest, channel_id: int, post: Post
    ) -> tuple[Begun, _Past | None]:
        now = self._now()
        wanted = models.Watch(
            guild_id=request.guild_id,
            channel_id=channel_id,
            post_id=post.id,
            created_by=request.by,
            created_at=now,
        )
        async with self._database.transaction() as session:
            watches = Watches(session)
            await watches.lock_of(request.guild_id)
            known = await watches.find(channel_id, post.id)
            await self._require_room(session, request.guild_id, known)
            # Whoever chose the channel was told if it were shut. It changes posts: before this one.
            await ShutChannels(session).reopen([channel_id], now)
            begun = await begin_watch(session, post, wanted, now)
            if begun.post.kind is PostKind.COUNTS and await self._adds_a_reader(session, begun):
                await Posts(session).show_likers_of(post.id)
            watch = begun.watch
            past = None
            if watch is not wanted:
                past = _Past(
                    watch.ended_at,
                    watch.expires_at,
                    watch.account_watch_id,
                    watch.unlikes,
                    watch.resting_since,
                )
            # Whoever began it: a watch that somebody asks for by name lasts.
            watch.expires_at = watch.account_watch_id = watch.ended_at = None
            watch.resting_since = None
            if request.unlikes is not None:
                watch.unlikes = request.unlikes
            await self._look_at_budgets(session, begun.guild_ids)
        return begun, past

    async def _adds_a_reader(self, session: AsyncSession, begun: Begun) -> bool:
        """Say whether an account may read a post only now that this guild watches it, too."""
        author_id, guild_ids = begun.post.author_id, set(begun.guild_ids)
        readers = await self._access.readers(session, author_id or 0)
        before = readers.reads(author_id, guild_ids - {begun.watch.guild_id})
        return readers.reads(author_id, guild_ids) not in (before, None)

    async def _look_at_budgets(self, session: AsyncSession, guild_ids: Collection[int]) -> None:
        """Who pays for the reading that follows is decided by what is left."""
        await self._budget.look_also(session, await Guilds(session).budgets(guild_ids))

    async def _read_first(self, begun: Begun, past: _Past | None) -> None:
        try:
            await self._catch_up(WatchedPost(begun.post, begun.guild_ids))
        except KeysRefused:
            if begun.is_new:
                await self._undo(begun.watch, past)
            raise

    async def _catch_up(self, watched: WatchedPost) -> None:
        """Read what is pending of a watched post; when X cannot, the polling does it later.

        Raise KeysRefused when X is known to accept the bot no more: only an admin can mend that.
        """
        row = watched.post
        if row.kind not in _NAMED:
            return
        if row.collected_at is not None and likes_state_of(row).pending == 0:
            return
        reads_itself = False
        try:
            reader = await self._access.reader(row.author_id, watched.guild_ids)
            reads_itself = reader is self._access.own
            await self._likers.read(watched)
        except KeysRefused:
            # That of a linked account is noted by the polling, and the bot reads in its place.
            if reads_itself:
                raise
        except XError:
            return

    async def _undo(self, watch: models.Watch, past: _Past | None) -> None:
        """Take a new watch back; one that had ended may have something left to say."""
        async with self._database.transaction() as session:
            watches = Watches(session)
            await watches.lock_of(watch.guild_id)
            row = await watches.get(watch.guild_id, watch.id or 0)
            if row is None:
                return
            if past is None:
                await watches.remove(row)
                return
            row.ended_at, row.expires_at = past.ended_at, past.expires_at
            row.account_watch_id, row.unlikes = past.account_watch_id, past.unlikes
            row.resting_since = past.resting_since
