"""Posts whose likers could not be read: told of once, and tried after all others for a while."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from bot.accounts.which_account import Access
from bot.domain.errors import CredentialRefused, GuildBudgetSpent, XError
from bot.watching.health import Health
from bot.x.client import XClient
from storage.watched_posts import WatchedPost

_PART = "collect"
# For so long a post that could not be read comes after all others, however urgent it is.
_AFTER_FAILURE = timedelta(minutes=1)


class ReadingFailures:
    def __init__(self, access: Access, health: Health, now: Callable[[], datetime]) -> None:
        self._access = access
        self._health = health
        self._now = now
        self._failed_at: dict[int, datetime] = {}

    def keep(self, post_ids: Collection[int]) -> None:
        """Forget all other posts."""
        self._failed_at = {post: at for post, at in self._failed_at.items() if post in post_ids}

    def fresh(self, found: Collection[WatchedPost]) -> list[WatchedPost]:
        """Return the posts that did not fail just now."""
        pause_over = self._now() - _AFTER_FAILURE
        failed_at = self._failed_at
        return [each for each in found if failed_at.get(each.post.id, pause_over) <= pause_over]

    def was_read(self, post_id: int) -> None:
        self._failed_at.pop(post_id, None)
        self._health.works(_PART)

    def failed(self, post_id: int) -> None:
        self._failed_at[post_id] = self._now()

    def refused(self, post_id: int, x: XClient, error: XError) -> None:
        """Note that X did not show a post's likers to this account."""
        self.failed(post_id)
        # That a member took their permission back is decided and told of elsewhere.
        is_members_own = isinstance(error, CredentialRefused) and x is not self._access.own
        # Whose budget it is was told; others have no trouble.
        if not is_members_own and not isinstance(error, GuildBudgetSpent):
            self.trouble(error)

    def trouble(self, error: XError) -> None:
        self._health.fails(_PART, error)
