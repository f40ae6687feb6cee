"""What people paste when they mean a post or a user."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import NotAPost, NotAUsername, SeveralPosts
from bot.x.post_ref import find_post_refs, parse_post_ref, parse_username
from tests.cases import in_turn

POST = 1354143047324299264
HOSTS = (
    "https://fxtwitter.com",
    "https://d.fxtwitter.com",
    "https://vxtwitter.com",
    "https://fixupx.com",
    "https://fixvx.com",
    "https://nitter.net",
    "https://nitter.privacy.example.org",
    "https://xcancel.com",
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
    f"/#!/TwitterDev/status/{POST}",
    f"/Twitter\\_Dev/status/{POST}",
    f"/intent/like?tweet_id={POST}",
    f"/intent/retweet?related=a,b&tweet_id={POST}&lang=en",
    f"/intent/tweet?in_reply_to={POST}",
    f"/intent/post?text=a%20b&in_reply_to={POST}",
)
URL = f"https://x.com/TwitterDev/status/{POST}"
# How a link reaches a field: with what was copied round it, and with marks that nobody sees.
AROUND = (
    ("", ""),
    ("(", ")"),
    ("[", "]"),
    ("{", "}"),
    ("<", ">"),
    ("||", "||"),
    ("**", "**"),
    ("`", "`"),
    ('"', '"'),
    ("[the post](", ")"),
    ("[the post](<", ">)"),
    ("", "."),
    ("", ","),
    ("", "!"),
    ("", "?"),
    ("\u200b", "\u200b"),
    ("\u2066", "\u2069"),
    ("\ufeff", "\u00ad"),
    ("\u00a0", "\u202f"),
    ("Look: ", " nice, is it not?"),
    ("\n> ", "\n"),
)


@in_turn("path", PATHS)
@in_turn("host", HOSTS)
def test_every_address_of_a_post(host: str, path: str) -> None:
    assert parse_post_ref(host + path) == POST


@in_turn(
    "text, post_id",
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


@in_turn(
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
        f"https://x.com/intent/follow?user_id={POST}",
        f"https://x.com/intent/tweet?text=in_reply_to={POST}",
        f"https://nitter/TwitterDev/status/{POST}",
        f"https://notnitter.net/TwitterDev/status/{POST}",
        f"{POST} {POST}",
        f"{POST}; DROP TABLE post",
    ],
)
def test_what_is_no_post(text: str) -> None:
    with pytest.raises(NotAPost, match="I can't find an X post in that"):
        parse_post_ref(text)


@in_turn("before, after", AROUND)
def test_what_stands_round_a_link_does_not_matter(before: str, after: str) -> None:
    assert parse_post_ref(f"{before}{URL}{after}") == POST
    assert find_post_refs(f"{before}{URL}{after}") == [POST]


@in_turn("before, after", [pair for pair in AROUND if "Look" not in pair[0]])
def test_what_stands_round_an_id_does_not_matter(before: str, after: str) -> None:
    if "the post" not in before and ">" not in before.strip("<"):
        assert parse_post_ref(f"{before}{POST}{after}") == POST


@given(
    st.sampled_from(HOSTS), st.sampled_from(PATHS), st.lists(st.sampled_from(AROUND), max_size=3)
)
def test_a_link_is_found_in_any_wrapping(
    host: str, path: str, around: list[tuple[str, str]]
) -> None:
    text = host + path
    for before, after in around:
        text = f"{before}{text}{after}"
    assert parse_post_ref(text) == POST


@given(
    st.integers(0, len(URL)), st.sampled_from("\u200b\u200c\u200d\u2060\u200e\u200f\ufeff\u00ad")
)
def test_marks_that_nobody_sees_hide_nothing(place: int, mark: str) -> None:
    assert parse_post_ref(f"{URL[:place]}{mark}{URL[place:]}") == POST


@given(st.sampled_from((" ", "\n", " and ", "](", "> <")), st.integers(1, 2**63 - 1))
def test_two_different_posts_are_said_to_be_two(between: str, other: int) -> None:
    text = f"{URL}{between}https://fixupx.com/a/status/{other}"
    if other == POST:
        assert parse_post_ref(text) == POST
        return
    with pytest.raises(SeveralPosts, match="links to 2 posts"):
        parse_post_ref(text)


@given(st.integers(1, 2**63 - 1))
def test_every_id_is_itself_alone_and_in_an_address(post_id: int) -> None:
    assert parse_post_ref(str(post_id)) == post_id
    assert parse_post_ref(f"https://x.com/i/status/{post_id}") == post_id


@given(st.text(max_size=80))
def test_any_text_is_a_post_of_64_bits_or_refused(text: str) -> None:
    with contextlib.suppress(NotAPost, SeveralPosts):
        assert 0 < parse_post_ref(text) < 2**63


@in_turn(
    "text, name",
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
        ("(@TwitterDev)", "TwitterDev"),
        ("\u2068@TwitterDev\u2069", "TwitterDev"),
        ("\u200bTwitterDev\u00a0", "TwitterDev"),
        ("TWITTERDEV", "TWITTERDEV"),
        ("[Twitter Dev](https://x.com/TwitterDev)", "TwitterDev"),
        ("https://x.com/Twitter\\_Dev", "Twitter_Dev"),
        ("Posts of https://x.com/TwitterDev/ please", "TwitterDev"),
        ("https://fxtwitter.com/TwitterDev", "TwitterDev"),
        ("https://nitter.net/TwitterDev/with_replies", "TwitterDev"),
        ("https://x.com/intent/user?screen_name=TwitterDev", "TwitterDev"),
        ("https://x.com/intent/follow?lang=en&screen_name=TwitterDev&x=1", "TwitterDev"),
        (f"https://x.com/TwitterDev/status/{POST}?s=20", "TwitterDev"),
        (
            f"https://x.com/TwitterDev and https://twitter.com/twitterdev/status/{POST}",
            "TwitterDev",
        ),
    ],
)
def test_usernames(text: str, name: str) -> None:
    assert parse_username(text) == name


@in_turn(
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
        "https://x.com/a-b",
        "https://x.com/home",
        "https://x.com/explore",
        f"https://x.com/i/status/{POST}",
        f"https://x.com/intent/like?tweet_id={POST}",
        "https://x.com/TwitterDev https://x.com/TwitterAPI",
    ],
)
def test_what_is_no_username(text: str) -> None:
    with pytest.raises(NotAUsername, match="I can't find an X user in that"):
        parse_username(text)
