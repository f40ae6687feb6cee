"""What people paste when they mean a post or a user."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import NotAPost, NotAUsername
from bot.x.post_ref import parse_post_ref, parse_username

POST = 1354143047324299264
HOSTS = (
    "https://twitter.com",
    "https://x.com",
    "https://www.twitter.com",
    "https://www.x.com",
    "https://mobile.twitter.com",
    "https://mobile.x.com",
    "https://m.twitter.com",
    "http://x.com",
    "x.com",
    "twitter.com",
    "HTTPS://X.COM",
)
PATHS = (
    f"/TwitterDev/status/{POST}",
    f"/TwitterDev/statuses/{POST}",
    f"/i/web/status/{POST}",
    f"/i/status/{POST}",
    f"/@TwitterDev/status/{POST}",
    f"/TwitterDev/status/{POST}/",
    f"/TwitterDev/status/{POST}?s=20",
    f"/TwitterDev/status/{POST}?s=46&t=abc_DEF-123",
    f"/TwitterDev/status/{POST}/photo/1",
    f"/TwitterDev/status/{POST}/photo/1?s=20",
    f"/TwitterDev/status/{POST}/video/1",
    f"/TwitterDev/status/{POST}/likes",
    f"/TwitterDev/status/{POST}#m",
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", HOSTS)
def test_every_address_of_a_post(host: str, path: str) -> None:
    assert parse_post_ref(host + path) == POST


@pytest.mark.parametrize(
    ("text", "post_id"),
    [
        (str(POST), POST),
        ("20", 20),
        ("1", 1),
        ("1000000000000000000", 10**18),
        (str(2**63 - 1), 2**63 - 1),
        (f"  {POST}\n", POST),
        (f"<https://x.com/TwitterDev/status/{POST}>", POST),
        (f"< https://x.com/TwitterDev/status/{POST} >", POST),
        ("https://x.com/TwitterDev/status/1", 1),
    ],
)
def test_ids_and_what_surrounds_them(text: str, post_id: int) -> None:
    assert parse_post_ref(text) == post_id


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "0",
        "-1",
        "+1",
        "1.0",
        "1e3",
        "0x10",
        "1_000",
        "12345678901234567890",
        str(2**63),
        "9" * 19,
        "9" * 5_000,
        "١٢٣",  # digits, but not X's
        "１２３",  # noqa: RUF001 -- full-width digits are the point
        "hello",
        "https://x.com/TwitterDev",
        "https://x.com/TwitterDev/",
        "https://x.com/TwitterDev/status/",
        "https://x.com/TwitterDev/status/abc",
        "https://x.com/TwitterDev/status/12345678901234567890",
        f"https://x.com/TwitterDev/status/{2**63}",
        f"https://x.com/TwitterDev/status/{POST}abc",
        f"https://x.com/status/{POST}",
        f"https://x.com/i/lists/{POST}",
        f"https://x.com/i/spaces/{POST}",
        f"https://example.com/TwitterDev/status/{POST}",
        f"https://notx.com/TwitterDev/status/{POST}",
        f"https://x.com.example.com/TwitterDev/status/{POST}",
        f"https://example.com/https://x.com/TwitterDev/status/{POST}",
        f"https://x.com@example.com/TwitterDev/status/{POST}",
        f"ftp://x.com/TwitterDev/status/{POST}",
        f"look: https://x.com/TwitterDev/status/{POST}",
        f"https://x.com/TwitterDev/status/{POST} nice",
        f"https://x.com/TwitterDev/status/{POST}\nhttps://x.com/TwitterDev/status/20",
        f"https://x.com/TwitterDev/status/{POST}?s=20> <b>",
        f"{POST} {POST}",
        f"{POST}; DROP TABLE post",
    ],
)
def test_what_is_no_post(text: str) -> None:
    with pytest.raises(NotAPost, match="That is not an X post"):
        parse_post_ref(text)


@given(st.integers(1, 2**63 - 1))
def test_every_id_is_itself_alone_and_in_an_address(post_id: int) -> None:
    assert parse_post_ref(str(post_id)) == post_id
    assert parse_post_ref(f"https://x.com/i/status/{post_id}") == post_id


@given(st.text(max_size=80))
def test_any_text_is_a_post_of_64_bits_or_refused(text: str) -> None:
    with contextlib.suppress(NotAPost):
        assert 0 < parse_post_ref(text) < 2**63


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("TwitterDev", "TwitterDev"),
        ("@TwitterDev", "TwitterDev"),
        (" @TwitterDev ", "TwitterDev"),
        ("a", "a"),
        ("_under_score_1", "_under_score_1"),
        ("abcdefghij12345", "abcdefghij12345"),
        ("https://x.com/TwitterDev", "TwitterDev"),
        ("https://twitter.com/@TwitterDev/", "TwitterDev"),
        ("<https://mobile.twitter.com/TwitterDev?lang=en>", "TwitterDev"),
        ("x.com/TwitterDev", "TwitterDev"),
    ],
)
def test_usernames(text: str, name: str) -> None:
    assert parse_username(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "@@TwitterDev",
        "abcdefghij123456",
        "with space",
        "per%cent",
        "dash-ed",
        "naïve",
        "ＴｗｉｔｔｅｒＤｅｖ",  # noqa: RUF001 -- full-width letters are the point
        "../../2/users/me",
        "TwitterDev?x=1",
        "https://example.com/TwitterDev",
        f"https://x.com/TwitterDev/status/{POST}",
    ],
)
def test_what_is_no_username(text: str) -> None:
    with pytest.raises(NotAUsername, match="That is not an X username"):
        parse_username(text)
