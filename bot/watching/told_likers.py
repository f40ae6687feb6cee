"""Of whom a message told: everybody, where it had room to name only some."""

from bot.accounts.which_account import Access
from bot.domain import AnnouncementType, ToldPage
from bot.domain.errors import NoLongerTold
from bot.domain.page_sizes import TOLD_A_PAGE
from bot.watching.blocks import liker_ids_of
from bot.watching.stored_values import post_value, user_value
from storage.announcements import Announcements
from storage.database import Database
from storage.users import Users


class ToldLikers:
    def __init__(self, database: Database, access: Access) -> None:
        self._database = database
        self._access = access

    async def watch_of(self, guild_id: int, key: str, post_id: int) -> int | None:
        """Return which watch of a guild told of a post in the message with a key, if one did."""
        async with self._database.reading() as session:
            return await Announcements(session).watch_of(guild_id, key, post_id)

    async def page(
        self, guild_id: int, key: str, post_id: int, told: AnnouncementType, page: int
    ) -> ToldPage:
        """Return a page of those of whom the message with a key told; X is not asked.

        A guild sees what it was told itself. Raise NoLongerTold where that is not stored any more.
        """
        async with self._database.reading() as session:
            found = await Announcements(session).told_in(guild_id, key, post_id, told.value)
            if not found or (post := found[0].post) is None or post.erased_at is not None:
                raise NoLongerTold
            readers = await self._access.readers(session, post.author_id)
            shown = not readers.lacks_consent(post.author_id, guild_id)
            likers = liker_ids_of(found) if shown else []
            before = page * TOLD_A_PAGE
            some = likers[before : before + TOLD_A_PAGE]
            by = {post.author_id} if post.author_id is not None else set()
            users = await Users(session).get({*some, *by})
        return ToldPage(
            post=post_value(post, users),
            users=tuple(user_value(users[liker]) for liker in some if liker > 0 and liker in users),
            page=page,
            before=before,
            total=len(likers),
            watch_id=found[0].row.watch_id or 0,
        )
