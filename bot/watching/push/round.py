"""What X has pushed, taken post by post: stored and announced, or marked to be looked at."""

import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import XError
from bot.domain.push import PushEvent, PushKind
from bot.money.ledger import Ledger
from bot.watching.likers.round import LikersRound
from bot.watching.polling_budget import PollingBudget, bill
from bot.watching.post_state.rows import MISSING_OF_STATE
from bot.watching.push.coverage import Coverage
from bot.watching.push.inbox import Inbox
from bot.watching.push.store_events import PushedLikes, PushStored
from bot.watching.visibility import LOOK_AGAIN
from bot.x.prices import Billed, Resource
from storage.account_watches import AccountWatches
from storage.database import Database
from storage.fence import LeadLost
from storage.guilds import Guilds
from storage.models import PostState
from storage.outages import why_away
from storage.posts import Posts

logger = logging.getLogger(__name__)
# X may say who it is in a second copy of the event; then nobody is asked for it.
COPY_COMES_WITHIN = timedelta(seconds=1)
# A post that has just appeared is found within two looks for new ones.
_APPEARS_WITHIN = timedelta(minutes=2)
_MOST_ID = 2**62


@dataclass(frozen=True, slots=True)
class PushTold:
    """How many announcements were made, and what is to be looked at now."""

    announcements: int = 0
    to_count: bool = False
    to_read: bool = False
    appeared: bool = False


