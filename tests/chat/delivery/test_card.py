from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import text
from bot.chat.delivery.card import announcement_card
from bot.chat.text import length
from bot.chat.text.limits import (
    MAX_ANNOUNCEMENTS,
    MAX_COMPONENTS,
    MAX_CUSTOM_ID,
    MAX_LIKERS,
    MAX_TEXT,
    fits,
)
from bot.domain import Announcement, AnnouncementType, User, WatchKind
from bot.domain.announcements import MessageForm
from bot.domain.notices import LikersHidden
from tests.chat import drawn, samples
from tests.chat.rules import buttons, check, custom_ids, shown, texts, walk

KEY = "k" * 25
FORMS = list(MessageForm)

groups = st.lists(st.lists(drawn.brief_users, max_size=MAX_LIKERS), min_size=1, max_size=5).filter(
    lambda group: fits([len(likers) for likers in group])
)


def _announcement(likers: list[User], post: int) -> Announcement:
    return samples.announcement(tuple(likers), post=samples.worst_post(post))


@given(groups)
def test_whatever_is_allowed_together_fits_and_drops_nobody(group: list[list[User]]) -> None:
    announcements = [_announcement(likers, 10**18 + at) for at, likers in enumerate(group)]
    card = announcement_card(samples.delivery(*announcements, key=KEY))
    check(card)
    seen = shown(card)
    for likers in group:
        for liker in likers:
            assert f"]({liker.url})" in seen


@pytest.mark.parametrize("sizes", [[25], [5] * 5, [21, 1, 1, 1, 1], [0] * 5])
def test_the_longest_there_can_be_fits(sizes: list[int]) -> None:
    announcements = [
        replace(
            _announcement([samples.worst_user(number) for number in range(size)], 10**18 + at),
            from_count=10**10 - 1,
            kind=WatchKind.COUNTS,
        )
        for at, size in enumerate(sizes)
    ]
    card = announcement_card(samples.delivery(*announcements, key=KEY))
    check(card)
    assert shown(card).count(f"(https://x.com/{samples.WORST_USERNAME})") == sum(sizes) + len(sizes)
    assert sum(length(content) for content in texts(card)) <= MAX_TEXT
    assert len(list(walk(card))) <= MAX_COMPONENTS


def test_what_does_not_fit_is_refused() -> None:
    likers = tuple(samples.user(number) for number in range(MAX_LIKERS + 1))
    assert not fits([MAX_LIKERS + 1])
    assert not fits([0] * (MAX_ANNOUNCEMENTS + 1))
    with pytest.raises(ValueError, match="does not fit"):
        announcement_card(samples.delivery(samples.announcement(likers)))


def test_new_likers_are_named() -> None:
    ada = replace(samples.user(1), profile_image_url="https://pbs.example/ada.png")
    both = samples.announcement((ada, samples.user(2, "Bob")))
    text = shown(announcement_card(samples.delivery(both)))
    assert text == (
        "**2 new likes** on [a post](https://x.com/TwitterDev/status/1354143047324299264) by "
        "[@TwitterDev](https://x.com/TwitterDev)\n"
        "> Hello, X\n"
        "-# [20 August 2026, 12:00 UTC · View on X]"
        "(https://x.com/TwitterDev/status/1354143047324299264)\n"
        "[Ada](https://x.com/user1), [Bob](https://x.com/user2)\n"
        "-# 1,234 likes in all"
    )


def test_one_liker_is_shown_with_their_picture() -> None:
    ada = replace(samples.user(1), profile_image_url="https://pbs.example/ada.png")
    card = announcement_card(samples.delivery(samples.announcement((ada,))))
    check(card)
    assert "https://pbs.example/ada.png" in str(card.to_components())
    assert "**1 new like** on" in shown(card)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (WatchKind.COUNTS, "X hides who likes posts of other accounts"),
        (WatchKind.STALLED, "X's list shows nobody new"),
        (WatchKind.NAMES, "X does not show who they are."),
    ],
)
def test_growth_says_why_there_are_no_names(kind: WatchKind, why: str) -> None:
    growth = samples.announcement(from_count=1_200, kind=kind)
    text = shown(announcement_card(samples.delivery(growth)))
    assert "**34 new likes** on" in text
    assert "1,200 → 1,234 likes" in text
    assert why in text


def test_the_key_rides_in_the_button() -> None:
    card = announcement_card(samples.delivery(key=KEY))
    assert custom_ids(card) == [f"likers:1354143047324299264::{KEY}"]
    assert len(f"likers:{samples.LARGEST_ID}::{KEY}") <= MAX_CUSTOM_ID
    assert [button["label"] for button in buttons(card)] == ["Open on X", "Who likes this?"]


def test_one_post_twice_in_a_message_has_one_button_for_its_likers() -> None:
    twice = [samples.announcement(from_count=1), samples.announcement(from_count=2)]
    card = announcement_card(samples.delivery(*twice, key=KEY))
    check(card)
    assert len(custom_ids(card)) == 1


def test_an_announcement_takes_so_many_components_that_five_fit() -> None:
    announcement = samples.announcement((samples.worst_user(),))
    card = announcement_card(samples.delivery(announcement, key=""))
    assert len(list(walk(card))) == card.total_children_count == 7
    assert MAX_ANNOUNCEMENTS * 7 <= MAX_COMPONENTS


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
    assert ["Ada" in shown(card[form]) for form in FORMS] == [True] * 4 + [False]
    for form in FORMS:
        check(card[form])
        assert any(custom_id.endswith(f":{KEY}") for custom_id in custom_ids(card[form]))


@pytest.mark.parametrize(
    ("announcement", "told"),
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
