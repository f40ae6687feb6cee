"""X's post object."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import AliasChoices, Field

from bot.domain import (
    AuthorMetrics,
    Media,
    Missing,
    Poll,
    Post,
    PostCounts,
    Reference,
    ReferenceKind,
    Withheld,
)
from bot.x.wire.attached import WireMedia, WirePlace, WirePoll
from bot.x.wire.base import BigCount, Count, Id, Part, Several, Text, Time, Wire
from bot.x.wire.text import Entities, Note, Resolved, UrlEntity, resolve
from bot.x.wire.users import WireUser

_POST_ADDRESS = re.compile(
    r"https?://(?:\w+\.)?(?:twitter|x)\.com/\w+/status/(\d{1,19})\b", re.ASCII
)


class _Metrics(Wire):
    must_be_read = frozenset({"like_count"})

    like_count: Count | None = None
    repost_count: Count = Field(
        default=0, validation_alias=AliasChoices("retweet_count", "repost_count")
    )
    reply_count: Count = 0
    quote_count: Count = 0
    bookmark_count: BigCount | None = None
    impression_count: BigCount | None = None

    def value(self) -> PostCounts:
        return PostCounts(
            likes=self.like_count or 0,
            reposts=self.repost_count,
            replies=self.reply_count,
            quotes=self.quote_count,
            impressions=self.impression_count,
            bookmarks=self.bookmark_count,
        )


class _NonPublicMetrics(Part):
    impression_count: BigCount | None = None
    url_link_clicks: BigCount | None = None
    user_profile_clicks: BigCount | None = None


class _Attachments(Part):
    media_keys: Several[str] = ()
    poll_ids: Several[str] = ()


class _Reference(Wire):
    type: str
    id: Id


class _EditControls(Part):
    editable_until: Time | None = None


class _Geo(Part):
    place_id: str | None = None


class _Article(Part):
    title: Text | None = None


class _Withheld(Part):
    copyright: bool = False
    country_codes: Several[Text] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What an answer brings along with its posts; `missing` is by ID as X wrote it."""

    users: Mapping[int, WireUser] = field(default_factory=dict)
    posts: "Mapping[int, WirePost]" = field(default_factory=dict)
    media: Mapping[str, WireMedia] = field(default_factory=dict)
    polls: Mapping[str, WirePoll] = field(default_factory=dict)
    places: Mapping[str, WirePlace] = field(default_factory=dict)
    missing: Mapping[str, Missing] = field(default_factory=dict)


class WirePost(Wire):
    # A post whose counts cannot be read is not one that nobody likes.
    must_be_read = frozenset({"public_metrics"})

    id: Id
    text: Text = ""
    article: _Article = Field(
        default=_Article(), validation_alias=AliasChoices("article", "article_title")
    )
    attachments: _Attachments = _Attachments()
    author_id: Id | None = None
    conversation_id: Id | None = None
    created_at: Time | None = None
    edit_controls: _EditControls = _EditControls()
    edit_history_ids: Several[Id] = Field(
        default=(),
        validation_alias=AliasChoices("edit_history_tweet_ids", "edit_history_post_ids"),
    )
    entities: Entities = Entities()
    geo: _Geo = _Geo()
    in_reply_to_user_id: Id | None = None
    lang: Text | None = None
    non_public_metrics: _NonPublicMetrics = _NonPublicMetrics()
    note: Note | None = Field(
        default=None, validation_alias=AliasChoices("note_tweet", "note_post")
    )
    organic_metrics: _Metrics | None = None
    possibly_sensitive: bool = False
    public_metrics: _Metrics | None = None
    references: Several[_Reference] = Field(
        default=(), validation_alias=AliasChoices("referenced_tweets", "referenced_posts")
    )
    reply_settings: Text | None = None
    source: Text | None = None
    withheld: _Withheld | None = None

    @property
    def reposted_id(self) -> int | None:
        found = (ref.id for ref in self.references if ref.type == ReferenceKind.REPOSTED)
        return next(found, None)

    @property
    def is_counted(self) -> bool:
        """Whether X says how many like it."""
        return self.public_metrics is not None and self.public_metrics.like_count is not None

    def value(self, beside: Beside) -> Post:
        """Return the post; those it refers to come with it, but not those they refer to."""
        author = beside.users.get(self.author_id) if self.author_id is not None else None
        text = self._whole_text(beside)
        media = self._media(beside)
        return Post(
            id=self.id,
            text=text.text,
            author_id=self.author_id,
            author=author.value() if author else None,
            created_at=self.created_at,
            counts=self.public_metrics.value() if self.public_metrics else PostCounts(),
            is_counted=self.is_counted,
            media=media,
            possibly_sensitive=self.possibly_sensitive,
            links=text.links,
            media_elsewhere=len(self.attachments.media_keys) - len(media),
            poll=self._poll(beside),
            place=self._place(beside),
            article_title=self.article.title or None,
            references=self._references(beside),
            versions=self.edit_history_ids,
            editable_until=self.edit_controls.editable_until,
            conversation_id=self.conversation_id,
            reply_to=self._reply_to(beside),
            reply_settings=self.reply_settings,
            source=self.source or None,
            lang=self.lang,
            withheld=self._withheld(),
        )

    def author_metrics(self, media: Mapping[str, WireMedia]) -> AuthorMetrics | None:
        """Return what X tells only the author, or None where it does not."""
        private = self.non_public_metrics
        attached = (media[key] for key in self.attachments.media_keys if key in media)
        metrics = AuthorMetrics(
            impressions=private.impression_count,
            link_clicks=private.url_link_clicks,
            profile_clicks=private.user_profile_clicks,
            organic=self.organic_metrics.value() if self.organic_metrics else None,
            videos=tuple(played for item in attached if (played := item.playback()) is not None),
        )
        return metrics if metrics != AuthorMetrics() else None

    def _whole_text(self, beside: Beside) -> Resolved:
        whole = self.note if self.note and self.note.text else self
        own = {self.id, *(reference.id for reference in self.references)} & {self.id, *beside.posts}

        def is_shown_below(entity: UrlEntity) -> bool:
            address = _POST_ADDRESS.match(entity.written)
            return address is not None and int(address[1]) in own

        return resolve(whole.text, whole.entities, is_shown_below)

    def _media(self, beside: Beside) -> tuple[Media, ...]:
        known = (beside.media.get(key) for key in self.attachments.media_keys)
        values = (item.value() for item in known if item is not None)
        return tuple(media for media in values if media is not None)

    def _poll(self, beside: Beside) -> Poll | None:
        known = (beside.polls.get(poll_id) for poll_id in self.attachments.poll_ids)
        return next((poll.value() for poll in known if poll is not None), None)

    def _place(self, beside: Beside) -> str | None:
        place = beside.places.get(self.geo.place_id) if self.geo.place_id else None
        return place.value() if place else None

    def _reply_to(self, beside: Beside) -> str | None:
        """Return the username of whoever is replied to."""
        if self.in_reply_to_user_id is None:
            return None
        user = beside.users.get(self.in_reply_to_user_id)
        return user.username if user else None

    def _references(self, beside: Beside) -> tuple[Reference, ...]:
        alone = replace(beside, posts={})
        return tuple(
            Reference(
                ReferenceKind(reference.type),
                reference.id,
                post.value(alone) if (post := beside.posts.get(reference.id)) else None,
                beside.missing.get(str(reference.id)),
            )
            for reference in self.references
            if reference.type in set(ReferenceKind)
        )

    def _withheld(self) -> Withheld | None:
        if self.withheld is None:
            return None
        return Withheld(self.withheld.country_codes, self.withheld.copyright)
