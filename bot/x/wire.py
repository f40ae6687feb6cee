"""X's JSON, checked and read into values; both spellings of the field names are understood.

A field that X leaves out takes its default, one it adds is ignored, and one of the wrong type
makes the whole answer unreadable.
"""

import html
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    AliasChoices,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
)

from bot.domain import Media, Missing, Post, PostCounts, PostsFound, PostsPage, User, UsersPage


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time beyond all calendars") from error


def _storable(text: str) -> str:
    """Drop what no text of X holds and no database stores: U+0000 and halves of characters."""
    return text.replace("\0", "").encode(errors="replace").decode()


_Id = Annotated[int, Field(ge=0, lt=2**63)]
_Count = Annotated[int, Field(ge=0, lt=2**31)]
_Time = Annotated[AwareDatetime, AfterValidator(_in_utc)]
_Text = Annotated[str, AfterValidator(_storable)]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Metrics(_Wire):
    like_count: _Count = 0
    repost_count: _Count = Field(
        default=0, validation_alias=AliasChoices("retweet_count", "repost_count")
    )
    reply_count: _Count = 0
    quote_count: _Count = 0
    impression_count: Annotated[int, Field(ge=0, lt=2**63)] | None = None


class _UrlEntity(_Wire):
    url: _Text
    expanded_url: _Text | None = None
    media_key: str | None = None


class _Entities(_Wire):
    urls: tuple[_UrlEntity, ...] = ()


class _Note(_Wire):
    text: _Text
    entities: _Entities = _Entities()


class _Attachments(_Wire):
    media_keys: tuple[str, ...] = ()


class WireUser(_Wire):
    id: _Id
    username: _Text
    name: _Text
    profile_image_url: _Text | None = None
    verified_type: _Text | None = None
    protected: bool = False

    def value(self) -> User:
        return User(
            id=self.id,
            username=self.username,
            name=self.name,
            profile_image_url=_larger(self.profile_image_url),
            verified_type=self.verified_type if self.verified_type != "none" else None,
            protected=self.protected,
        )


def _larger(picture: str | None) -> str | None:
    """Return the address of a profile picture of 400 pixels; X sends that of 48."""
    if picture is None or "//pbs.twimg.com/" not in picture:
        return picture
    return re.sub(r"_normal(\.\w+)$", r"_400x400\1", picture)


class WireMedia(_Wire):
    media_key: str
    type: _Text
    url: _Text | None = None
    preview_image_url: _Text | None = None
    alt_text: _Text | None = None

    def value(self) -> Media | None:
        picture = self.url or self.preview_image_url
        return Media(self.type, picture, self.alt_text) if picture else None


class WirePost(_Wire):
    id: _Id
    text: _Text = ""
    author_id: _Id | None = None
    created_at: _Time | None = None
    public_metrics: _Metrics = _Metrics()
    entities: _Entities = _Entities()
    note: _Note | None = Field(
        default=None, validation_alias=AliasChoices("note_tweet", "note_post")
    )
    attachments: _Attachments = _Attachments()
    possibly_sensitive: bool = False

    def value(self, users: Mapping[int, WireUser], media: Mapping[str, WireMedia]) -> Post:
        author = users.get(self.author_id) if self.author_id is not None else None
        attached = (media[key].value() for key in self.attachments.media_keys if key in media)
        metrics = self.public_metrics
        return Post(
            id=self.id,
            text=self._whole_text(),
            author_id=self.author_id,
            author=author.value() if author else None,
            created_at=self.created_at,
            counts=PostCounts(
                likes=metrics.like_count,
                reposts=metrics.repost_count,
                replies=metrics.reply_count,
                quotes=metrics.quote_count,
                impressions=metrics.impression_count,
            ),
            media=tuple(picture for picture in attached if picture is not None),
            possibly_sensitive=self.possibly_sensitive,
        )

    def _whole_text(self) -> str:
        whole = self.note or self
        # X escapes the text, but not the addresses that come into it.
        return _with_links(html.unescape(whole.text), whole.entities).strip()


