"""The posts that a message names, wherever their addresses stand in it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.x.post_ref import find_post_refs, parse_post_ref
from tests.cases import in_turn
from tests.x.test_post_ref import HOSTS, PATHS, POST

ids = st.integers(1, 2**63 - 1)
hosts = st.sampled_from(HOSTS)
paths = st.sampled_from(
    ["/TwitterDev/status/{}", "/i/web/status/{}", "/i/status/{}", "/@a_b/statuses/{}"]
)
tails = st.sampled_from(["", "/", "?s=20", "?s=46&t=a-B_1", "/photo/1", "/video/1?s=20", "#m"])
addresses = st.builds(
    lambda host, path, post_id, tail: (f"{host}{path.format(post_id)}{tail}", post_id),
    hosts, paths, ids, tails,
)  # fmt: skip
between = st.sampled_from(
    [
        " ",
        "\n",
        " and ",
        " | ",
        "> <",
        ") (",
        "\n- ",
        ". ",
        ", ",
        " https://example.com/a ",
        " 123 ",
    ]
)


@in_turn("path", PATHS)
@in_turn("host", HOSTS)
def test_every_address_of_a_post_in_a_text(host: str, path: str) -> None:
    assert find_post_refs(f"Look: {host}{path}\nNice!") == [POST]


@in_turn(
    "text",
    [
        f"[this](https://x.com/a/status/{POST})",
        f"[https://x.com/a/status/{POST}](https://x.com/a/status/{POST})",
        f"<https://x.com/a/status/{POST}>",
        f"**https://x.com/a/status/{POST}**",
        f"_https://x.com/a/status/{POST}_",
        f"||https://x.com/a/status/{POST}||",
        f"`x.com/a/status/{POST}`",
        f"(x.com/a/status/{POST})",
        f"“https://x.com/a/status/{POST}”",
        f"これhttps://x.com/a/status/{POST}を見て",
        f"[other](https://example.com/a)[this](https://x.com/a/status/{POST})",
        f"https://x.com/a/status/{POST}.",
        f"https://x.com/a/status/{POST}, https://twitter.com/b/status/{POST}?s=20",
        f"Is it https://x.com/a/status/{POST}?",
    ],
)
def test_addresses_in_markdown_and_beside_marks(text: str) -> None:
    assert find_post_refs(text) == [POST]


@in_turn(
    "text",
    [
        "",
        "nothing here",
        str(POST),
        "https://x.com/TwitterDev",
        "https://x.com/TwitterDev/status/",
        "https://x.com/a/status/0",
        f"https://x.com/a/status/{2**63}",
        "https://x.com/a/status/12345678901234567890",
        f"https://x.com/a/status/{POST}abc",
        f"https://notx.com/a/status/{POST}",
        f"notx.com/a/status/{POST}",
        f"https://x.com.example.com/a/status/{POST}",
        f"https://x.com@example.com/a/status/{POST}",
        f"https://example.com/https://x.com/a/status/{POST}",
        f"https://example.com/?u=https://x.com/a/status/{POST}",
        f"ftp://x.com/a/status/{POST}",
        f"me@x.com/a/status/{POST}",
    ],
)
def test_texts_without_a_post(text: str) -> None:
    assert find_post_refs(text) == []


@given(st.lists(addresses, max_size=6), between)
def test_several_come_in_their_order_each_once(
    named: list[tuple[str, int]], separator: str
) -> None:
    text = separator.join(address for address, _ in named)
    assert find_post_refs(text) == list(dict.fromkeys(post_id for _, post_id in named))


@given(addresses)
def test_what_is_an_address_alone_is_found_in_a_text(named: tuple[str, int]) -> None:
    address, post_id = named
    assert parse_post_ref(address) == post_id
    assert find_post_refs(f"\u200b see {address} !") == [post_id]


@given(st.text(max_size=200))
def test_any_text_is_searched(text: str) -> None:
    found = find_post_refs(text)
    assert all(0 < post_id < 2**63 for post_id in found)
    assert len(set(found)) == len(found)
