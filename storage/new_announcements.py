"""New rows of the outbox: what hangs on which watch, and goes into which channel."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from storage.models import AccountWatch, Announcement, AnnouncementForm, AnnouncementKind, Watch


def about_likes(
    watch: Watch,
    kind: AnnouncementKind,
    now: datetime,
    *,
    user_ids: Sequence[int] = (),
    from_count: int = 0,
    to_count: int = 0,
) -> Announcement:
    """Return who likes a watched post or does no longer, or how its count grew."""
    return Announcement(
        watch_id=id_of(watch),
        channel_id=watch.channel_id,
        post_id=watch.post_id,
        kind=kind,
        liker_ids=list(user_ids),
        liker_count=len(user_ids),
        from_count=from_count,
        to_count=to_count,
        created_at=now,
        not_before=now,
    )


def about_post(watch: Watch, notice: str, facts: dict[str, Any], now: datetime) -> Announcement:
    """Return a notice about a watched post."""
    row = _notice(watch.channel_id, notice, facts, now)
    row.watch_id, row.post_id = id_of(watch), watch.post_id
    return row


def about_appearance(watch: Watch, facts: dict[str, Any], now: datetime) -> Announcement:
    """Return that a watched post has appeared; it is long, and takes a message of its own."""
    row = about_likes(watch, AnnouncementKind.POST, now)
    row.facts, row.form = facts, AnnouncementForm.ALONE
    return row


def about_account(
    watch: AccountWatch, notice: str, facts: dict[str, Any], now: datetime
) -> Announcement:
    """Return a notice about an account whose new posts are watched."""
    row = _notice(watch.channel_id, notice, facts, now)
    row.account_watch_id = id_of(watch)
    return row


def about_guild(
    watch: Watch | AccountWatch, channel_id: int, notice: str, facts: dict[str, Any], now: datetime
) -> Announcement:
    """Return a notice about no post, which hangs on one of the guild's watches."""
    row = _notice(channel_id, notice, facts, now)
    if isinstance(watch, Watch):
        row.watch_id = id_of(watch)
    else:
        row.account_watch_id = id_of(watch)
    return row


def about_refusal(
    refused: Announcement, channel_id: int, notice: str, facts: dict[str, Any], now: datetime
) -> Announcement:
    """Return a notice that an announcement could not be sent; it holds nothing of that."""
    row = _notice(channel_id, notice, facts, now)
    row.watch_id, row.account_watch_id = refused.watch_id, refused.account_watch_id
    return row


def _notice(channel_id: int, notice: str, facts: dict[str, Any], now: datetime) -> Announcement:
    return Announcement(
        channel_id=channel_id,
        kind=AnnouncementKind.NOTICE,
        notice=notice,
        facts=facts,
        created_at=now,
        not_before=now,
    )


def id_of(watch: Watch | AccountWatch) -> int:
    if watch.id is None:
        raise ValueError("the watch has not been stored")
    return watch.id
