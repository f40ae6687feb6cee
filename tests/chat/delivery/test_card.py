from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import text
from bot.chat.delivery.card import announcement_card
from bot.chat.delivery.mention_and_publish import mentioned
from bot.chat.text import length
from bot.chat.text.limits import (
    MAX_ANNOUNCEMENTS,
    MAX_COMPONENTS,
    MAX_CUSTOM_ID,
    MAX_TEXT,
    fits,
)
from bot.domain import Announcement, AnnouncementType, Media, User, UserCounts, WatchKind
from bot.domain.announcements import SHOWN_NAMES, MessageForm, Recognition
from bot.domain.notices import LikersHidden
from tests.cases import in_turn
from tests.chat import drawn, samples
from tests.chat.rules import buttons, check, custom_ids, shown, texts, walk

KEY = "k" * 25
FORMS = list(MessageForm)
THE_POST = "(https://x.com/TwitterDev/status/1354143047324299264)"
BY = "by [@TwitterDev](https://x.com/TwitterDev)"
FROM = f" · [20 August 2026, 12:00 UTC · View on X]{THE_POST}"
ON_IT = f"a post {BY}\n[Hello, X]{THE_POST}\n-# 1,234 likes{FROM}"
ADA = "**[Ada](https://x.com/user1)** ([@user1](https://x.com/user1))"

groups = st.lists(
    st.tuples(
        st.lists(drawn.brief_users, max_size=SHOWN_NAMES), st.integers(min_value=0, max_value=10**6)
    ),
    min_size=1,
    max_size=MAX_ANNOUNCEMENTS,
)


def _announcement(likers: list[User], post: int, more: int = 0) -> Announcement:
    made = samples.announcement(tuple(likers), post=samples.worst_post(post))
    return replace(made, more=more if likers else 0)


@given(groups)
def test_whatever_is_allowed_together_fits_and_drops_nobody(
    group: list[tuple[list[User], int]],
) -> None:
    announcements = [
        _announcement(likers, 10**18 + at, more) for at, (likers, more) in enumerate(group)
    ]
    card = announcement_card(samples.delivery(*announcements, key=KEY))
    check(card)
    seen = shown(card)
    for likers, more in group:
        for liker in likers:
            assert f"]({liker.url})" in seen
        assert not likers or not more or f"**{more:,} more**" in seen


@in_turn("sizes", [[1], [2], [5], [5] * 5, [1] * 5, [0] * 5])
def test_the_longest_there_can_be_fits(sizes: list[int]) -> None:
    announcements = [
        replace(
            _announcement([samples.worst_user(number) for number in range(size)], 10**18 + at),
            from_count=10**10 - 1,
            kind=WatchKind.COUNTS,
            more=10**10 if size > 1 else 0,
            recognitions=tuple(Recognition(number, 1_000, is_first=True) for number in range(size)),
        )
        for at, size in enumerate(sizes)
    ]
    card = announcement_card(samples.delivery(*announcements, key=KEY))
    check(card)
    # A single liker's handle leads there too.
    links = sum(sizes) + len(sizes) + sizes.count(1)
    assert shown(card).count(f"(https://x.com/{samples.WORST_USERNAME})") == links
    assert sum(length(content) for content in texts(card)) <= MAX_TEXT
    assert len(list(walk(card))) <= MAX_COMPONENTS


def test_what_does_not_fit_is_refused() -> None:
    assert not fits(MAX_ANNOUNCEMENTS + 1)
    many = [samples.announcement(post=samples.post(at)) for at in range(1, MAX_ANNOUNCEMENTS + 2)]
    with pytest.raises(ValueError, match="does not fit"):
        announcement_card(samples.delivery(*many))


def _said(announcement: Announcement) -> str:
    card = announcement_card(samples.delivery(announcement, key=KEY))
    check(card)
    return shown(card)


def test_the_person_comes_first_and_the_post_in_a_line_that_leads_to_it() -> None:
    said = _said(samples.announcement((samples.user(1),)))
    assert said == f"{ADA} liked {ON_IT}"


def test_several_are_named_and_the_others_counted() -> None:
    ada, bob = samples.user(1), samples.user(2, "Bob")
    names = "**[Ada](https://x.com/user1)**"
    assert _said(samples.announcement((ada, bob))) == (
        f"{names} and **[Bob](https://x.com/user2)** liked {ON_IT}"
    )
    burst = replace(samples.announcement((ada, bob)), more=1_094)
    assert _said(burst) == (
        f"{names}, **[Bob](https://x.com/user2)** and **1,094 more** liked {ON_IT}"
    )


