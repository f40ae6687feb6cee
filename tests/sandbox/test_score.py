"""The tally of the demo: what people did on X, and what the bot told of it."""

import asyncio
from typing import Any

import pytest

from sandbox.clock import Clock
from sandbox.events import Event
from sandbox.score import Score

POST, OTHER = "1354143047324299264", "1228393702244134912"
DEV, TWITTER = "2244994945", "783214"


class Tally(Score):
    """A score with verbs for what it hears."""

    def like(
        self, username: str, post: str = POST, *, visible: bool = True, author: str = DEV
    ) -> None:
        data = {"post_id": post, "author_id": author, "username": username, "visible": visible}
        self.hear_x(Event("like.create", data))

    def unlike(self, username: str, post: str = POST) -> None:
        self.hear_x(Event("like.delete", {"post_id": post, "username": username, "visible": True}))

    def tell(self, *names: str, post: str = POST, **message: Any) -> None:
        self.message(components=[_container(post, *names)], **message)

    def message(
        self,
        *,
        bot: bool = True,
        visible_to: str | None = None,
        channel: str = "1",
        **message: Any,
    ) -> None:
        told = {"author": {"bot": bot}, **message}
        data = {"channel_id": channel, "message": told, "visible_to": visible_to}
        self.hear_discord(Event("message.create", data))

    def counted(self) -> tuple[int, int, int, int]:
        result = self.result()
        return result["likes"], result["announced"], result["missing"], result["twice"]


def _container(post: str, *names: str) -> dict[str, Any]:
    """Return a card as the bot sends it: who likes a post, and the post with its author."""
    likers = "\n".join(f"[{name}](https://x.com/{name})" for name in names)
    return {
        "type": 17,
        "components": [
            {"type": 10, "content": f"{likers}\nlike a post of [Dev](https://x.com/TwitterDev)"},
            {"type": 2, "style": 5, "url": f"https://x.com/TwitterDev/status/{post}"},
            {"type": 2, "style": 5, "url": f"https://x.com/intent/like?tweet_id={post}"},
        ],
    }


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tally(clock: Clock) -> Tally:
    return Tally(clock, {POST, OTHER})


def test_an_empty_tally(tally: Tally) -> None:
    assert tally.result() == {
        "likes": 0,
        "announced": 0,
        "missing": 0,
        "twice": 0,
        "p50_s": None,
        "p95_s": None,
    }


def test_what_was_told_and_what_is_missing(tally: Tally) -> None:
    for name in ("Ada", "Ben", "Cleo"):
        tally.like(name)
    tally.tell("Ada", "Cleo")

    assert tally.counted() == (3, 2, 1, 0)


def test_what_was_told_twice_in_one_message_or_two(tally: Tally) -> None:
    for name in ("Ada", "Ben", "Cleo"):
        tally.like(name)
    tally.tell("Ada", "Ben", "Ben", "Cleo")
    tally.tell("Ada")
    tally.tell("Ada")

    assert tally.counted() == (3, 3, 0, 3)


def test_two_channels_that_are_told_are_not_told_twice(tally: Tally) -> None:
    tally.like("Ada")
    tally.tell("Ada", channel="1")
    tally.tell("Ada", channel="2")

    assert tally.counted() == (1, 1, 0, 0)
    tally.tell("Ada", channel="2")
    assert tally.counted() == (1, 1, 0, 1)


def test_names_are_the_same_in_any_case(tally: Tally) -> None:
    tally.like("AdaLovelace")
    tally.tell("adalovelace")

    assert tally.counted() == (1, 1, 0, 0)


def test_a_name_within_another_is_another(tally: Tally) -> None:
    tally.like("Ada")
    tally.tell("Ada_99")

    assert tally.counted() == (1, 0, 1, 0)


def test_each_container_of_a_message_is_about_its_own_post(tally: Tally) -> None:
    tally.like("Ada")
    tally.like("Ben", OTHER)
    tally.like("Cleo", OTHER)
    tally.message(components=[_container(POST, "Ada", "Cleo"), _container(OTHER, "Ben")])

    assert tally.counted() == (3, 2, 1, 0)


