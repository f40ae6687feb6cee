"""What watches have to tell that tell at moments of their own."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import case, func
from sqlmodel import col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.announced_likes import COUNTED, NAMED
from storage.models import (
    Announcement,
    AnnouncementKind,
    AnnouncementState,
    AnnouncementStyle,
    Guild,
    Post,
    Watch,
)
from storage.named_locks import has_named_locks, if_nobody_has
from storage.one_of import one_of

_AT_MOMENTS = (AnnouncementStyle.MILESTONES, AnnouncementStyle.DIGEST)


class HeldNews(NamedTuple):
    """What one watch has to tell: since when, from which count to which, and whether it is held.

    X may have counted more than was found, or not yet what it has pushed: `to_count` is what is to
    be told.
    """

    watch: Watch
    guild: Guild | None
    post: Post
    since: datetime
    before: int
    to_count: int
    held: int
    free: int


class HeldAnnouncements:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def news(self) -> list[HeldNews]:
        """Return what has not been begun of watches that do not tell at once.

        Nothing while another process changes some of it: what one lets go, and what one holds, the
        other would wait for in another order.
        """
        news = _NEWS_IF_OURS if has_named_locks(self._session) else _NEWS
        return [HeldNews(*row) for row in await self._session.exec(news)]

    async def free(self, watch_ids: Collection[int]) -> None:
        """Let what these watches have to tell be told; to be done before anything is locked."""
        await self._move(watch_ids, AnnouncementState.HELD, AnnouncementState.WAITING)

    async def hold(self, watch_ids: Collection[int]) -> None:
        """Let it wait for its moment, but for what somebody has locked, who decides about it."""
        waiting, held = AnnouncementState.WAITING, AnnouncementState.HELD
        await self._move(watch_ids, waiting, held, skip_locked=True)

    async def _move(
        self,
        watch_ids: Collection[int],
        before: AnnouncementState,
        after: AnnouncementState,
        *,
        skip_locked: bool = False,
    ) -> None:
        """Change it in one order everywhere, so that no two deadlock."""
        if not watch_ids:
            return
        of_watches = col(Announcement.watch_id).in_(set(watch_ids))
        some = (
            select(Announcement.id)
            .where(of_watches, *_UNBEGUN, col(Announcement.state) == before)
            .order_by(col(Announcement.id))
            .with_for_update(skip_locked=skip_locked)
            .correlate(None)
        )
        await self._session.exec(
            update(Announcement)
            .where(col(Announcement.id).in_(some))
            .values(state=after)
            .execution_options(synchronize_session=False)
        )


_UNBEGUN = (
    one_of(col(Announcement.state), (AnnouncementState.HELD, AnnouncementState.WAITING)),
    col(Announcement.delivery_key).is_(None),
    col(Announcement.post_id).is_not(None),
    col(Announcement.notice).is_(None),
    col(Announcement.kind) != AnnouncementKind.POST,
)

# Built once, for it is asked with every look for what is to be sent.
_is_held = case((col(Announcement.state) == AnnouncementState.HELD, 1), else_=0)
_columns: list[Any] = [
    Watch,
    Guild,
    Post,
    func.min(Announcement.created_at),
    func.min(col(Announcement.to_count) - NAMED - COUNTED),
    func.max(Announcement.to_count),
    func.sum(_is_held),
    func.sum(1 - _is_held),
]
_NEWS = (
    select(*_columns)
    .select_from(Announcement)
    .join(Watch, col(Watch.id) == col(Announcement.watch_id))
    .join(Post, col(Post.id) == col(Watch.post_id))
    .outerjoin(Guild, col(Guild.id) == col(Watch.guild_id))
    .where(
        *_UNBEGUN,
        or_(
            col(Announcement.state) == AnnouncementState.HELD,
            one_of(col(Watch.style), _AT_MOMENTS),
            one_of(col(Guild.style), _AT_MOMENTS),
            col(Guild.quiet_from).is_not(None),
            col(Watch.resting_since).is_not(None),
        ),
    )
    .group_by(col(Watch.id), col(Guild.id), col(Post.id))
)
_NEWS_IF_OURS = _NEWS.where(if_nobody_has("held announcements"))