def test_those_who_are_counted_are_behind_a_button() -> None:
    burst = replace(samples.announcement((samples.user(1),)), more=94)
    card = announcement_card(samples.delivery(burst, key=KEY))
    labels = [button["label"] for button in buttons(card)]
    assert labels == ["Open on X", "Like", "Reply", "Repost", "and 94 more"]
    assert custom_ids(card)[-1] == f"told:1354143047324299264:likes:-1:{KEY}"


def test_a_post_without_words_is_led_to_by_what_it_is_called() -> None:
    said = _said(samples.announcement((samples.user(1),), post=samples.post(text="")))
    assert said == (f"{ADA} liked [a post]{THE_POST} {BY}\n-# 1,234 likes")


def test_a_liker_is_shown_with_their_picture() -> None:
    ada = replace(samples.user(1), profile_image_url="https://pbs.example/ada.png")
    for likers in ((ada,), (ada, samples.user(2))):
        card = announcement_card(samples.delivery(samples.announcement(likers)))
        check(card)
        assert "https://pbs.example/ada.png" in str(card.to_components())


_KNOWN = replace(
    samples.user(1), verified_type="blue", counts=UserCounts(followers=12_300), verified=True
)


@in_turn(
    "liker, recognition, said",
    [
        (samples.user(1), Recognition(1, 9), ""),
        (samples.user(1), Recognition(1, 10), " · their 10th like this month"),
        (samples.user(1), Recognition(1, 1, is_first=True), " · first like on this post"),
        (_KNOWN, Recognition(1), " · verified · 12,300 followers"),
        (replace(_KNOWN, verified=False, verified_type=None), None, " · 12,300 followers"),
        (replace(samples.user(1), counts=UserCounts(followers=9_999)), None, ""),
    ],
)
def test_what_is_worth_saying_of_a_liker_is_said(
    liker: User, recognition: Recognition | None, said: str
) -> None:
    known = (recognition,) if recognition else ()
    liked = replace(samples.announcement((liker,)), recognitions=known)
    assert _said(liked).endswith(f"-# 1,234 likes{said}{FROM}")


def test_of_several_it_is_said_by_name() -> None:
    liked = replace(
        samples.announcement((samples.user(1), samples.user(2, "Bob"))),
        recognitions=(Recognition(1, 3), Recognition(2, 25)),
    )
    assert _said(liked).endswith(f"-# 1,234 likes · Bob: their 25th like this month{FROM}")


@pytest.mark.parametrize("kind", [WatchKind.COUNTS, WatchKind.STALLED, WatchKind.NAMES])
def test_growth_says_how_the_count_grew_and_no_more(kind: WatchKind) -> None:
    growth = samples.announcement(from_count=1_200, kind=kind)
    assert _said(growth) == (
        f"**34 new likes** on a post {BY}\n[Hello, X]{THE_POST}\n-# 1,200 → 1,234 likes{FROM}"
    )


def test_the_key_rides_in_the_button() -> None:
    card = announcement_card(samples.delivery(key=KEY))
    assert custom_ids(card) == [
        f"like:1354143047324299264:{KEY}",
        f"likers:1354143047324299264::{KEY}",
    ]
    assert len(f"told:{samples.LARGEST_ID}:growth:-1:{KEY}") <= MAX_CUSTOM_ID
    labels = [button["label"] for button in buttons(card)]
    assert labels == ["Open on X", "Like", "Reply", "Repost", "Everyone who liked"]


def test_one_post_twice_in_a_message_has_one_button_for_its_likers() -> None:
    twice = [samples.announcement(from_count=1), samples.announcement(from_count=2)]
    card = announcement_card(samples.delivery(*twice, key=KEY))
    check(card)
    assert len(custom_ids(card)) == 2


def test_an_announcement_takes_so_many_components_that_five_fit() -> None:
    worst = [_announcement([samples.worst_user()], 10**18 + at) for at in range(MAX_ANNOUNCEMENTS)]
    card = announcement_card(samples.delivery(*worst, key=""))
    assert len(list(walk(card))) == card.total_children_count == 5 * 8 <= MAX_COMPONENTS


def test_each_form_is_plainer_than_the_one_before() -> None:
    liker = replace(samples.user(), profile_image_url="https://pbs.twimg.com/x.png")
    delivery = samples.delivery(samples.announcement((liker,)), key=KEY)
    card = {form: announcement_card(replace(delivery, form=form)) for form in FORMS}
    whole = shown(card[MessageForm.TOGETHER])
    assert shown(card[MessageForm.ALONE]) == whole
    assert ["pbs.twimg.com" in str(card[form].to_components()) for form in FORMS] == [
        True,
        True,
        False,
        False,
        False,
    ]
    excerpt = text.one_line(samples.post().text, 20)
    assert [excerpt in shown(card[form]) for form in FORMS] == [True, True, True, False, False]
    assert ["[Ada]" in shown(card[form]) for form in FORMS] == [True] * 4 + [False]
    for form in FORMS:
        check(card[form])
        assert any(custom_id.endswith(f":{KEY}") for custom_id in custom_ids(card[form]))