def test_embeds_and_plain_text_count_as_well(tally: Tally) -> None:
    tally.like("Ada")
    tally.like("Ben")
    url = f"https://x.com/i/status/{POST}"
    tally.message(embeds=[{"url": url, "description": "[Ada](https://x.com/Ada)"}])
    tally.message(content=f"<https://x.com/Ben> likes <{url}>")

    assert tally.counted() == (2, 2, 0, 0)


def test_a_text_about_two_posts_tells_of_neither(tally: Tally) -> None:
    tally.like("Ada")
    tally.message(content=f"https://x.com/Ada: /status/{POST} or /status/{OTHER}")

    assert tally.counted() == (1, 0, 1, 0)


def test_only_what_the_bot_announces_counts(tally: Tally) -> None:
    tally.like("Ada")
    tally.tell("Ada", bot=False)
    tally.tell("Ada", visible_to="80351110224678912")
    tally.tell("Ada", interaction_metadata={"name": "likers"})

    assert tally.counted() == (1, 0, 1, 0)


def test_only_likes_that_x_shows_of_posts_that_are_watched_count(tally: Tally) -> None:
    tally.like("Ada", "1")
    tally.like("Ben", visible=False)
    tally.tell("Cleo")

    assert tally.counted() == (0, 0, 0, 0)


@pytest.mark.parametrize("kind", ["post.create", "post.update", "post.delete"])
def test_news_of_a_watched_post_itself_is_no_like(tally: Tally, kind: str) -> None:
    tally.hear_x(Event(kind, {"post_id": POST, "author_id": DEV, "text": "Hi", "like_count": 0}))
    assert tally.counted() == (0, 0, 0, 0)


def test_only_posts_of_the_account_count_where_one_is_given(clock: Clock) -> None:
    tally = Tally(clock, {POST, OTHER}, account_id=DEV)
    tally.like("Ada")
    tally.like("Ben", OTHER, author=TWITTER)

    assert tally.counted() == (1, 0, 1, 0)


def test_likes_of_a_post_that_is_no_longer_watched_need_not_be_told(tally: Tally) -> None:
    tally.like("Ada")
    tally.like("Ben")
    tally.tell("Ben")
    tally.like("Cleo", OTHER)
    tally.count({OTHER})
    tally.like("Dana")

    assert tally.counted() == (2, 1, 1, 0)


def test_a_like_taken_back_in_time_need_not_be_told(tally: Tally) -> None:
    tally.like("Ada")
    tally.like("Ben")
    tally.tell("Ben")
    tally.unlike("Ada")
    tally.unlike("Ben")

    assert tally.counted() == (1, 1, 0, 0)


def test_news_of_a_like_taken_back_is_no_second_announcement(tally: Tally) -> None:
    tally.like("Ada")
    tally.tell("Ada")
    tally.unlike("Ada")
    tally.tell("Ada")

    assert tally.counted() == (1, 1, 0, 0)


def test_a_like_given_again_is_told_once(tally: Tally) -> None:
    tally.like("Ada")
    tally.tell("Ada")
    tally.unlike("Ada")
    tally.like("Ada")
    assert tally.counted() == (1, 1, 0, 0)
    tally.tell("Ada")

    assert tally.counted() == (1, 1, 0, 1)


def test_seconds_are_from_the_like_to_its_first_announcement(tally: Tally, clock: Clock) -> None:
    for second in range(100):
        tally.like(f"person{second}")
        clock.advance(1)
    tally.tell(*(f"person{second}" for second in range(100)))
    clock.advance(1_000)
    tally.tell("person99")
    result = tally.result()

    # They waited 1 to 100 seconds.
    assert result["p50_s"] == pytest.approx(50.5, abs=0.2)
    assert result["p95_s"] == pytest.approx(95.05, abs=0.2)


def test_one_like_is_its_own_percentile(tally: Tally, clock: Clock) -> None:
    tally.like("Ada")
    clock.advance(7)
    tally.tell("Ada")
    result = tally.result()

    assert result["p50_s"] == result["p95_s"] == pytest.approx(7, abs=0.2)


