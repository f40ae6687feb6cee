import pytest

from tests.sandbox.x import specification
from tests.sandbox.x.client import RESEARCH, XClient

needs_files = pytest.mark.skipif(not specification.is_present(), reason=specification.MISSING)


@needs_files
@pytest.mark.parametrize("version", ["2.165", "2.167"])
def test_a_wrong_answer_is_noticed(version: str) -> None:
    path = f"/2/tweets/{RESEARCH}"
    with pytest.raises(AssertionError):
        specification.check(version, "GET", path, 200, "application/json", {"data": {"id": 1}})
    with pytest.raises(AssertionError):
        specification.check(
            version, "GET", path, 200, "application/json", {"data": {"unheard_of": "x"}}
        )


@needs_files
async def test_old_names_are_wrong_in_the_new_spelling(x: XClient) -> None:
    answer = await x.get(f"/2/tweets/{RESEARCH}", tweet__fields="public_metrics")
    with pytest.raises(AssertionError, match="repost_count"):
        specification.check(
            "2.167", "GET", f"/2/tweets/{RESEARCH}", 200, "application/json", answer.body
        )


@needs_files
async def test_every_selectable_name_is_the_specifications(x: XClient) -> None:
    """The sandbox takes exactly the fields and expansions that the files list."""
    from bot.sandbox.x.api.spelling import CHOICES, Spelling  # noqa: PLC0415

    for spelling in Spelling:
        document = specification._document(spelling.value)["components"]["parameters"]
        for name, known in CHOICES[spelling].items():
            kind = name.replace(" e", "E").replace(".f", "F")
            parameter = document[
                f"{kind[0].upper()}{kind[1:]}Parameter".replace(
                    "PostE" if spelling is Spelling.OLD else "\0", "TweetE"
                )
            ]
            assert sorted(set(parameter["schema"]["items"]["enum"])) == sorted(known)
    assert x.base