@in_turn(
    "announcement, told",
    [
        (samples.announcement((samples.user(), samples.user(2))), "**2 new likes** on "),
        (replace(samples.announcement(()), from_count=5, like_count=9), "**4 new likes** on "),
        (
            replace(samples.announcement((samples.user(),)), type=AnnouncementType.LEFT),
            "**1 like taken back** on ",
        ),
        # Names that may no longer be shown: how many they were is not known either.
        (replace(samples.announcement(()), like_count=9), "**New likes** on "),
        (
            replace(samples.announcement(()), type=AnnouncementType.LEFT, like_count=9),
            "**Likes taken back** on ",
        ),
        (replace(samples.announcement(()), notice=LikersHidden()), "X no longer shows me"),
    ],
)
def test_the_plainest_form_holds_nothing_that_was_written_on_x(
    announcement: Announcement, told: str
) -> None:
    delivery = replace(samples.delivery(announcement, key=KEY), form=MessageForm.COUNT)
    (content,) = texts(announcement_card(delivery))
    assert content.startswith(told)
    assert content.endswith(f"<https://x.com/i/status/{samples.post().id}>")


def test_likes_that_were_taken_back_are_not_told_as_new_ones_where_names_are_not_shown() -> None:
    announcement = replace(samples.announcement(()), type=AnnouncementType.LEFT, asks_author=True)
    (content, *_) = texts(announcement_card(samples.delivery(announcement, key=KEY)))
    assert content.startswith("**Likes taken back** on ")


def test_own_words_hold_what_is_put_in_escaped() -> None:
    liker = samples.user(1, "{count} **bold** [x](https://evil.example)")
    liked = replace(samples.announcement((liker,)), template="Yay {names}: {post} ({count}) {url}")
    said = _said(liked)
    assert said.startswith("Yay **[{count} \\*\\*bold")
    assert f": [Hello, X]{THE_POST} (1,234) <https://x.com/TwitterDev" in said
    assert said.endswith(f"\n-# 1,234 likes{FROM}")


def test_a_role_is_named_above_and_nobody_else_can_be_mentioned() -> None:
    delivery = replace(samples.delivery(key=KEY), mentions=(7,))
    assert texts(announcement_card(delivery))[0].startswith("<@&7>\n**[Ada]")
    allowed = mentioned(delivery)
    assert (allowed.everyone, allowed.users) == (False, False)
    assert [role.id for role in allowed.roles] == [7]


def test_where_nobody_is_named_they_are_counted() -> None:
    assert _said(replace(samples.announcement(()), more=3)).startswith("**3 people** liked a post")


def test_a_new_post_is_shown_as_on_x_with_what_acts_on_it_below() -> None:
    post = replace(
        samples.post(text="*Hello* @everyone"),
        media=(Media("photo", "https://pbs.example/a.jpg", "A cat"),),
    )
    told = replace(samples.announcement((), post=post), type=AnnouncementType.POST)
    delivery = replace(samples.delivery(told, key=KEY), form=MessageForm.ALONE)
    card = announcement_card(delivery)
    check(card)
    said = shown(card)
    assert said.startswith(
        "**[Twitter Dev](https://x.com/TwitterDev)** ([@TwitterDev](https://x.com/TwitterDev)) "
        "posted\n\\*Hello\\* @\u200beveryone"
    )
    assert f"]{THE_POST}" in said
    assert "https://pbs.example/a.jpg" in str(card.to_components())
    labels = [button["label"] for button in buttons(card)]
    assert labels == ["Open on X", "Like", "Reply", "Repost", "Everyone who liked"]
    by = shown(
        announcement_card(replace(delivery, announcements=(replace(told, reposted_by="ada"),)))
    )
    assert by.startswith("[@ada](https://x.com/ada) reposted **[Twitter Dev]")
    for form in FORMS[1:]:
        check(announcement_card(replace(delivery, form=form)))
    bare = shown(announcement_card(replace(delivery, form=MessageForm.COUNT)))
    assert bare == f"**A new post**: <https://x.com/i/status/{post.id}>"
    worst = replace(told, post=replace(samples.worst_post(), media=post.media * 9))
    check(announcement_card(samples.delivery(worst, key=KEY)))