async def test_waiting_ends_when_nothing_is_missing(tally: Tally) -> None:
    await asyncio.wait_for(tally.wait_until_told(), 10)
    for name in ("Ada", "Ben", "Cleo"):
        tally.like(name)
    waiting = asyncio.create_task(tally.wait_until_told())
    for name in ("Ada", "Ben"):
        tally.tell(name)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not waiting.done()
    tally.unlike("Cleo")

    await asyncio.wait_for(waiting, 10)
    tally.like("Dana")
    waiting = asyncio.create_task(tally.wait_until_told())
    await asyncio.sleep(0)
    tally.count(())

    await asyncio.wait_for(waiting, 10)


# Likes that are told as so many more


def _more(tally: Tally, more: int, *names: str, change: bool = False, **told: Any) -> None:
    part = _container(POST, *names)
    part["components"][0]["content"] += f" and **{more:,} more**"
    message = {"author": {"bot": True}, "components": [part], **told}
    kind = "message.update" if change else "message.create"
    tally.hear_discord(Event(kind, {"channel_id": "1", "message": message}))


def test_who_is_among_so_many_more_is_told(tally: Tally) -> None:
    for number in range(1_100):
        tally.like(f"user{number}")
    _more(tally, 1_095, *(f"user{number}" for number in range(1_090, 1_095)))

    assert tally.counted() == (1_100, 1_100, 0, 0)


def test_more_than_there_are_is_twice_and_fewer_is_missing(tally: Tally) -> None:
    for name in ("Ada", "Ben", "Cleo", "Dora"):
        tally.like(name)
    _more(tally, 2, "Dora")
    assert tally.counted() == (4, 3, 1, 0)
    _more(tally, 2, id="2")
    assert tally.counted() == (4, 4, 0, 1)


def test_whoever_is_named_later_was_not_meant_before(tally: Tally) -> None:
    for name in ("Ada", "Ben", "Cleo"):
        tally.like(name)
    _more(tally, 1, "Cleo")
    tally.tell("Ada")
    assert tally.counted() == (3, 3, 0, 0)
    tally.tell("Ben")
    assert tally.counted() == (3, 3, 0, 1)


def test_whether_one_was_told_of_who_takes_it_back_cannot_be_seen(tally: Tally) -> None:
    """Ada's like may not have been listed yet, and Ben be the one who is not named."""
    for name in ("Ada", "Ben", "Cleo"):
        tally.like(name)
    _more(tally, 1, "Cleo")
    assert tally.counted() == (3, 2, 1, 0)
    tally.unlike("Ada")
    assert tally.counted() == (3, 2, 0, 0)

    tally.like("Dora")
    assert tally.counted() == (4, 2, 1, 0), "one of the two may be told of, not both"


def test_one_who_was_told_of_for_sure_leaves_no_doubt(tally: Tally) -> None:
    for name in ("Ada", "Ben", "Cleo"):
        tally.like(name)
    _more(tally, 2, "Cleo")
    tally.unlike("Ada")
    tally.unlike("Cleo")
    tally.like("Dora")

    assert tally.counted() == (4, 3, 1, 0)


def test_a_message_that_is_changed_tells_what_is_new_in_it(tally: Tally) -> None:
    for name in ("Ada", "Ben", "Cleo"):
        tally.like(name)
    _more(tally, 1, "Cleo", "Ben", id="7")
    for name in ("Dora", "Emil"):
        tally.like(name)
    _more(tally, 3, "Emil", "Dora", id="7", change=True)
    assert tally.counted() == (5, 5, 0, 0)
    _more(tally, 4, "Emil", "Dora", id="7", change=True)
    assert tally.counted() == (5, 5, 0, 1)


def test_who_liked_before_the_watch_may_be_meant(tally: Tally) -> None:
    tally.watched.clear()
    tally.like("Ada")
    tally.watched.add(POST)
    tally.like("Ben")
    tally.like("Cleo")
    _more(tally, 1, "Ben")
    assert tally.counted() == (2, 2, 0, 0)

    _more(tally, 1, id="7")
    assert tally.counted() == (2, 2, 0, 0), "that may be Ada"
