"""What is stored about posts goes when X shows them no more, and when nobody watches them."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.retention import NOT_SHOWN_KEPT, UNWATCHED_KEPT
from storage.database import Database
from storage.erasing import Erasing, let_others_write
from storage.message_edits import MessageEdits
from storage.models import EditReason

# So much is deleted in one transaction: others write between two of them.
_AT_ONCE = 500
_POSTS_AT_ONCE = 1_000


class Retention:
    """Deletes in many small transactions; one that ends in between is gone on with later."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def run_once(self) -> int:
        """Delete what is to go by now; return how many posts that was about."""
        now = self._now()
        async with self._database.reading() as session:
            hidden = await Erasing(session).not_shown_since(now - NOT_SHOWN_KEPT, _POSTS_AT_ONCE)
        for post_id in hidden:
            await self._erase(post_id, now)
        async with self._database.transaction() as session:
            await Erasing(session).note_watched(now)
        async with self._database.reading() as session:
            over = await Erasing(session).unwatched_since(now - UNWATCHED_KEPT, _POSTS_AT_ONCE)
        for post_id in over:
            await self._delete(post_id)
        return len(hidden) + len(over) + await self._sweep_users()

    async def _erase(self, post_id: int, now: datetime) -> None:
        """Delete a post's text and likers; its watches go on, should X show it again.

        From the first step on all that was known begins anew then, whatever is left of it.
        """
        async with self._database.transaction() as session:
            erasing = Erasing(session)
            post = await erasing.lock_not_shown(post_id)
            if post is None:
                return
            if post.erased_at is None:
                await MessageEdits(session).of_post(post_id, EditReason.GONE, now)
                await erasing.nameless(post_id)
                post.text, post.tail_token, post.erased_at = "", None, now
        deleted = _AT_ONCE
        while deleted == _AT_ONCE:
            async with self._database.transaction() as session:
                erasing = Erasing(session)
                if await erasing.lock_not_shown(post_id) is None:
                    return
                deleted = await erasing.some_likers(post_id, _AT_ONCE)
            await let_others_write()

    async def _delete(self, post_id: int) -> None:
        """Delete a post that nobody watches, with who likes it and what was said of it."""
        deleted = _AT_ONCE
        while deleted == _AT_ONCE:
            async with self._database.transaction() as session:
                erasing = Erasing(session)
                post = await erasing.lock_unwatched(post_id)
                if post is None:
                    return
                deleted = await erasing.some_likers(post_id, _AT_ONCE)
                if deleted < _AT_ONCE:
                    await erasing.announcements(post_id)
                    await erasing.post(post)
            await let_others_write()

    async def _sweep_users(self) -> int:
        """Delete the users whom nothing refers to; return how many."""
        after, swept = 0, 0
        while True:
            async with self._database.reading() as session:
                found = await Erasing(session).unneeded_users(after, _AT_ONCE)
            if not found:
                return swept
            async with self._database.transaction() as session:
                await Erasing(session).users(found)
            after, swept = found[-1], swept + len(found)
