"""Who pays: a watched post's guilds in equal parts, and exactly the whole, whatever it is."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.x.prices import NOBODY, Bill, Resource, Share

POSTS = st.integers(1, 12)
GUILDS = st.integers(1, 6)
BILLS = st.builds(
    Bill,
    st.just("watch"),
    st.dictionaries(POSTS, st.lists(GUILDS, max_size=4, unique=True).map(tuple)),
    guild_id=GUILDS,
    post_id=POSTS,
)


@given(BILLS, st.sampled_from(Resource), st.frozensets(POSTS), st.integers(0, 20_000))
def test_the_parts_are_the_whole_to_the_millionth(
    bill: Bill, resource: Resource, ids: frozenset[int], price: int
) -> None:
    shares = bill.shares(resource, ids, price)

    assert sum(share.micro_usd for share in shares) == len(ids) * price
    assert sum(share.count for share in shares) == len(ids)


@given(BILLS, st.frozensets(POSTS), st.integers(0, 20_000))
def test_each_watched_post_is_paid_by_its_guilds_alike(
    bill: Bill, ids: frozenset[int], price: int
) -> None:
    watched = frozenset(post_id for post_id in ids if bill.payers.get(post_id))
    shares = bill.shares(Resource.POST_READ, watched, price)

    for post_id in watched:
        parts = {share.guild_id: share.micro_usd for share in shares if share.post_id == post_id}
        assert list(parts) == list(bill.payers[post_id])
        assert max(parts.values()) - min(parts.values()) < len(parts)


def test_what_is_left_over_goes_to_the_first() -> None:
    bill = Bill("watch", {5: (3, 1, 2)})

    assert bill.shares(Resource.POST_READ, {5}, 5_000) == [
        Share(3, 5, 1, 1_668),
        Share(1, 5, 0, 1_666),
        Share(2, 5, 0, 1_666),
    ]


def test_likers_are_paid_by_those_who_watch_the_post() -> None:
    bill = Bill("watch", {5: (1, 2)}, post_id=5)
    shares = bill.shares(Resource.USER_READ, {5, 6, 7, 8}, 10_000)

    assert shares == [Share(1, 5, 2, 20_000), Share(2, 5, 2, 20_000)]


def test_a_post_that_nobody_watches_is_paid_by_who_asked() -> None:
    shares = Bill("/post", {5: (1, 2)}, guild_id=9).shares(Resource.POST_READ, {5, 6}, 5_000)
    paid = Counter({(share.guild_id, share.post_id): share.micro_usd for share in shares})

    assert paid == {(1, 5): 2_500, (2, 5): 2_500, (9, 0): 5_000}
    assert NOBODY.shares(Resource.USER_READ, {1}, 10_000) == [Share(0, 0, 1, 10_000)]
    assert NOBODY.shares(Resource.USER_READ, set(), 10_000) == []


def test_what_comes_along_with_watched_posts_is_shared_by_all_who_watch_them() -> None:
    shares = Bill("watch", {5: (1,), 6: (1, 2)}).shares(Resource.OWNED_READ, {5, 7, 8}, 1_000)

    assert shares == [Share(1, 5, 1, 1_000), Share(1, 0, 1, 1_000), Share(2, 0, 1, 1_000)]
