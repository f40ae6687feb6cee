"""When a watch tells: what is not to be told yet is held, and let go when its moment comes."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.styles import QuietHours, Rhythm, Untold, WatchStyle, zone_of
from bot.watching.blocks import likes_of, style_of
from bot.watching.post_state.rows import likes_state_of
from storage.due import Due
from storage.held import HeldAnnouncements
from storage.models import AccountWatch, Announcement, AnnouncementKind, Guild, Watch
from storage.new_announcements import id_of


def rhythm_of(watch: Watch, guild: Guild | None) -> Rhythm:
    zone = zone_of(guild.time_zone if guild is not None else None)
    quiet = None
    if guild is not None and guild.quiet_from is not None and guild.quiet_until is not None:
        quiet = QuietHours(guild.quiet_from, guild.quiet_until, zone)
    return Rhythm(
        style=style_of(watch, guild),
        milestones=tuple(watch.milestones) if watch.milestones else None,
        goal=watch.goal,
        reached=watch.reached,
        digest_minute=watch.digest_minute,
        zone=zone,
        quiet=quiet,
        rests=watch.resting_since is not None,
        has_ended=watch.ended_at is not None,
    )


async def hold_or_free(session: AsyncSession, now: datetime) -> None:
    """Hold what is not to be told now, and free what is."""
    held, to_hold, to_free = HeldAnnouncements(session), [], []
    for news in await held.news():
        count = max(news.to_count, likes_state_of(news.post).looked_through(now))
        untold = Untold(news.since, news.before, count)
        tells = rhythm_of(news.watch, news.guild).tells(untold, now)
        if tells and news.held:
            to_free.append(id_of(news.watch))
        if not tells and news.free:
            to_hold.append(id_of(news.watch))
    await held.free(to_free)
    await held.hold(to_hold)


def told_now(due: Sequence[Due], now: datetime) -> list[Due]:
    """Leave out what came when the others of its watch were held already."""
    by_watch: dict[int | None, list[Due]] = {}
    for each in due:
        is_news = each.row.notice is None and each.row.delivery_key is None
        if is_news and each.row.kind is AnnouncementKind.POST:
            continue
        by_watch.setdefault(each.row.watch_id if is_news else None, []).append(each)
    waits = {watch_id for watch_id, news in by_watch.items() if not _is_told(news, now)}
    return [each for each in due if not _waits(each, waits, now)]


def _waits(each: Due, waits: Collection[int | None], now: datetime) -> bool:
    if each.row.kind is AnnouncementKind.POST and each.watch is not None:
        # A new post comes at once in any style, but for quiet hours.
        rhythm = rhythm_of(each.watch, each.guild)
        return each.row.delivery_key is None and not replace(rhythm, style=WatchStyle.FEED).tells(
            Untold(now, 0, 0), now
        )
    return each.row.notice is None and each.row.watch_id in waits


def _is_told(news: Sequence[Due], now: datetime) -> bool:
    watch, held = news[0].watch, held_of(news, now)
    if watch is None or held is None or news[0].row.notice is not None:
        return True
    return rhythm_of(watch, news[0].guild).tells(held, now)


def held_of(news: Sequence[Due], now: datetime) -> Untold | None:
    """Return what a watch has to tell, of rows that are about one post.

    What is counted alone brings nobody nearer to a milestone: who is read a moment later would be
    left out of what is told of it.
    """
    post = news[0].post
    if post is None:
        return None
    return Untold(
        since=min(each.row.created_at for each in news),
        before=min(each.row.to_count - new_likes(each.row) for each in news),
        now=max(likes_state_of(post).looked_through(now), *(each.row.to_count for each in news)),
    )


def new_likes(row: Announcement) -> int:
    return 0 if row.kind is AnnouncementKind.LEFT else likes_of(row)


def note_milestone(batch: Sequence[Due], now: datetime) -> None:
    """Keep which milestone is told, so that it is told once however the count goes on."""
    watch, held = batch[0].watch, held_of(batch, now)
    if watch is not None and held is not None:
        milestone = rhythm_of(watch, batch[0].guild).milestone(held)
        watch.reached = max(watch.reached, milestone or 0)
        for each in batch:
            each.row.facts = {"milestone": milestone}


async def note_mentions(session: AsyncSession, batch: Sequence[Due], now: datetime) -> None:
    """Keep with a message that begins whom it mentions, so that it does so however it is sent.

    Watches of an account's posts that mention as it does have its time together.
    """
    for each in batch:
        watch = each.watch
        if watch is None or watch.mention_role_id is None or each.row.notice is not None:
            continue
        account = await _mentions_as(session, watch)
        told = [each.mentioned_at for each in (watch, account) if each and each.mentioned_at]
        if told and now < max(told) + timedelta(seconds=watch.mention_every_s):
            continue
        watch.mentioned_at = now
        if account is not None:
            account.mentioned_at = now
        each.row.facts = {**(each.row.facts or {}), "mention": watch.mention_role_id}


async def _mentions_as(session: AsyncSession, watch: Watch) -> AccountWatch | None:
    """Return the account's watch that has found a watch, if both mention the same as often."""
    if watch.account_watch_id is None:
        return None
    account = await session.get(AccountWatch, watch.account_watch_id, with_for_update=True)
    chosen = (watch.mention_role_id, watch.mention_every_s)
    if account is None or (account.mention_role_id, account.mention_every_s) != chosen:
        return None
    return account
