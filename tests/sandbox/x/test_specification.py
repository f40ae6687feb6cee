import pytest

from sandbox.x.spelling import CHOICES, Spelling
from tests.cases import in_turn
from tests.sandbox.x import specification
from tests.sandbox.x.client import RESEARCH, XClient

needs_files = pytest.mark.skipif(not specification.is_present(), reason=specification.MISSING)


JSON = "application/json"
PATH = f"/2/tweets/{RESEARCH}"


@needs_files
@in_turn("version", ["2.165", "2.167"])
@in_turn("data", [{"id": 1}, {"id": "1", "unheard_of": "x"}])
def test_a_wrong_answer_is_noticed(version: str, data: dict[str, object]) -> None:
    with pytest.raises(AssertionError):
        specification.check(version, "GET", PATH, status=200, kind=JSON, body={"data": data})


@needs_files
@in_turn(
    "wrong, told",
    [
        ({"username": "b", "unheard_of": 1}, r"\$\.data\[1\]: .*unheard_of"),
        ({}, r"\$\.data\[1\]: .*username.* is a required property"),
        ({"username": 5}, r"\$\.data\[1\]\.username: 5 is not of type"),
        ({"username": "b", "withheld": {}}, r"\$\.data\[1\]\.withheld: .*country_codes"),
    ],
)
def test_it_is_told_what_is_wrong_and_where(wrong: dict[str, object], told: str) -> None:
    liker = {"id": "1", "name": "A", "username": "a"}
    body = {"data": [liker, {"id": "2", "name": "B", **wrong}], "meta": {"result_count": 2}}
    with pytest.raises(AssertionError, match=told):
        specification.check(
            "2.165", "GET", f"{PATH}/liking_users", status=200, kind=JSON, body=body
        )


@needs_files
def test_what_stands_beside_the_data_is_looked_at() -> None:
    body = {"data": [{"id": "1", "name": "A", "username": "a"}], "meta": {"result_count": "1"}}
    with pytest.raises(AssertionError, match=r"\$\.meta\.result_count: "):
        specification.check(
            "2.165", "GET", f"{PATH}/liking_users", status=200, kind=JSON, body=body
        )


@needs_files
@in_turn(
    "method, path, query, body",
    [
        ("GET", "/2/tweets", {}, b""),
        ("GET", "/2/tweets", {"ids": "1,x"}, b""),
        ("GET", "/2/tweets", {"ids": "1", "tweet.fields": "likes"}, b""),
        ("GET", "/2/tweets", {"ids": "1", "colour": "red"}, b""),
        ("GET", "/2/tweets", {"ids": "1"}, b"{}"),
        ("GET", "/2/tweets/x/liking_users", {}, b""),
        ("GET", f"{PATH}/liking_users", {"max_results": "101"}, b""),
        ("GET", f"{PATH}/liking_users", {"max_results": "ten"}, b""),
        ("GET", "/2/users/7/liked_tweets", {"max_results": "4"}, b""),
        ("GET", "/2/users/by/username/a-b", {}, b""),
        ("POST", "/2/users/7/likes", {}, b'{"tweet_id": 1}'),
        ("DELETE", "/2/users/7/likes", {}, b""),
        ("GET", "/2/tweets/1/admirers", {}, b""),
    ],
)
def test_a_wrong_request_is_noticed(
    method: str, path: str, query: dict[str, str], body: bytes
) -> None:
    with pytest.raises(AssertionError):
        specification.check_request("2.165", method, path, query=query, body=body)


@needs_files
def test_a_right_request_passes() -> None:
    liking = {"max_results": "100", "user.fields": "name,verified_type"}
    specification.check_request("2.165", "GET", f"{PATH}/liking_users", query=liking)
    body = b'{"tweet_id": "1354143047324299264"}'
    specification.check_request("2.165", "POST", "/2/users/7/likes", query={}, body=body)


@needs_files
async def test_old_names_are_wrong_in_the_new_spelling(x: XClient) -> None:
    answer = await x.get(PATH, tweet__fields="public_metrics")
    with pytest.raises(AssertionError, match="repost_count"):
        specification.check("2.167", "GET", PATH, status=200, kind=JSON, body=answer.body)


@needs_files
@pytest.mark.parametrize("spelling", list(Spelling))
def test_what_can_be_selected_is_what_the_file_lists(spelling: Spelling) -> None:
    post = "Tweet" if spelling is Spelling.OLD else "Post"
    parameters = {
        "user.fields": "UserFields",
        f"{post.lower()}.fields": f"{post}Fields",
        "media.fields": "MediaFields",
        "poll.fields": "PollFields",
        "place.fields": "PlaceFields",
        "usage.fields": "UsageFields",
        "user expansions": "UserExpansions",
        "post expansions": f"{post}Expansions",
    }
    assert set(CHOICES[spelling]) == set(parameters)
    for name, parameter in parameters.items():
        assert set(CHOICES[spelling][name]) == specification.choices(spelling.value, parameter)
