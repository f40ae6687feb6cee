"""What a guild watches: list, remove, pause while the bot is away."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.audience import Readers
from bot.accounts.which_account import Access
from bot.domain import AccountWatch, Watch, WatchChoice, WatchKind
from bot.domain.discord_limits import MAX_CHOICE_NAME, MAX_CHOICES
from bot.domain.errors import UnknownWatch
from bot.domain.shards import Shards
from bot.domain.styles import WatchStyle
from bot.domain.when import When
from bot.watching.account_watches import account_watch_values
from bot.watching.expected_names import shows_names
from bot.watching.first_reading import with_starts
from bot.watching.removed import RemovedJustNow
from bot.watching.stored_values import (
    liker_filter,
    mention_of,
    post_value,
    still_there,
    watch_trouble,
)
from bot.x.post_ref import find_post_refs
from bot.x.snowflake import first_id_at
from storage.account_watches import AccountWatches
from storage.database import Database
from storage.guild_data import GuildData
from storage.listed_watches import ListedWatch, listed_watches
from storage.removed_watches import RemovedWatches
from storage.until_stored import until_stored
from storage.watches import Watches


class WatchService:
    def __init__(self, database: Database, access: Access, now: Callable[[], datetime]) -> None:
        self._database = database
        self._access = access
        self._now = now
        self._removed = RemovedJustNow(database, now)

    async def list(self, guild_id: int) -> tuple[Watch, ...]:
        """Return the guild's watches, the newest first."""
        async with self._database.reading() as session:
            found = await watches_with_readers(session, self._access, guild_id)
        return await with_starts(self._access, *found, self._now())

    async def everything(self, guild_id: int) -> tuple[AccountWatch | Watch, ...]:
        """Return what the guild watches: accounts, then posts, the newest first."""
        async with self._database.reading() as session:
            rows = await listed_watches(session, guild_id)
            # Most servers watch no account, which their posts say with them.
            has_accounts = not rows or rows[0].beside_accounts
            accounts = await account_watch_values(session, guild_id) if has_accounts else ()
        found = _values(self._access, guild_id, rows)
        return (*accounts, *await with_starts(self._access, *found, self._now()))

    async def remove(self, guild_id: int, watch_id: int) -> Watch:
        """End a watch; what it had yet to announce is dropped with it."""
        async with self._database.transaction() as session:
            watches = Watches(session)
            await watches.lock_of(guild_id)
            row = await watches.get(guild_id, watch_id)
            if row is None:
                raise UnknownWatch
            value = still_there(await watch_values(session, self._access, guild_id, [watch_id]))
            snapshot = await RemovedWatches(session).snapshot(row)
            await watches.remove(row)
        self._removed.note(guild_id, watch_id, snapshot)
        return value

    async def restore(self, guild_id: int, watch_id: int) -> None:
        """Take the removal of a watch back; raise RemovalOver after a minute."""
        await self._removed.restore(guild_id, watch_id)

    @until_stored
    async def present_in(self, guild_ids: Collection[int], shards: Shards | None = None) -> None:
        """Watch for these guilds and no other: one that the bot has left costs nothing more.

        Of guilds that come to other processes, by their shards, these know.
        """
        part = None if shards is None else (shards.ids, shards.count)
        async with self._database.transaction() as session:
            watches, accounts = Watches(session), AccountWatches(session)
            # First, as for whoever deletes what the bot has left.
            await GuildData(session).left_all_but(guild_ids, self._now(), part)
            await GuildData(session).is_back(guild_ids)
            await watches.pause_outside(guild_ids, self._now(), part)
            await watches.resume(guild_ids)
            await accounts.pause_outside(guild_ids, self._now(), part)
            await accounts.resume(guild_ids, self._newest_id())

    def _newest_id(self) -> int | None:
        """Return an ID that no post has gone beyond by now, if X has told its time."""
        x_now = self._access.own.time.now()
        return None if x_now is None else first_id_at(x_now)

    @until_stored
    async def joined(self, guild_id: int) -> None:
        """Go on with the watches of a guild that the bot was in before."""
        async with self._database.transaction() as session:
            await GuildData(session).is_back([guild_id])
            await Watches(session).resume([guild_id])
            await AccountWatches(session).resume([guild_id], self._newest_id())

    @until_stored
    async def left(self, guild_id: int) -> None:
        """Pause the watches of a guild that the bot was removed from; all of it goes days later."""
        async with self._database.transaction() as session:
            await GuildData(session).left(guild_id, self._now())
            await Watches(session).pause(guild_id, self._now())
            await AccountWatches(session).pause(guild_id, self._now())

    async def choices(self, guild_id: int, typed: str) -> tuple[WatchChoice, ...]:
        """Return at most 25 of the guild's watches that match what was typed."""
        posts = find_post_refs(typed)
        wanted = str(posts[0]) if posts else typed.strip().lower()
        async with self._database.reading() as session:
            watches = await watch_values(session, self._access, guild_id)
        choices = map(_choice, watches)
        matching = [
            choice
            for choice in choices
            if wanted in choice.label.lower() or wanted in str(choice.post_id)
        ]
        return tuple(matching[:MAX_CHOICES])