class PushRound:
    """Stores what the inbox holds; `revoked` hears of accounts that X accepts no more."""

    def __init__(
        self,
        database: Database,
        inbox: Inbox,
        coverage: Coverage,
        likes: PushedLikes,
        *,
        likers: LikersRound,
        ledger: Ledger,
        budget: PollingBudget,
        now: Callable[[], datetime],
        revoked: Callable[[int, datetime | None], Awaitable[None]],
    ) -> None:
        self._database = database
        self._inbox = inbox
        self._coverage = coverage
        self._likes = likes
        self._likers = likers
        self._ledger = ledger
        self._budget = budget
        self._now = now
        self._revoked = revoked
        self.told: Callable[[], None] = lambda: None
        """Hears at once that there is something to announce."""
        self._unbooked: defaultdict[int, set[int]] = defaultdict(set)
        self._nameless: dict[int, tuple[datetime, set[str]]] = {}
        self._orphans: dict[str, tuple[datetime, PushEvent]] = {}

    async def run_once(self) -> PushTold:
        """Store what has come; what cannot be stored now waits for the next time."""
        events = [*self._of_orphans(), *self._inbox.take()]
        if not events:
            return PushTold(to_read=self._is_to_be_read())
        by_post, announcements = _by_post(events), 0
        for post_id, some in by_post.items():
            self._unbooked[post_id].update(_charge_id(event.key) for event in some)
        others = [event for event in events if event.kind is not PushKind.LIKE]
        try:
            for post_id, some in [*by_post.items()]:
                made = await self._store(post_id, some)
                announcements += made
                del by_post[post_id]
                if made:
                    self.told()
            to_count = await self._others(others)
            await self._book()
        except LeadLost:
            raise
        except Exception as error:
            if why_away(error):
                left = [event for some in by_post.values() for event in some]
                kept = [event for event in left if event.key not in self._orphans]
                self._inbox.give_back([*kept, *others])
            raise
        return PushTold(
            announcements,
            to_count=to_count,
            to_read=self._is_to_be_read(),
            appeared=bool(self._orphans),
        )

    async def _store(self, post_id: int, events: Sequence[PushEvent]) -> int:
        """Store the likes of one post; one bad post keeps no other waiting."""
        try:
            stored = await self._likes.store(post_id, events)
        except LeadLost:
            raise
        except Exception as error:
            if why_away(error):
                raise
            logger.exception("likes of post %s that X pushed cannot be stored", post_id)
            self._coverage.look_at(post_id)
            return 0
        for event in events:
            self._coverage.heard(event.account_id)
        await self._note(post_id, events, stored)
        return stored.announcements

    async def _note(self, post_id: int, events: Sequence[PushEvent], stored: PushStored) -> None:
        if not stored.is_known:
            await self._keep_orphans(events)
            return
        for event in events:
            self._orphans.pop(event.key, None)
        named = {event.key for event in events if event.liker is not None}
        nameless = {event.key for event in events if event.liker is None} - named
        if not stored.is_read:
            nameless |= named
        since, keys = self._nameless.pop(post_id, (self._now(), set()))
        if keys := (keys - named) | nameless:
            self._nameless[post_id] = since, keys

    async def _keep_orphans(self, events: Sequence[PushEvent]) -> None:
        """Keep likes of a post that is not known yet, where it is about to be watched."""
        accounts, until = {event.account_id for event in events}, self._now() + _APPEARS_WITHIN
        async with self._database.reading() as session:
            watched = {row.x_user_id for row in await AccountWatches(session).active()}
        if accounts & watched:
            for event in events:
                self._orphans.setdefault(event.key, (until, event))

    def _of_orphans(self) -> list[PushEvent]:
        """Return likes of posts that were not known; those that never appear are forgotten."""
        now = self._now()
        self._orphans = {key: kept for key, kept in self._orphans.items() if now < kept[0]}
        return [event for _, event in self._orphans.values()]

    # Money

    async def _book(self) -> None:
        """Write down what X charges for what it delivered, whoever leads by now.

        That waits until it is announced; what could not be written down is, the next time.
        """
        ids = self._unbooked
        if not ids:
            return
        async with self._database.always() as session:
            guilds = await Posts(session).guilds_of(ids)
            all_guilds = {guild for some in guilds.values() for guild in some}
            budgets = (await Guilds(session).payers(all_guilds))[0] if all_guilds else {}
            for post_id, some in ids.items():
                payers = guilds.get(post_id)
                paid_by = bill(post_id, self._budget.payers(payers) if payers else ())
                billed = [Billed(Resource.LIKE_EVENT, frozenset(some))]
                await self._ledger.book(session, paid_by, billed, budgets)
        self._unbooked.clear()

    # What is no like

    async def _others(self, events: Iterable[PushEvent]) -> bool:
        """Take what is no like; say whether posts are to be counted at once."""
        to_count = False
        for event in events:
            match event.kind:
                case PushKind.POST_DELETED if event.post_id is not None:
                    to_count |= await self._deleted(event.post_id)
                case PushKind.REVOKED if event.account_id is not None:
                    await self._revoked(event.account_id, event.at)
                case PushKind.UNREADABLE if event.post_id is not None:
                    self._coverage.look_at(event.post_id)
                    to_count = True
        return to_count

    async def _deleted(self, post_id: int) -> bool:
        """Take X's word as a first look; a count that says so too is the second one."""
        async with self._database.transaction() as session:
            post = await Posts(session).get(post_id, lock=True)
            if post is None or post.state in MISSING_OF_STATE:
                return False
            post.suspected, post.suspected_at = PostState.DELETED, self._now() - LOOK_AGAIN
        return True

    # Posts whose likers X did not name

    def _is_to_be_read(self) -> bool:
        return bool(self._nameless)

    async def read_next(self) -> int:
        """Read the likers of posts that somebody likes whom X did not name; before all others."""
        before, made = self._now() - COPY_COMES_WITHIN, 0
        due = [post_id for post_id, (since, _) in self._nameless.items() if since <= before]
        for post_id in due:
            async with self._database.reading() as session:
                watched = await Posts(session).with_guilds(post_id)
            kept = self._nameless.pop(post_id, None)
            if watched is None or not watched.guild_ids or self._budget.is_shut(watched.guild_ids):
                continue
            try:
                made += await self._likers.read(watched, len(kept[1]) if kept else 0)
            except XError:
                # The next count shows that somebody is missing, should this stay so.
                self._coverage.look_at(post_id)
                if kept is not None:
                    self._nameless.setdefault(post_id, (self._now(), kept[1]))
                break
        return made


def _by_post(events: Iterable[PushEvent]) -> dict[int, list[PushEvent]]:
    found: dict[int, list[PushEvent]] = {}
    for event in events:
        if event.kind is PushKind.LIKE and event.post_id is not None:
            found.setdefault(event.post_id, []).append(event)
    return found


def _charge_id(key: str) -> int:
    """Return the number under which an event is paid for: its key, which every copy has."""
    digits = key if key and set(key) <= set("0123456789abcdef") else key.encode().hex()
    return int(digits or "0", 16) % _MOST_ID
