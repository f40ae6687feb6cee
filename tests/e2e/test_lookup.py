"""/post, /likers and /liked: what X shows, turned page by page."""

import pytest

from sandbox.score import named_in
from sandbox.x.world.seed import TWITTER, TWITTER_DEV
from tests.e2e.harness import GRACE, LINUS, Scene, address

pytestmark = pytest.mark.asyncio(loop_scope="module")

WITH_A_PICTURE = 1354143047324299264
OF_ANOTHER_ACCOUNT = 1362449997430542337


def people(text: str) -> list[str]:
    return named_in(text)


async def test_post_shows_text_author_counts_and_picture(scene: Scene) -> None:
    answer = await scene.command("post", post=address(WITH_A_PICTURE), by=GRACE)

    assert answer.acked_ms < 1000
    assert not answer.private
    message = answer.message
    assert "[Twitter Dev](https://x.com/TwitterDev)" in message.text
    assert "Academics are one of the biggest groups" in message.text
    assert "make the world (& the timeline) a better place" in message.text
    assert "24 likes · 40 reposts · 11 replies · 6 quotes" in message.text
    author, *shown = message.pictures
    assert f"/sandbox/media/profile/{TWITTER_DEV}_" in author
    assert any("/sandbox/media/" in picture for picture in shown)
    assert message.buttons["Like on X"]["url"].endswith(f"/intent/like?tweet_id={WITH_A_PICTURE}")
    assert message.buttons["Open on X"]["url"].endswith(f"/status/{WITH_A_PICTURE}")


async def test_the_button_under_a_post_tells_who_likes_it(scene: Scene) -> None:
    post = scene.post()
    liker = scene.like(post)
    shown = await scene.command("post", post=str(post.id), by=GRACE)

    answer = await scene.press(shown, "Everyone who liked", by=GRACE)

    assert answer.private
    assert people(answer.text) == [liker.username]


async def test_a_post_that_nobody_likes(scene: Scene) -> None:
    post = scene.post("Nobody has seen this")

    shown = await scene.command("post", post=address(post), by=GRACE)
    likers = await scene.command("likers", post=address(post), by=GRACE)
    nothing = await scene.command("likers", post=address(post), export="csv", by=GRACE)

    assert "0 likes" in shown.text
    assert "Nobody likes it yet." in likers.text
    assert nothing.text == "There is nothing to export: X shows no likes here yet."
    assert nothing.private


async def test_likers_are_turned_page_by_page(scene: Scene) -> None:
    post = scene.post()
    likers = [scene.like(post).username for _ in range(45)]
    answer = await scene.command("likers", post=address(post))
    assert answer.acked_ms < 1000
    assert not answer.private
    assert "45 likes" in answer.text

    pages = [people(answer.text)]
    while "Next" in answer.message.buttons:
        answer = await scene.press(answer, "Next")
        assert answer.acked_ms < 1000
        pages.append(people(answer.text))
    back = await scene.press(answer, "Previous")

    assert [name for page in pages for name in page] == likers[::-1]
    assert len(pages) == 3
    assert people(back.text) == pages[1]


async def test_likers_tell_that_protected_ones_are_hidden(scene: Scene) -> None:
    post = scene.post()
    seen = scene.like(post)
    scene.like(post, scene.person(protected=True))

    answer = await scene.command("likers", post=address(post))

    assert people(answer.text) == [seen.username]
    assert "X showed 1 of 2 likes. It counts protected and suspended accounts" in answer.text


async def test_likers_tell_which_of_how_many_they_are(scene: Scene) -> None:
    answer = await scene.command("likers", post=address(scene.post(likes=103)))

    assert "103 likes" in answer.text
    assert "1 to 20 of 103." in answer.text


async def test_likers_of_another_accounts_post_are_hidden_and_it_says_why(scene: Scene) -> None:
    answer = await scene.command("likers", post=address(OF_ANOTHER_ACCOUNT))

    assert "32 likes" in answer.text
    assert people(answer.text) == []
    assert "X only shows likers to the author: 32 likes, none shown." in answer.text


async def test_liked_of_who_likes_nothing(scene: Scene) -> None:
    me = scene.stage.x.world.users[TWITTER_DEV]
    for post in list(scene.stage.x.world.posts.values()):
        if TWITTER_DEV in post.likes:
            scene.unlike(post, me)

    answer = await scene.command("liked", user="@TwitterDev", by=LINUS)

    assert "Posts that [Twitter Dev](https://x.com/TwitterDev) likes" in answer.text
    assert "X shows no posts here." in answer.text
    assert set(answer.message.buttons) == {"Open on X"}


async def test_liked_shows_what_the_own_account_likes(scene: Scene) -> None:
    me = scene.stage.x.world.users[TWITTER_DEV]
    posts = [scene.post(f"Number {number}", author_id=str(TWITTER)) for number in range(7)]
    for post in posts:
        scene.like(post, me)

    answer = await scene.command("liked", user="@TwitterDev", by=LINUS)
    further = await scene.press(answer, "Next", by=LINUS)

    assert answer.acked_ms < 1000
    assert not answer.private
    assert "Posts that [Twitter Dev](https://x.com/TwitterDev) likes" in answer.text
    assert [f"Number {n}" in answer.text for n in range(7)] == [False] * 2 + [True] * 5
    assert "Number 1" in further.text
    assert "Number 2" not in further.text


async def test_liked_of_somebody_else_says_that_likes_are_private(scene: Scene) -> None:
    answer = await scene.command("liked", user="https://x.com/Twitter", by=LINUS)

    assert answer.private
    assert answer.text == (
        "X does not show what this user likes: likes are private since June 2024, "
        "and only the account itself sees them. Whoever it belongs to sees them here after "
        "`/account link`."
    )
