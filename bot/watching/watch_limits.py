"""How many posts and accounts a server may watch: each costs X's windows, which all share."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.errors import TooManyWatches
from bot.domain.watches import POSTS_A_SERVER
from storage.account_watches import AccountWatches
from storage.watches import Watches

# Each account brings new posts by itself: so there are so many times fewer.
_POSTS_AN_ACCOUNT = 10
# Posts end by themselves, and others take their places: that there is room again is so, and told
# as such, when a tenth of all is free.
_ROOM_AGAIN = 0.9


@dataclass(frozen=True, slots=True)
class WatchLimits:
    posts: int = POSTS_A_SERVER

    @property
    def accounts(self) -> int:
        return max(1, self.posts // _POSTS_AN_ACCOUNT)

    async def require_room(self, session: AsyncSession, guild_id: int) -> None:
        """Raise TooManyWatches where no other post may be watched."""
        if await Watches(session).count(guild_id) >= self.posts:
            raise TooManyWatches(f"{self.posts} posts")

    async def require_room_for_account(self, session: AsyncSession, guild_id: int) -> None:
        """Raise TooManyWatches where no other account may be watched."""
        if await AccountWatches(session).count(guild_id) >= self.accounts:
            raise TooManyWatches(f"{self.accounts} accounts")

    async def room(self, session: AsyncSession, guild_id: int) -> int:
        """Return how many more posts a server may watch."""
        return max(0, self.posts - await Watches(session).count(guild_id))

    async def full(self, session: AsyncSession) -> frozenset[int]:
        """Return the servers that may watch no other post."""
        return frozenset(await Watches(session).with_at_least(self.posts))

    async def nearly_full(
        self, session: AsyncSession, guild_ids: Collection[int]
    ) -> frozenset[int]:
        """Return which of these servers have hardly any room, and no more than that."""
        least = int(self.posts * _ROOM_AGAIN) + 1
        return frozenset(guild_ids) & frozenset(await Watches(session).with_at_least(least))