def _with_links(text: str, entities: _Entities) -> str:
    """Put the addresses that were written in the place of X's t.co links."""
    # The link of an attached picture stands at the end and says nothing.
    shown = {
        entity.url: "" if entity.media_key else entity.expanded_url or entity.url
        for entity in entities.urls
        if entity.url
    }
    if not shown:
        return text
    links = "|".join(re.escape(url) for url in sorted(shown, key=len, reverse=True))
    return re.sub(links, lambda link: shown[link[0]], text)


class _Problem(_Wire):
    """An entry of `errors` beside (or instead of) `data` in a 200."""

    type: str = ""
    title: str = ""
    resource_type: str | None = None
    resource_id: str | None = None
    value: str | int | None = None

    def about(self) -> str:
        return str(self.resource_id or self.value or "")

    def missing(self) -> Missing:
        kind = f"{self.type} {self.title}".lower()
        if "withheld" in kind or "unavailable" in kind:
            return Missing.WITHHELD
        if "not-authorized" in kind or "authorization" in kind:
            return Missing.PROTECTED
        return Missing.DELETED


class _Includes(_Wire):
    users: tuple[WireUser, ...] = ()
    media: tuple[WireMedia, ...] = ()


class _Meta(_Wire):
    next_token: _Text | None = None
    previous_token: _Text | None = None


class AnyAnswer(_Wire):
    """What every answer can hold beside its `data`."""

    includes: _Includes = _Includes()
    errors: tuple[_Problem, ...] | None = None
    meta: _Meta = _Meta()

    def problems(self) -> tuple[_Problem, ...]:
        return self.errors or ()

    def why_missing(self, resource_id: int) -> Missing | None:
        """Return why X does not show what was asked for, if it says so."""
        about = (problem for problem in self.problems() if problem.about() == str(resource_id))
        return next((problem.missing() for problem in about), None)

    @property
    def acted(self) -> bool:
        """Whether X did something that it charges for, other than showing things."""
        return False

    def post_ids(self) -> Iterable[int]:
        """Return the posts that X charges this answer for."""
        return ()

    def user_ids(self) -> Iterable[int]:
        """Return the users that X charges this answer for, included ones too."""
        return (user.id for user in self.includes.users)


AnswerT = TypeVar("AnswerT", bound=AnyAnswer)


class PostsAnswer(AnyAnswer):
    data: tuple[WirePost, ...] = ()

    def post_ids(self) -> Iterable[int]:
        return (post.id for post in self.data)

    def _values(self) -> tuple[Post, ...]:
        users = {user.id: user for user in self.includes.users}
        media = {item.media_key: item for item in self.includes.media}
        return tuple(post.value(users, media) for post in self.data)

    def found(self, asked: frozenset[int]) -> PostsFound:
        """Sort the answer to a request for `asked` into posts shown and posts missing."""
        posts = {post.id: post for post in self._values() if post.id in asked}
        unseen = {str(post_id): post_id for post_id in asked - posts.keys()}
        missing = {
            unseen[problem.about()]: problem.missing()
            for problem in self.problems()
            if problem.about() in unseen
        }
        return PostsFound(posts, missing)

    def page(self) -> PostsPage:
        return PostsPage(self._values(), self.meta.next_token, self.meta.previous_token)


class UsersAnswer(AnyAnswer):
    data: tuple[WireUser, ...] = ()

    def user_ids(self) -> Iterable[int]:
        return (user.id for user in (*self.data, *self.includes.users))

    def page(self) -> UsersPage:
        users = tuple(user.value() for user in self.data)
        return UsersPage(users, self.meta.next_token, self.meta.previous_token)


class UserAnswer(AnyAnswer):
    data: WireUser | None = None

    def user_ids(self) -> Iterable[int]:
        return () if self.data is None else (self.data.id,)


class _Liked(_Wire):
    liked: bool


class LikedAnswer(AnyAnswer):
    data: _Liked | None = None

    @property
    def acted(self) -> bool:
        return self.data is not None