def _choice(watch: Watch) -> WatchChoice:
    author = f"@{watch.post.author.username}" if watch.post.author else str(watch.post.id)
    label = f"{author}: {' '.join(watch.post.text.split())}"
    if watch.label:
        label = f"{watch.label} · {label}"
    short = label if len(label) <= MAX_CHOICE_NAME else f"{label[: MAX_CHOICE_NAME - 1]}…"
    return WatchChoice(watch.id, short, watch.channel_id, watch.post.id)


async def watch_values(
    session: AsyncSession,
    access: Access,
    guild_id: int,
    watch_ids: Collection[int] | None = None,
) -> tuple[Watch, ...]:
    """Return a guild's watches, or some of them, as they are now."""
    _, watches = await watches_with_readers(session, access, guild_id, watch_ids)
    return watches


async def watches_with_readers(
    session: AsyncSession,
    access: Access,
    guild_id: int,
    watch_ids: Collection[int] | None = None,
) -> tuple[Readers, tuple[Watch, ...]]:
    """Return what `watch_values` does, and who may read these posts for the guild."""
    return _values(access, guild_id, await listed_watches(session, guild_id, watch_ids))


def _values(
    access: Access, guild_id: int, rows: Sequence[ListedWatch]
) -> tuple[Readers, tuple[Watch, ...]]:
    readers = _readers(access, guild_id, rows)
    return readers, tuple(_value(row, readers) for row in rows)


def _readers(access: Access, guild_id: int, rows: Sequence[ListedWatch]) -> Readers:
    authors = {row.post.author_id: row for row in rows if row.is_linked}
    agreed = {
        author_id: {guild_id} if row.has_agreed else ()
        for author_id, row in authors.items()
        if author_id is not None
    }
    refused = [author_id for author_id in agreed if authors[author_id].is_refused]
    home = {guild_id} if any(row.is_home for row in rows) else ()
    return access.audience.here(access.own.user_id, home, agreed, refused)


def _value(listed: ListedWatch, readers: Readers) -> Watch:
    row, post, author = listed.watch, listed.post, listed.author
    kind = WatchKind(post.kind)
    milestones = tuple(row.milestones) if row.milestones else None
    return Watch(
        id=row.id or 0,
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        post=post_value(post, {} if author is None else {author.id: author}),
        kind=kind,
        likes_announced=int(listed.announced),
        created_at=row.created_at,
        trouble=watch_trouble(post, listed.shut),
        unlikes=row.unlikes,
        set_aside=listed.set_aside,
        expires_at=row.expires_at,
        shows_names=shows_names(kind, post.collected_count, post.author_id, readers, row.guild_id),
        label=row.label,
        resting_since=row.resting_since,
        mention=mention_of(row),
        named=liker_filter(row),
        template=row.template,
        publishes=row.publishes,
        style=None if row.style is None else WatchStyle(row.style),
        when=When(milestones, row.goal, row.digest_minute),
    )
