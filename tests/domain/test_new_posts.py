"""Which new posts of an account are wanted."""

from dataclasses import replace

from bot.domain import Media, Post, Reference, ReferenceKind
from bot.domain.new_posts import (
    ORIGINALS,
    PostFilter,
    appearance_facts,
    links_of,
    media_of,
)
from tests.cases import in_turn
from tests.chat import samples

POST = samples.post(text="Our RELEASE is out, see the notes")
PICTURE = Media("photo", "https://pbs.example/a.jpg", "A cat")


def _with(kind: ReferenceKind) -> Post:
    return replace(POST, references=(Reference(kind, 5),))


@in_turn(
    "wanted, post, has",
    [
        (ORIGINALS, POST, True),
        (ORIGINALS, _with(ReferenceKind.QUOTED), True),
        (ORIGINALS, _with(ReferenceKind.REPLIED_TO), False),
        (ORIGINALS, _with(ReferenceKind.REPOSTED), False),
        (PostFilter(replies=True), _with(ReferenceKind.REPLIED_TO), True),
        (PostFilter(reposts=True), _with(ReferenceKind.REPOSTED), True),
        (PostFilter(quotes=False), _with(ReferenceKind.QUOTED), False),
        (PostFilter(only_media=True), POST, False),
        (PostFilter(only_media=True), replace(POST, media=(PICTURE,)), True),
        (PostFilter(words=("release", "event")), POST, True),
        (PostFilter(words=("event",)), POST, False),
        (PostFilter(without=("NOTES",)), POST, False),
        (PostFilter(words=("release",), without=("notes",)), POST, False),
    ],
)
def test_what_is_wanted(wanted: PostFilter, post: Post, has: bool) -> None:  # noqa: FBT001
    assert wanted.has(post) is has


def test_what_is_shown_of_a_post_comes_back_as_it_was_stored() -> None:
    post = replace(_with(ReferenceKind.QUOTED), media=(PICTURE,), possibly_sensitive=True)
    facts = appearance_facts(post, None)
    assert media_of(facts) == post.media
    assert links_of(facts) == post.links
    assert (facts["sensitive"], facts["does"]) == (True, "quoted")
    assert appearance_facts(post, "ada")["does"] == "reposted"
