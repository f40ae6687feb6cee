"""X's answers are kept as they came, for whoever asked to see them and nobody else."""

import asyncio
import json

import pytest

from bot.domain.errors import PostNotFound, XNotFound
from bot.services.as_sent import as_sent
from bot.x.asking.recording import recording
from bot.x.client import XClient
from tests.x.small_x import Reply, SmallX

UNUSUAL = b'{ "data":[{"id":"5","text":"\\u00fc &amp;","new_field":null}],\n"meta" : {} }'


async def test_an_answer_is_kept_byte_for_byte(client: XClient, small_x: SmallX) -> None:
    small_x.answers(Reply(UNUSUAL))

    sent = await as_sent(client.post(5))

    assert sent.found.id == 5
    assert [(file.name, file.contents) for file in sent.files] == [("1-tweets.json", UNUSUAL)]


async def test_several_answers_are_named_after_what_was_asked(
    client: XClient, small_x: SmallX
) -> None:
    async def ask() -> None:
        await client.post(5)
        await client.likes.liking_users(5)

    small_x.answers(Reply(UNUSUAL), Reply({"meta": {}}))

    sent = await as_sent(ask())

    assert [file.name for file in sent.files] == ["1-tweets.json", "2-tweets-5-liking_users.json"]


async def test_nothing_of_the_request_is_kept(client: XClient, small_x: SmallX) -> None:
    small_x.answers(Reply(UNUSUAL))

    sent = await as_sent(client.post(5))

    assert "token" in small_x.last.headers["Authorization"]
    assert "token" not in str([file.contents for file in sent.files])


async def test_a_refusal_is_raised_and_kept_nowhere(client: XClient, small_x: SmallX) -> None:
    small_x.answers(Reply({"title": "Not Found"}, status=404))

    with recording() as answers, pytest.raises(XNotFound):
        await client.post(5)

    assert answers == []


async def test_those_who_ask_at_the_same_time_see_their_own_alone(
    client: XClient, small_x: SmallX
) -> None:
    small_x.answers(Reply({"data": [{"id": str(number), "text": ""} for number in range(1, 9)]}))

    every = await asyncio.gather(*(as_sent(client.post(number)) for number in range(1, 9)))
    after = await client.post(1)

    assert [sent.found.id for sent in every] == list(range(1, 9))
    assert all(len(sent.files) == 1 for sent in every)
    assert after.id == 1


async def test_what_a_200_says_is_missing_is_still_an_error(
    client: XClient, small_x: SmallX
) -> None:
    small_x.answers(Reply(json.dumps({"errors": []})))

    with pytest.raises(PostNotFound):
        await as_sent(client.post(5))
