"""X's user object."""

import re

from pydantic import AliasChoices, Field

from bot.domain import Affiliation, User, UserCounts
from bot.x.wire.base import BigCount, Id, Part, Several, Text, Time, Wire
from bot.x.wire.text import UserEntities, resolve

_OF_48_PIXELS = re.compile(r"_normal(\.\w+)$")


class _Metrics(Part):
    must_be_read = frozenset({"followers_count", "following_count", "post_count", "listed_count"})

    followers_count: BigCount = 0
    following_count: BigCount = 0
    post_count: BigCount = Field(
        default=0, validation_alias=AliasChoices("tweet_count", "post_count")
    )
    listed_count: BigCount = 0
    like_count: BigCount | None = None
    media_count: BigCount | None = None

    def value(self) -> UserCounts:
        return UserCounts(
            followers=self.followers_count,
            following=self.following_count,
            posts=self.post_count,
            listed=self.listed_count,
            likes=self.like_count,
            media=self.media_count,
        )


class _Affiliation(Part):
    description: Text = ""
    url: Text | None = None
    badge_url: Text | None = None
    user_id: Several[Id] = ()

    def value(self) -> Affiliation | None:
        if not self.description:
            return None
        return Affiliation(self.description, self.url, self.badge_url, self.user_id)


class _Withheld(Part):
    country_codes: Several[Text] = ()


class WireUser(Wire):
    id: Id
    # Whoever has an ID counts as a liker, by whatever name.
    username: Text = ""
    name: Text = ""
    affiliation: _Affiliation = _Affiliation()
    created_at: Time | None = None
    description: Text = ""
    entities: UserEntities = UserEntities()
    is_identity_verified: bool = False
    location: Text | None = None
    most_recent_post_id: Id | None = Field(
        default=None, validation_alias=AliasChoices("most_recent_tweet_id", "most_recent_post_id")
    )
    parody: bool = False
    pinned_post_id: Id | None = Field(
        default=None, validation_alias=AliasChoices("pinned_tweet_id", "pinned_post_id")
    )
    profile_banner_url: Text | None = None
    profile_image_url: Text | None = None
    protected: bool = False
    public_metrics: _Metrics | None = None
    subscription_type: Text | None = None
    url: Text | None = None
    verified: bool = False
    verified_followers_count: BigCount | None = None
    verified_type: Text | None = None
    withheld: _Withheld = _Withheld()

    def value(self) -> User:
        described = resolve(self.description, self.entities.description)
        return User(
            id=self.id,
            username=self.username,
            name=self.name or self.username,
            profile_image_url=_larger(self.profile_image_url),
            verified_type=_unless_none(self.verified_type),
            protected=self.protected,
            verified=self.verified,
            identity_verified=self.is_identity_verified,
            parody=self.parody,
            verified_followers=self.verified_followers_count,
            subscription=_unless_none(self.subscription_type),
            description=described.text,
            links=described.links,
            created_at=self.created_at,
            location=self.location or None,
            website=self.entities.url.first() or self.url or None,
            banner_url=self.profile_banner_url,
            counts=self.public_metrics.value() if self.public_metrics else None,
            affiliation=self.affiliation.value(),
            withheld_in=self.withheld.country_codes,
            pinned_post_id=self.pinned_post_id,
            most_recent_post_id=self.most_recent_post_id,
        )


def _unless_none(kind: str | None) -> str | None:
    """Return a kind that X names; it also has a word for none."""
    return kind if kind and kind.lower() != "none" else None


def _larger(picture: str | None) -> str | None:
    """Return the address of a profile picture of 400 pixels; X sends that of 48."""
    if picture is None or "//pbs.twimg.com/" not in picture:
        return picture
    return _OF_48_PIXELS.sub(r"_400x400\1", picture)
