"""What X charges, in millionths of a US dollar, and who pays for what it returned.

Each resource is charged once per UTC day, however often it is read on that day.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

# The purpose of whatever polling asks.
WATCH = "watch"


class Resource(StrEnum):
    POST_READ = "post_read"
    USER_READ = "user_read"
    OWNED_READ = "owned_read"
    LIKE = "like"
    UNLIKE = "unlike"
    LIKE_EVENT = "like_event"


Prices = Mapping[Resource, int]

# The published pay-per-use prices of August 2026; the settings can replace them.
MICRO_USD: Prices = {
    Resource.POST_READ: 5_000,
    Resource.USER_READ: 10_000,
    Resource.OWNED_READ: 1_000,
    Resource.LIKE: 15_000,
    Resource.UNLIKE: 10_000,
    # Inferred: X lists no price for events, and "Like: Read" came in the same change.
    Resource.LIKE_EVENT: 1_000,
}
_POSTS = frozenset({Resource.POST_READ, Resource.OWNED_READ})


@dataclass(frozen=True, slots=True)
class Billed:
    """Resources of one kind that X returned; each is charged once a UTC day.

    An action (a like, an unlike) has no ID that would be free the second time: it has `times`.
    """

    resource: Resource
    ids: frozenset[int] = frozenset()
    times: int = 0


@dataclass(frozen=True, slots=True)
class WorstCase:
    """The most that a request can cost: so many micro-USD, and what of `ids` is not paid today."""

    micro_usd: int = 0
    resource: Resource = Resource.POST_READ
    ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Share:
    """A guild's part of a charge; `count` is how many resources it stands for."""

    guild_id: int
    post_id: int
    count: int
    micro_usd: int


@dataclass(frozen=True, slots=True)
class Bill:
    """Who pays for an answer, and why it was asked for (`watch`, or the command's name).

    A post with `payers` (the guilds that watch it) is paid by them in equal parts. All else, such
    as users, is paid by the payers of `post_id` if it has any, else by `guild_id`. Where that is 0,
    all payers share it: it came along with their posts. Without any it is nobody's.
    What is a `lookup` is refused before a budget is quite spent, so that polling goes on. What a
    member asks for who has a budget of their own names them; 0 is whoever has none.
    """

    purpose: str
    payers: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    guild_id: int = 0
    post_id: int = 0
    lookup: bool = False
    member_id: int = 0

    @property
    def is_polling(self) -> bool:
        return self.purpose == WATCH

    @property
    def guild_ids(self) -> frozenset[int]:
        """Return the guilds that may have to pay; 0 is none."""
        found = {guild_id for guilds in self.payers.values() for guild_id in guilds}
        return frozenset({*found, self.guild_id} - {0})

    def without(self, guild_ids: Collection[int]) -> "Bill":
        """Return the bill for those who are not of these guilds."""
        payers = {
            post_id: tuple(guild for guild in guilds if guild not in guild_ids)
            for post_id, guilds in self.payers.items()
        }
        guild_id = 0 if self.guild_id in guild_ids else self.guild_id
        return replace(self, payers=payers, guild_id=guild_id)

    def shares(self, resource: Resource, ids: Collection[int], price: int) -> list[Share]:
        """Split what reading these costs, so that the parts are exactly the whole."""
        watched = sorted(ids & self.payers.keys()) if resource in _POSTS else []
        parts = [part for post_id in watched for part in self._split(post_id, 1, price)]
        return parts + self.rest(len(ids) - len(watched), price)

    def rest(self, count: int, price: int) -> list[Share]:
        """Split what so many resources cost that are not watched posts, or actions."""
        return self._split(self.post_id, count, count * price) if count else []

    def _split(self, post_id: int, count: int, micro_usd: int) -> list[Share]:
        """Share among a post's payers; the first get what cannot be divided."""
        payers = self.payers.get(post_id) or self._all_else()
        counts, sums = _parts(count, len(payers)), _parts(micro_usd, len(payers))
        return [
            Share(guild_id, post_id, *part)
            for guild_id, *part in zip(payers, counts, sums, strict=True)
        ]

    def _all_else(self) -> tuple[int, ...]:
        if self.guild_id:
            return (self.guild_id,)
        return tuple(sorted(self.guild_ids)) or (0,)


# What nobody in particular asked for, such as whose the account is.
NOBODY = Bill("")


def _parts(whole: int, number: int) -> list[int]:
    each, left = divmod(whole, number)
    return [each + left, *[each] * (number - 1)]
