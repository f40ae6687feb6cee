"""Watching many posts at once: what they are expected to cost, then one after the other."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from bot.domain import Post, WatchAdded, WatchRequest
from bot.domain.errors import BudgetSpent, GuildBudgetSpent, LikecordError, NotAPost, UsageCapped
from bot.domain.money import in_usd
from bot.watching.adding import NewWatches
from bot.watching.cost_forecast import WatchTerms
from bot.watching.default_channel import channel_of
from bot.watching.foretell import foretell
from bot.x.post_ref import find_post_refs
from bot.x.prices import Prices, Resource
from bot.x.snowflake import made_at
from storage.database import Database
from storage.guilds import Guilds
from storage.watches import Watches

MOST_POSTS = 200
"""So many posts one import takes; what is beyond is left out, and said to be."""

# Whatever comes after one of these would meet the same.
_FINAL = (BudgetSpent, GuildBudgetSpent, UsageCapped)


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Posts to watch in a channel: `already` are watched there, `beyond` are too many.

    Counting them costs `usd` in `days`; who likes them costs `liker_usd` for each person.
    """

    guild_id: int
    channel_id: int
    by: int
    post_ids: tuple[int, ...]
    already: int
    beyond: int
    usd: Decimal
    days: int
    liker_usd: Decimal


@dataclass(slots=True)
class ImportProgress:
    """How far an import is; `left_out` has posts by the reason, which is a sentence."""

    added: int = 0
    already: int = 0
    left_out: dict[str, list[int]] = field(default_factory=dict)

    @property
    def done(self) -> int:
        return self.added + self.already + sum(map(len, self.left_out.values()))


class ImportService:
    def __init__(
        self,
        database: Database,
        new_watches: NewWatches,
        prices: Prices,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._new_watches = new_watches
        self._prices = prices
        self._now = now

    async def plan(self, guild_id: int, channel_id: int | None, by: int, text: str) -> ImportPlan:
        """Say what watching the posts of a text costs; X is asked nothing for it.

        Raise NotAPost where there is none, and NoChannel.
        """
        found = _posts_of(text)
        if not found:
            raise NotAPost
        async with self._database.reading() as session:
            guild = await Guilds(session).get(guild_id)
            place = channel_of(guild, channel_id)
            watched = {
                row.post_id
                for row in await Watches(session).of_guild(guild_id)
                if row.channel_id == place
            }
        new = [post_id for post_id in found if post_id not in watched]
        chosen = tuple(new[:MOST_POSTS])
        costs = [self._cost(post_id) for post_id in chosen]
        return ImportPlan(
            guild_id=guild_id,
            channel_id=place,
            by=by,
            post_ids=chosen,
            already=len(found) - len(new),
            beyond=len(new) - len(chosen),
            usd=sum((usd for usd, _ in costs), Decimal(0)),
            days=max((days for _, days in costs), default=0),
            liker_usd=in_usd(self._prices[Resource.USER_READ]),
        )

    def _cost(self, post_id: int) -> tuple[Decimal, int]:
        """Return what counting a post costs, as if nobody liked it yet: that is not known."""
        post = Post(post_id, "", created_at=made_at(post_id))
        expected = foretell(post, self._prices, self._now(), WatchTerms(names=False))
        return expected.usd, expected.days

    async def run(self, plan: ImportPlan) -> AsyncIterator[ImportProgress]:
        """Watch one post after the other, and tell after each how far it is."""
        progress = ImportProgress()
        for place, post_id in enumerate(plan.post_ids):
            request = WatchRequest(plan.guild_id, plan.channel_id, str(post_id), plan.by)
            try:
                added = await self._new_watches.add(request)
            except _FINAL as error:
                _leave_out(progress, str(error), plan.post_ids[place:])
                yield progress
                return
            except LikecordError as error:
                _leave_out(progress, str(error), (post_id,))
            else:
                _count(progress, added)
            yield progress


def leave_out_rest(plan: ImportPlan, progress: ImportProgress, why: str) -> None:
    """Say of all that is not done why it is left out."""
    _leave_out(progress, why, plan.post_ids[progress.done :])


def _posts_of(text: str) -> list[int]:
    """Return the posts of a text: those it links to, and IDs that stand alone in a line."""
    lines = (line.strip(" ,;\t") for line in text.splitlines())
    linked = [f"https://x.com/i/status/{line}" if line.isdigit() else line for line in lines]
    return find_post_refs("\n".join(linked))


def _count(progress: ImportProgress, added: WatchAdded) -> None:
    if added.already_there:
        progress.already += 1
    else:
        progress.added += 1


def _leave_out(progress: ImportProgress, why: str, post_ids: tuple[int, ...]) -> None:
    progress.left_out.setdefault(why, []).extend(post_ids)
