"""Announcements as they are stored, turned into what a message is made of."""

from collections.abc import Iterable, Iterator, Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.audience import EVERYBODY, Readers
from bot.accounts.which_account import Access
from bot.domain import Announcement, AnnouncementType, Delivery, User, WatchKind
from bot.domain.announcements import MessageForm, Recipient
from bot.domain.stored_notices import notice_value
from bot.watching.stored_values import post_value, user_value
from storage import models
from storage.announcements import Due
from storage.models import AnnouncementKind
from storage.users import Users


class DeliveryValues:
    """The users that deliveries need, read at once, to turn rows into values."""

    def __init__(self, users: dict[int, models.XUser], readers: Readers) -> None:
        self._users = users
        self._readers = readers

    @classmethod
    async def load(
        cls, session: AsyncSession, due: Sequence[Due], access: Access | None
    ) -> "DeliveryValues":
        authors = {each.post.author_id for each in due if each.post and each.post.author_id}
        likers = {liker_id for each in due for liker_id in each.row.liker_ids}
        readers = EVERYBODY
        if access is not None:
            readers = await access.audience.consents(session, access.own.user_id, authors)
        return cls(await Users(session).get(authors | likers), readers)

    def delivery(self, batch: Sequence[Due]) -> Delivery:
        first = batch[0].row
        if first.delivery_key is None:
            raise ValueError("a delivery must be claimed first")
        return Delivery(
            key=first.delivery_key,
            channel_id=first.channel_id,
            announcements=tuple(self._announcement(each) for each in batch),
            first_tried_at=first.first_tried_at,
            is_in_trouble=batch[0].is_in_trouble,
            form=MessageForm(first.form),
            recipient=_recipient(first),
        )

    def _announcement(self, each: Due) -> Announcement:
        row, post, _, guild_id = each
        author_id = None if post is None else post.author_id
        # Consent may have ended since the row was written.
        names = guild_id is None or not self._readers.lacks_consent(author_id, guild_id)
        is_gone = post is not None and post.erased_at is not None
        likers = tuple(self._named(row.liker_ids)) if names else ()
        grown = row.kind is AnnouncementKind.GROWTH
        # Of likes, those that came since the row was written are there too.
        now = post.like_count if post and row.kind is AnnouncementKind.LIKES else 0
        return Announcement(
            id=row.id or 0,
            watch_id=row.watch_id,
            post=None if post is None else post_value(post, self._users),
            likers=likers,
            unnamed=_unnamed(row, likers) if names or is_gone else 0,
            post_gone=is_gone,
            asks_author=guild_id is not None and self._readers.asks_author(author_id, guild_id),
            like_count=max(row.to_count, now),
            from_count=row.from_count if grown else None,
            kind=WatchKind.PENDING if post is None else WatchKind(post.kind),
            type=AnnouncementType(row.kind),
            notice=None if row.notice is None else notice_value(row.notice, row.facts),
        )

    def _named(self, user_ids: Iterable[int]) -> Iterator[User]:
        """Yield those who may be named: the ID of a stand-in for a forgotten user is negative."""
        for user_id in user_ids:
            if user_id > 0 and user_id in self._users:
                yield user_value(self._users[user_id])


def _unnamed(row: models.Announcement, named: Sequence[User]) -> int:
    return max(0, row.liker_count - len(named))


def _recipient(row: models.Announcement) -> Recipient | None:
    if row.recipient_id is None or row.recipient_guild_id is None:
        return None
    return Recipient(row.recipient_id, row.recipient_guild_id)
