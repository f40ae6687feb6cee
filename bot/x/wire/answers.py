"""X's answers: what was asked for, what comes with it, and what is wrong beside it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Annotated, TypeVar

from pydantic import AfterValidator, AliasChoices, Field

from bot.domain import AuthorMetrics, Missing, Post, PostsFound, PostsPage, Profile, UsersPage
from bot.x.wire.attached import WireMedia, WirePlace, WirePoll
from bot.x.wire.base import BigCount, Page, Several, Text, Time, Wire
from bot.x.wire.posts import Beside, WirePost
from bot.x.wire.users import WireUser


class _Problem(Wire):
    """An entry of `errors` beside (or instead of) `data` in a 200."""

    type: str = ""
    title: str = ""
    resource_id: str | None = None
    value: str | int | None = None

    def about(self) -> str:
        return str(self.resource_id or self.value or "")

    def missing(self) -> Missing | None:
        """Return why X does not show it; None for trouble with a part of it, or inside X.

        What has another name than X's documents know is taken for neither: what counts as deleted
        is deleted here, too.
        """
        kind = f"{self.type} {self.title}".lower()
        if "field" in kind or "internal" in kind:
            return None
        if "withheld" in kind or "unavailable" in kind or "disallowed" in kind:
            return Missing.WITHHELD
        if "not-authorized" in kind or "authorization" in kind:
            return Missing.PROTECTED
        is_gone = "not-found" in kind or "not found" in kind or not kind.strip()
        return Missing.DELETED if is_gone else None


class _Includes(Wire):
    users: Several[WireUser] = ()
    posts: Several[WirePost] = Field(default=(), validation_alias=AliasChoices("tweets", "posts"))
    media: Several[WireMedia] = ()
    polls: Several[WirePoll] = ()
    places: Several[WirePlace] = ()


# An empty token leads to no page.
Token = Annotated[Text | None, AfterValidator(lambda token: token or None)]


class _Meta(Wire):
    must_be_read = frozenset({"next_token"})

    next_token: Token = None
    previous_token: Token = None


class AnyAnswer(Wire):
    """What every answer can hold beside its `data`."""

    # Without its data a page would be empty, and without its token the last one.
    must_be_read = frozenset({"data", "errors", "meta"})

    includes: _Includes = _Includes()
    errors: Several[_Problem] | None = None
    meta: _Meta = _Meta()

    def problems(self) -> tuple[_Problem, ...]:
        return self.errors or ()

    def why_missing(self, resource_id: int) -> Missing | None:
        """Return why X does not show what was asked for, if it says so."""
        return self._missing().get(str(resource_id))

    def _missing(self) -> dict[str, Missing]:
        found = ((problem.about(), problem.missing()) for problem in self.problems())
        return {about: why for about, why in found if why is not None}

    @property
    def acted(self) -> bool:
        """Whether X did something that it charges for, other than showing things."""
        return False

    def post_ids(self) -> Iterable[int]:
        """Return the posts that were asked for and shown: X charges for each."""
        return ()

    def included_post_ids(self) -> Iterable[int]:
        """Return the posts that came with them: X charges for these too."""
        return (post.id for post in self.includes.posts)

    def user_ids(self) -> Iterable[int]:
        """Return the users that X charges this answer for, included ones too."""
        return (user.id for user in self.includes.users)

    def reposts(self) -> Iterable[tuple[int, int]]:
        """Return the reposts that are shown, each with its original."""
        return _reposts(self.includes.posts)

    def beside(self, *more: WireUser) -> Beside:
        """Return what came along, with `more` users who are in `data`."""
        return Beside(
            users={user.id: user for user in (*self.includes.users, *more)},
            posts={post.id: post for post in self.includes.posts},
            media={item.media_key: item for item in self.includes.media},
            polls={poll.id: poll for poll in self.includes.polls},
            places={place.id: place for place in self.includes.places},
            missing=self._missing(),
        )


def _reposts(posts: Iterable[WirePost]) -> Iterable[tuple[int, int]]:
    found = ((post.id, post.reposted_id) for post in posts)
    return ((repost_id, original_id) for repost_id, original_id in found if original_id is not None)


AnswerT = TypeVar("AnswerT", bound=AnyAnswer)


class PostsAnswer(AnyAnswer):
    data: Page[WirePost] = ()

    def post_ids(self) -> Iterable[int]:
        return (post.id for post in self.data)

    def reposts(self) -> Iterable[tuple[int, int]]:
        return _reposts((*self.data, *self.includes.posts))

    def _values(self) -> tuple[Post, ...]:
        beside = self.beside()
        return tuple(post.value(beside) for post in self.data)

    def found(self, asked: frozenset[int]) -> PostsFound:
        """Sort the answer to a request for `asked` into posts shown and posts missing."""
        posts = {post.id: post for post in self._values() if post.id in asked}
        unseen = {str(post_id): post_id for post_id in asked - posts.keys()}
        why = self._missing()
        return PostsFound(posts, {unseen[about]: why[about] for about in unseen if about in why})

    def page(self) -> PostsPage:
        return PostsPage(self._values(), self.meta.next_token, self.meta.previous_token)

    def author_metrics(self, post_id: int) -> AuthorMetrics | None:
        """Return what X tells of this post only to its author, if the reader is that."""
        media = self.beside().media
        asked = (post for post in self.data if post.id == post_id)
        return next((post.author_metrics(media) for post in asked), None)


class UsersAnswer(AnyAnswer):
    data: Page[WireUser] = ()

    def user_ids(self) -> Iterable[int]:
        return (user.id for user in (*self.data, *self.includes.users))

    def page(self) -> UsersPage:
        users = tuple(user.value() for user in self.data)
        return UsersPage(users, self.meta.next_token, self.meta.previous_token)


class UserAnswer(AnyAnswer):
    data: WireUser | None = None

    def user_ids(self) -> Iterable[int]:
        asked = () if self.data is None else (self.data.id,)
        return (*asked, *(user.id for user in self.includes.users))

    def profile(self) -> Profile | None:
        if self.data is None:
            return None
        user, beside = self.data.value(), self.beside(self.data)
        pinned = beside.posts.get(self.data.pinned_post_id or 0)
        if pinned is None:
            return Profile(user)
        # The newer names have none for the author of a post beside a user.
        return Profile(user, replace(pinned.value(beside), author_id=user.id, author=user))


class _Usage(Wire):
    """Posts of this month; X's newer specification writes the numbers as text."""

    project_cap: BigCount
    project_usage: BigCount


class UsageAnswer(AnyAnswer):
    data: _Usage | None = None

    def posts_left(self) -> int | None:
        if self.data is None:
            return None
        return max(0, self.data.project_cap - self.data.project_usage)


class _DayUsage(Wire):
    date: Time
    usage: BigCount


class _ProjectUsage(Wire):
    usage: Several[_DayUsage] = ()


class _DailyUsage(Wire):
    daily_project_usage: _ProjectUsage = _ProjectUsage()


class DailyUsageAnswer(AnyAnswer):
    """Posts by UTC day, of all apps of the project."""

    data: _DailyUsage = _DailyUsage()

    def posts_on(self, day: date) -> int | None:
        """Return how many X counts; None where it does not say."""
        days = self.data.daily_project_usage.usage
        found = [each.usage for each in days if each.date.date() == day]
        return sum(found) if found else None


class _Liked(Wire):
    liked: bool


class LikedAnswer(AnyAnswer):
    data: _Liked | None = None

    @property
    def acted(self) -> bool:
        return self.data is not None
