"""Everything that X shows of a post and a person, as people see it in Discord."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.cards.card import Card
from bot.chat.cards.liked import liked_card
from bot.chat.cards.likers import people_list
from bot.chat.cards.metrics import author_metrics_card
from bot.chat.cards.posts import post_card
from bot.domain import (
    Affiliation,
    AuthorMetrics,
    AuthorView,
    LikedPage,
    Link,
    Media,
    Missing,
    Playback,
    Poll,
    PollOption,
    Post,
    PostCounts,
    PostsPage,
    Profile,
    Reference,
    ReferenceKind,
    User,
    UserCounts,
    Withheld,
)
from bot.x.wire import UserAnswer
from tests.cases import in_turn
from tests.chat import drawn, samples
from tests.chat.rules import check, shown, walk

YEAR = timedelta(days=365)


def told(post: Post) -> str:
    card = post_card(post)
    check(card)
    return shown(card)


def with_author(**marks: object) -> Post:
    author = replace(samples.user(7, "Bob", "bob"), **marks)  # type: ignore[arg-type]
    return replace(samples.post(), author=author)


@given(drawn.brief_posts, drawn.metrics, st.booleans())
def test_whatever_the_author_is_told_fits(
    post: Post,
    metrics: AuthorMetrics,
    is_ones_own: bool,  # noqa: FBT001
) -> None:
    check(author_metrics_card(post, AuthorView(metrics, is_ones_own)))


def test_the_longest_post_fits() -> None:
    author = replace(
        samples.worst_user(), verified_type="government", protected=True, withheld_in=("DE",) * 40
    )
    poll = Poll(tuple(PollOption("*" * 60, 10**10) for _ in range(4)), samples.NOW)
    films = Media("video", "https://a.example/a.png", "*" * 2_000, 3_600_000, 10**18)
    longest = replace(
        samples.worst_post(),
        author=author,
        media=(films,) * 12,
        media_elsewhere=9,
        poll=poll,
        possibly_sensitive=True,
        place="*" * 500,
        source="*" * 500,
        lang="*" * 99,
        article_title="*" * 500,
        versions=(samples.LARGEST_ID,) * 20,
        editable_until=samples.NOW,
        conversation_id=1,
        reply_to=samples.WORST_USERNAME,
        reply_settings="mentionedUsers",
        withheld=Withheld(("DE",) * 40, copyright=True),
        counts=PostCounts(*[10**18] * 6),
    )
    references = tuple(Reference(kind, 1, longest) for kind in ReferenceKind)

    text = told(replace(longest, references=references))

    assert "…" in text
    assert "Quoted post" in text


def test_mentions_and_tags_lead_to_x() -> None:
    link = Link(3, 6, "https://x.com/ada")
    assert "Hi [@ada](https://x.com/ada)" in told(
        replace(samples.post(text="Hi @ada"), links=(replace(link, end=7),))
    )


def test_a_poll_has_bars() -> None:
    poll = Poll((PollOption("Yes", 3), PollOption("No", 1)), samples.NOW + YEAR, is_open=True)

    text = told(replace(samples.post(), poll=poll))

    assert "`█████████░░░` 75% **Yes** · 3 votes" in text
    assert "`███░░░░░░░░░` 25% No · 1 vote" in text
    assert "Poll with 4 votes, ends <t:" in text


def test_a_poll_that_nobody_voted_in() -> None:
    poll = Poll((PollOption("Yes", 0), PollOption("No", 0)))

    assert "`░░░░░░░░░░░░` 0% Yes · 0 votes" in told(replace(samples.post(), poll=poll))


def test_pictures_and_films() -> None:
    media = (
        Media("photo", "https://a.example/1.png", "A cat"),
        Media("video", "https://a.example/2.png", None, 61_000, 7),
        Media("animated_gif", "https://a.example/3.png"),
        Media("video", "https://a.example/4.png", None, 3_661_000),
    )
    card = post_card(replace(samples.post(), media=media, media_elsewhere=1))
    check(card)

    (gallery,) = [part for part in walk(card) if part["type"] == 12]
    assert [item["description"] for item in gallery["items"]] == [
        "A cat",
        "Video 1:01, 7 views",
        "GIF",
        "Video 1:01:01",
    ]
    facts = "Video 1:01, 7 views · GIF · Video 1:01:01 · 1 more picture or video on X"
    assert facts in shown(card)


@pytest.mark.parametrize("sensitive", [True, False])
def test_sensitive_pictures_are_behind_a_spoiler(sensitive: bool) -> None:  # noqa: FBT001
    media = (Media("photo", "https://a.example/1.png"),)
    post = replace(samples.post(), media=media, possibly_sensitive=sensitive)
    card = post_card(replace(post, references=(Reference(ReferenceKind.QUOTED, 1, post),)))

    galleries = [part for part in walk(card) if part["type"] == 12]
    assert [item["spoiler"] for part in galleries for item in part["items"]] == [sensitive] * 2
    assert ("possibly sensitive" in shown(card)) is sensitive


def test_place_source_language_and_edits() -> None:
    post = replace(
        samples.post(10),
        place="Oslo, Norway",
        source="Twitter Web App",
        lang="no",
        versions=(8, 9, 10),
        editable_until=samples.NOW,
    )

    text = told(post)

    assert "· Oslo, Norway · with Twitter Web App · language no" in text
    assert "Edited 2 times: versions [1](https://x.com/i/status/8), " in text
    assert "[2](https://x.com/i/status/9), 3 (this one) · can be edited until <t:" in text


def test_what_is_as_usual_is_not_told() -> None:
    usual = replace(
        samples.post(10),
        lang="en",
        versions=(10,),
        editable_until=samples.NOW,
        conversation_id=10,
        reply_settings="everyone",
    )

    assert told(usual) == told(samples.post(10))


def test_a_conversation() -> None:
    post = replace(
        samples.post(), reply_to="ada_l", conversation_id=5, reply_settings="subscribers"
    )

    assert (
        r"-# Reply to [@ada\_l](https://x.com/ada_l) · "
        "[whole conversation](https://x.com/i/status/5) · only subscribers can reply"
    ) in told(post)


@pytest.mark.parametrize(
    ("withheld", "words"),
    [
        (Withheld(("DE", "FR")), "Withheld by X in DE, FR"),
        (Withheld((), copyright=True), "Withheld by X, because of a copyright claim"),
        (Withheld(("DE",) * 14), "DE and 2 more countries"),
    ],
)
def test_withheld(withheld: Withheld, words: str) -> None:
    assert words in told(replace(samples.post(), withheld=withheld))


def test_an_article_has_its_title() -> None:
    post = replace(samples.post(5), article_title="On *limits*")
    assert r"**Article: [On \*limits\*](https://x.com/TwitterDev/status/5)**" in told(post)


def test_quoted_and_replied_to_posts_are_below() -> None:
    quoted = replace(samples.post(20, "Quoted words"), poll=Poll((PollOption("A", 1),)))
    references = (
        Reference(ReferenceKind.QUOTED, 20, quoted),
        Reference(ReferenceKind.REPLIED_TO, 30, None, Missing.PROTECTED),
    )
    card = post_card(replace(samples.post(text="My words"), references=references))
    check(card)

    whole, below, hidden, _ = card.to_components()
    assert "My words" in str(whole)
    assert "Quoted words" not in str(whole)
    assert "[Quoted post](https://x.com/TwitterDev/status/20)" in str(below)
    assert "Quoted words" in str(below)
    assert "**A**" in str(below)
    assert "[In reply to](https://x.com/i/status/30): its author's posts are protected" in str(
        hidden
    )


def test_a_repost_says_its_words_once() -> None:
    original = samples.post(20, "The words of somebody else")
    repost = replace(
        samples.post(text="RT @TwitterDev: The words of…"),
        references=(Reference(ReferenceKind.REPOSTED, 20, original),),
    )

    assert "RT @" not in told(repost)
    assert "The words of somebody else" in told(repost)
    unseen = replace(repost, references=(Reference(ReferenceKind.REPOSTED, 20),))
    assert "RT @TwitterDev" in told(unseen)


@in_turn(
    "marks, words",
    [
        ({"verified_type": "business"}, "[@bob](https://x.com/bob) · verified organisation"),
        ({"verified_type": "government"}, "[@bob](https://x.com/bob) · verified government"),
        ({"verified_type": "blue"}, "[@bob](https://x.com/bob) · verified"),
        ({"verified": True}, "[@bob](https://x.com/bob) · verified"),
        ({"identity_verified": True}, "[@bob](https://x.com/bob) · ID verified"),
        ({"parody": True, "verified": True}, "[@bob](https://x.com/bob) · verified · parody"),
        ({"protected": True}, "[@bob](https://x.com/bob) · protected"),
        ({"withheld_in": ("DE",)}, "[@bob](https://x.com/bob) · withheld in DE"),
    ],
)
def test_what_stands_behind_a_name(marks: dict[str, object], words: str) -> None:
    assert f"-# {words}\n" in told(with_author(**marks))


ADA = User(
    id=1,
    username="ada",
    name="Ada",
    profile_image_url="https://a.example/ada.png",
    verified_type="blue",
    verified_followers=6,
    subscription="Premium",
    description="Engines with @bob",
    links=(Link(13, 17, "https://x.com/bob"),),
    created_at=samples.NOW,
    location="London",
    website="https://ada.example",
    counts=UserCounts(followers=1_500, following=4, posts=3, listed=2, likes=1),
    affiliation=Affiliation("Engines Ltd", "https://x.com/engines"),
    banner_url="https://a.example/banner",
    most_recent_post_id=9,
)


def liked(user: User, pinned: Post | None = None, *posts: Post) -> LikedPage:
    return LikedPage(user, PostsPage(posts), Profile(user, pinned))


def test_the_first_page_tells_who_somebody_is() -> None:
    card = liked_card(liked(ADA, samples.post(20, "Pinned words"), samples.post(text="Liked")))
    check(card)

    text = shown(card)
    assert "### Posts that [Ada](https://x.com/ada) likes" in text
    assert (
        "-# @ada · verified · Premium · affiliated with [Engines Ltd](https://x.com/engines)"
    ) in text
    assert "Engines with [@bob](https://x.com/bob)" in text
    assert ("-# 1,500 followers (6 verified) · 4 following · 3 posts · 1 like · on 2 lists") in text
    assert f"-# Joined <t:{int(samples.NOW.timestamp())}:D> · London" in text
    assert "London · https://ada.example · [newest post](https://x.com/ada/status/9)" in text
    _, pinned, _ = card.to_components()
    assert "[Pinned post]" in str(pinned)
    assert "Pinned words" in str(pinned)


def test_a_profile_picture_is_shown_in_the_size_of_400_pixels() -> None:
    address = "https://pbs.twimg.com/profile_images/1/ada_normal.jpg"
    sent = {"data": {"id": "1", "username": "ada", "name": "Ada", "profile_image_url": address}}
    data = UserAnswer.model_validate(sent).data
    assert data is not None
    ada = data.value()

    for card in (post_card(replace(samples.post(), author=ada)), liked_card(liked(ada))):
        (picture,) = [part for part in walk(card) if part["type"] == 11]
        assert picture["media"]["url"] == address.replace("_normal", "_400x400")


def galleries(card: Card) -> list[list[str]]:
    parts = [part for part in walk(card) if part["type"] == 12]
    return [[item["media"]["url"] for item in part["items"]] for part in parts]


def test_the_banner_is_above_who_somebody_is() -> None:
    card = liked_card(liked(ADA))
    check(card)

    first = card.to_components()[0]["components"][0]
    assert first["items"][0]["media"]["url"] == ADA.banner_url
    assert first["items"][0]["description"] == "Banner of Ada"
    assert galleries(liked_card(liked(replace(ADA, banner_url=None)))) == []
    assert galleries(liked_card(liked(replace(ADA, banner_url="javascript:x")))) == []


def test_further_pages_do_not_tell_it_again() -> None:
    page = LikedPage(ADA, PostsPage((samples.post(text="Liked"),)))
    card = liked_card(page)
    assert "Engines" not in shown(card)
    assert galleries(card) == []


def test_posts_come_before_who_somebody_is() -> None:
    posts = tuple(samples.worst_post(number) for number in range(1, 26))
    card = liked_card(liked(replace(ADA, description="*" * 999), samples.worst_post(), *posts))
    check(card)

    assert all(f"/status/{number})" in shown(card) for number in range(1, 26))


def test_an_affiliation_leads_to_addresses_only() -> None:
    strange = replace(ADA, affiliation=Affiliation("X", "javascript:x"))
    assert "affiliated with X\n" in shown(liked_card(liked(strange)))


@in_turn(
    "counts, said",
    [
        (UserCounts(followers=12_300), " · 12,300 followers"),
        (UserCounts(followers=9_999), ""),
        (UserCounts(followers=0), ""),
        (None, ""),
    ],
)
def test_likers_have_marks_and_followers_when_these_are_many(
    counts: UserCounts | None, said: str
) -> None:
    known = replace(ADA, counts=counts)
    assert people_list([known]) == f"- [Ada](https://x.com/ada) · @ada · verified{said}"


def test_what_the_author_is_told() -> None:
    metrics = AuthorMetrics(
        impressions=9_000,
        link_clicks=1,
        profile_clicks=2,
        organic=PostCounts(likes=3, reposts=2, replies=1, impressions=8_000),
        videos=(Playback((100, 75, 50, 25, 10), 90),),
    )

    text = shown(author_metrics_card(samples.post(), AuthorView(metrics, is_ones_own=False)))
    own = shown(author_metrics_card(samples.post(), AuthorView(metrics, is_ones_own=True)))

    assert "**Total** 9,000 views · 1 click on its links · 2 clicks on its author" in text
    assert "**Without promotion** 8,000 views · 3 likes · 2 reposts · 1 reply" in text
    assert "**Video** 90 views · 100 began it · 75% saw a quarter · 50% saw half" in text
    assert "Only you see this, because you manage this server." in text
    assert "Only you see this, because it is a post of yours." in own


@given(drawn.crowds(drawn.users))
def test_any_people_fit_into_their_list(users: tuple[User, ...]) -> None:
    assert len(people_list(users)) <= 3_300
