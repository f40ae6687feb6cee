"""Posts, what their authors are told of them, and pages of posts and of people."""

import string
from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st

from bot.domain import (
    AuthorMetrics,
    Hidden,
    LikedPage,
    LikersPage,
    Missing,
    Post,
    PostCounts,
    PostsPage,
    Profile,
    Reference,
    ReferenceKind,
    UsersPage,
    Withheld,
)
from tests.chat.drawn.media import POLLS, VIDEOS, media
from tests.chat.drawn.parts import (
    BOTH,
    ID,
    OTHER,
    SOME_COUNT,
    SOME_TIME,
    TEXT,
    USERNAME,
    Handful,
    crowds,
    ids,
    made,
    tagged,
)
from tests.chat.drawn.people import BRIEF_USERS, COUNTRIES, TAGS, users

_WHERE_NOT = [Withheld(countries, copyright=claimed) for countries in COUNTRIES for claimed in BOTH]


def _counted(*, first: int, impressions: bool, bookmarks: bool) -> Callable[[Handful], PostCounts]:
    def of(drawn: Handful) -> PostCounts:
        falling = drawn.counts(6)
        likes, reposts, replies, quotes, seen, kept = falling[first:] + falling[:first]
        return PostCounts(
            likes,
            reposts,
            replies,
            quotes,
            impressions=seen if impressions else None,
            bookmarks=kept if bookmarks else None,
        )

    return of


COUNTS = [
    _counted(first=first, impressions=impressions, bookmarks=bookmarks)
    for first in range(6)
    for impressions in BOTH
    for bookmarks in BOTH
]


def _versions(size: int) -> Callable[[Handful], tuple[int, ...]]:
    """Say that it is the last but two of so many."""
    return lambda drawn: tuple(max(drawn.id + at - size + 2, 1) for at in range(size))


plain_posts = made(
    tagged(Post, "text", "links"),
    tags=TAGS,
    id=[ID],
    text=[TEXT, OTHER, "*" * 4_000],
    author_id=[ID],
    author=st.one_of(st.none(), users),
    created_at=SOME_TIME,
    counts=COUNTS,
    media=media,
    possibly_sensitive=BOTH,
    media_elsewhere=range(6),
    poll=[None] * len(POLLS) + POLLS,
    place=[None, TEXT, OTHER, "*" * 500],
    article_title=[None, TEXT, OTHER, "[" * 500],
    versions=[_versions(size) for size in range(15)],
    editable_until=SOME_TIME,
    conversation_id=[None, ID, 1],
    reply_to=[None, USERNAME],
    reply_settings=[None, "everyone", "mentionedUsers", "verified", "else"],
    source=[None, TEXT, OTHER],
    lang=[None, "en", "no", "und", "*" * 99],
    withheld=[None] * len(_WHERE_NOT) + _WHERE_NOT,
)
# For lines about a post, where little of it matters.
brief_posts = made(
    Post,
    id=[ID],
    text=[TEXT, OTHER, "*" * 4_000],
    author_id=[ID],
    author=[None] * len(BRIEF_USERS) + BRIEF_USERS,
    created_at=SOME_TIME,
    counts=COUNTS,
)
references = st.builds(
    Reference,
    kind=st.sampled_from(ReferenceKind),
    id=ids,
    post=st.one_of(st.none(), plain_posts),
    missing=st.sampled_from([None, *Missing]),
)
posts = st.builds(
    lambda post, references: replace(post, references=tuple(references)),
    plain_posts,
    st.lists(references, max_size=3),
)
metrics = made(
    AuthorMetrics,
    impressions=SOME_COUNT,
    link_clicks=SOME_COUNT,
    profile_clicks=SOME_COUNT,
    organic=[None] * len(COUNTS) + COUNTS,
    videos=VIDEOS,
)
_digits = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=60)
tokens = st.one_of(st.none(), _digits, st.just("x" * 99))
likers_pages = st.builds(
    LikersPage,
    post=brief_posts,
    page=st.builds(
        UsersPage,
        users=crowds(users),
        next_token=tokens.map(lambda token: token and "n" + token),
        previous_token=tokens.map(lambda token: token and "p" + token),
    ),
    hidden=st.sampled_from([None, *Hidden]),
)
liked_pages = st.builds(
    LikedPage,
    user=users,
    profile=st.one_of(st.none(), st.builds(Profile, users, st.one_of(st.none(), plain_posts))),
    page=st.builds(
        PostsPage,
        posts=crowds(brief_posts),
        next_token=tokens.map(lambda token: token and "n" + token),
        previous_token=tokens.map(lambda token: token and "p" + token),
    ),
)
