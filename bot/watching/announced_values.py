"""Rows of the outbox, and what they need, turned into deliveries."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.audience import EVERYBODY, Readers
from bot.accounts.which_account import Access
from bot.domain import Announcement, AnnouncementType, Delivery, WatchKind
from bot.domain.announcements import SHOWN_NAMES, MessageForm, Recipient, Recognition
from bot.domain.new_posts import links_of, media_of
from bot.domain.stored_notices import notice_value
from bot.domain.styles import WatchStyle
from bot.domain.watches import EVERYBODY_NAMED
from bot.watching.blocks import Block, blocks_of, course_of, liker_ids_of, likes_of, told_as
from bot.watching.spoken_languages import SpokenLanguages
from bot.watching.stored_values import post_value, telling_of, user_value
from storage import models
from storage.due import Due
from storage.models import AnnouncementKind, AnnouncementState
from storage.recognized_likes import RecognizedLikes, Standing
from storage.users import Users

_LikesOf = dict[tuple[int, int], Standing]


class AnnouncedValues:
    """The users that a claim needs, read at once, and what is to be said of their likes."""

    def __init__(
        self,
        users: dict[int, models.XUser],
        readers: Readers,
        standings: dict[int, _LikesOf],
        languages: SpokenLanguages,
    ) -> None:
        self._users = users
        self._readers = readers
        self._standings = standings
        self._languages = languages

    @classmethod
    async def load(
        cls,
        session: AsyncSession,
        access: Access | None,
        batches: Sequence[Sequence[Due]],
        now: datetime,
    ) -> "AnnouncedValues":
        due = [each for batch in batches for each in batch]
        authors = {each.post.author_id for each in due if each.post and each.post.author_id}
        readers = EVERYBODY
        if access is not None:
            readers = await access.audience.consents(session, access.own.user_id, authors)
        blocks = [block for batch in batches for block in blocks_of(batch)]
        named = {liker for block in blocks for liker in _may_be_named(block)}
        users = await Users(session).get(authors | named)
        languages = await SpokenLanguages.load(session, [batch[0] for batch in batches])
        return cls(users, readers, await _standings(session, blocks, now), languages)

    def delivery(self, batch: Sequence[Due]) -> Delivery:
        # Of a card, what was told before has been sent, maybe plainer; of what is retold, all has.
        unsent = [each for each in batch if each.row.state is not AnnouncementState.SENT]
        unsent = unsent or list(batch[-1:])
        first, watch = unsent[0].row, unsent[0].watch
        if first.delivery_key is None:
            raise ValueError("a delivery must be claimed first")
        style = told_as(unsent[0])
        is_card = style is WatchStyle.CARD
        return Delivery(
            key=first.delivery_key,
            channel_id=first.channel_id,
            announcements=tuple(self._announcement(block, style) for block in blocks_of(batch)),
            first_tried_at=first.first_tried_at,
            is_tried_again=first.attempts > 1,
            is_in_trouble=batch[0].is_in_trouble,
            form=MessageForm(first.form),
            recipient=_recipient(first),
            style=style,
            card_id=next((each.row.message_id for each in batch), None) if is_card else None,
            mentions=_mentions(batch),
            labels=tuple(each.watch.label for each in unsent if each.watch and each.watch.label),
            publishes=any(each.watch is not None and each.watch.publishes for each in unsent),
            card_at=watch.card_at if is_card and watch is not None else None,
            language=self._languages.of(batch[0]),
        )

    def _announcement(self, block: Block, style: WatchStyle) -> Announcement:
        row, post, guild_id = block[-1].row, block[-1].post, block[-1].guild_id
        telling = telling_of(block[-1])
        author_id = None if post is None else post.author_id
        # Consent may have ended since the rows were written.
        shows_names = guild_id is None or not self._readers.lacks_consent(author_id, guild_id)
        named = self._named(block) if shows_names else []
        is_gone = post is not None and post.erased_at is not None
        likes = _likers_told(block) if shows_names or is_gone else 0
        grown = row.kind is AnnouncementKind.GROWTH
        facts = row.facts or {}
        shown = None if post is None else post_value(post, self._users)
        if shown is not None and row.kind is AnnouncementKind.POST:
            shown = replace(
                shown,
                media=media_of(facts),
                links=links_of(facts),
                possibly_sensitive=facts.get("sensitive", False),
            )
        return Announcement(
            id=block[0].row.id or 0,
            watch_id=row.watch_id,
            post=shown,
            likers=tuple(user_value(self._users[liker]) for liker in named),
            more=max(0, likes - len(named)),
            post_gone=is_gone,
            asks_author=guild_id is not None and self._readers.asks_author(author_id, guild_id),
            like_count=_count(block, post),
            from_count=row.to_count - sum(likes_of(each.row) for each in block) if grown else None,
            kind=WatchKind.PENDING if post is None else WatchKind(post.kind),
            type=AnnouncementType(row.kind),
            notice=None if row.notice is None else notice_value(row.notice, row.facts),
            recognitions=self._recognitions(block, named, guild_id),
            rows=tuple(each.row.id or 0 for each in block),
            style=style if row.notice is None else WatchStyle.FEED,
            milestone=(row.facts or {}).get("milestone") if row.notice is None else None,
            does=facts.get("does", "posted"),
            reposted_by=facts.get("reposted_by"),
            opens_thread=facts.get("in_thread", False),
            template=telling.template,
            goal=telling.goal,
            course=course_of(block),
            since=block[0].row.created_at,
            until=row.created_at,
        )

    def _named(self, block: Block) -> list[int]:
        """Return whom a watch names: the newest of those whom it wants to."""
        wanted = telling_of(block[-1]).named
        known = (each for each in _may_be_named(block) if each in self._users)
        named = (each for each in known if wanted.has(user_value(self._users[each])))
        return list(islice(named, SHOWN_NAMES))

    def _recognitions(
        self, block: Block, named: Sequence[int], guild_id: int | None
    ) -> tuple[Recognition, ...]:
        row = block[-1].row
        if row.kind is not AnnouncementKind.LIKES or guild_id is None or row.post_id is None:
            return ()
        # All the likes that there are: one of them is the first.
        begins = row.to_count <= sum(likes_of(each.row) for each in block)
        found = []
        for user_id in named:
            standing = self._standings.get(guild_id, {}).get((row.post_id, user_id))
            if standing is not None:
                is_first = begins and standing.is_earliest
                found.append(Recognition(user_id, standing.nth, is_first))
        return tuple(found)


async def _standings(
    session: AsyncSession, blocks: Sequence[Block], now: datetime
) -> dict[int, _LikesOf]:
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    pairs: dict[int, set[tuple[int, int]]] = {}
    for block in blocks:
        row, guild_id = block[-1].row, block[-1].guild_id
        if row.kind is AnnouncementKind.LIKES and guild_id is not None and row.post_id is not None:
            likes = {(row.post_id, user_id) for user_id in _may_be_named(block)}
            pairs.setdefault(guild_id, set()).update(likes)
    recognized = RecognizedLikes(session)
    return {guild: await recognized.since(month, guild, likes) for guild, likes in pairs.items()}


def _may_be_named(block: Block) -> list[int]:
    """Return the newest likers, or all where a watch names only some."""
    # The ID of a stand-in for a forgotten user is negative.
    likers = [liker for liker in liker_ids_of(block) if liker > 0]
    is_open = telling_of(block[-1]).named == EVERYBODY_NAMED
    return likers[:SHOWN_NAMES] if is_open else likers


def _likers_told(block: Block) -> int:
    """Return how many likers a block tells of, also where it is not known any more who they are."""
    unknown = sum(max(0, each.row.liker_count - len(each.row.liker_ids)) for each in block)
    return len(liker_ids_of(block)) + unknown


def _count(block: Block, post: models.Post | None) -> int:
    """Return how many like a post: of new likes never fewer than are told, however late X counts.

    Those that came since the rows were written are there too.
    """
    row = block[-1].row
    if row.kind is not AnnouncementKind.LIKES:
        return row.to_count
    return max(row.to_count, _likers_told(block), post.like_count if post else 0)


def _mentions(batch: Sequence[Due]) -> tuple[int, ...]:
    told = (each.row.facts or {} for each in batch if each.row.notice is None)
    return tuple(dict.fromkeys(facts["mention"] for facts in told if "mention" in facts))


def _recipient(row: models.Announcement) -> Recipient | None:
    if row.recipient_id is None or row.recipient_guild_id is None:
        return None
    return Recipient(row.recipient_id, row.recipient_guild_id)
