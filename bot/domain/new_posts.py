"""New posts of watched accounts: which are wanted, and what is shown of them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.domain.links import Link
from bot.domain.posts import Media, Post, ReferenceKind


@dataclass(frozen=True, slots=True)
class PostFilter:
    """Which new posts of an account are wanted; `words` has one of them, `without` none."""

    replies: bool = False
    reposts: bool = False
    quotes: bool = True
    only_media: bool = False
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def has(self, post: Post) -> bool:
        kinds = {reference.kind for reference in post.references}
        text = post.text.casefold()
        if any(word.casefold() in text for word in self.without):
            return False
        if self.words and not any(word.casefold() in text for word in self.words):
            return False
        if post.reposted_id is not None:
            return self.reposts
        if self.only_media and not (post.media or post.media_elsewhere):
            return False
        if ReferenceKind.REPLIED_TO in kinds and not self.replies:
            return False
        return self.quotes or ReferenceKind.QUOTED not in kinds


ORIGINALS = PostFilter()


def appearance_facts(
    post: Post, reposted_by: str | None, *, in_thread: bool = False
) -> dict[str, Any]:
    """Return what is shown of a new post and is not stored with it."""
    return {
        "media": [asdict(media) for media in post.media],
        "links": [asdict(link) for link in post.links],
        "sensitive": post.possibly_sensitive,
        "reposted_by": reposted_by,
        "does": _does(post, reposted_by),
        "in_thread": in_thread,
    }


def media_of(facts: Mapping[str, Any]) -> tuple[Media, ...]:
    return tuple(Media(**media) for media in facts.get("media", ()))


def links_of(facts: Mapping[str, Any]) -> tuple[Link, ...]:
    return tuple(Link(**link) for link in facts.get("links", ()))


def _does(post: Post, reposted_by: str | None) -> str:
    kinds = {reference.kind for reference in post.references}
    if reposted_by is not None:
        return "reposted"
    if ReferenceKind.REPLIED_TO in kinds:
        return "replied"
    return "quoted" if ReferenceKind.QUOTED in kinds else "posted"
