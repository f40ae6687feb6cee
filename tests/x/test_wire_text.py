"""Texts with entities: what leads somewhere, and what says nothing."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Link
from bot.x.wire.text import Entities, UrlEntity, resolve
from tests.cases import in_turn


def entities(**raw: Any) -> Entities:
    return Entities.model_validate(raw)


def place(text: str, written: str, **more: Any) -> dict[str, Any]:
    start = text.index(written)
    return {"start": start, "end": start + len(written), **more}


def test_mentions_and_tags_lead_to_x() -> None:
    raw = "🦊 &lt;3 @TwitterDev on #Ünïcode and $TWTR"
    resolved = resolve(
        raw,
        entities(
            mentions=[place(raw, "@TwitterDev", username="twitterdev", id="2244994945")],
            hashtags=[place(raw, "#Ünïcode", tag="Ünïcode")],
            cashtags=[place(raw, "$TWTR", tag="TWTR")],
        ),
    )

    assert resolved.text == "🦊 <3 @TwitterDev on #Ünïcode and $TWTR"
    shown = {resolved.text[link.start : link.end]: link.url for link in resolved.links}
    assert shown == {
        "@TwitterDev": "https://x.com/twitterdev",
        "#Ünïcode": "https://x.com/hashtag/%C3%9Cn%C3%AFcode",
        "$TWTR": "https://x.com/search?q=%24TWTR",
    }


def test_places_are_right_behind_longer_addresses_and_before_dropped_ones() -> None:
    raw = " https://t.co/a @me https://t.co/pic"
    resolved = resolve(
        raw,
        entities(
            urls=[
                {"url": "https://t.co/a", "expanded_url": "https://docs.x.com/a/long/way"},
                {"url": "https://t.co/pic", "media_key": "3_1"},
            ],
            mentions=[place(raw, "@me", username="me")],
        ),
    )

    assert resolved.text == "https://docs.x.com/a/long/way @me"
    assert resolved.links == (Link(30, 33, "https://x.com/me"),)


@in_turn(
    "mention",
    [
        {"start": 0, "end": 3, "username": "me"},
        {"start": 5, "end": 500, "username": "me"},
        {"start": -3, "end": -1, "username": "me"},
        {"start": 6, "end": 3, "username": "me"},
        {"username": "me"},
        {"start": 3, "end": 6, "username": "me)[x](https://evil.example"},
        {"start": 3, "end": 6, "username": None},
    ],
)
def test_what_does_not_stand_there_is_no_link(mention: dict[str, Any]) -> None:
    assert resolve("Hi @me", entities(mentions=[mention])).links == ()


def test_no_tag_breaks_out_of_its_link() -> None:
    raw = "#a](https://evil.example)"
    tag = {"start": 0, "end": len(raw), "tag": raw[1:]}

    assert resolve(raw, entities(hashtags=[tag])).links == ()


QUOTED = "https://twitter.com/a/status/7"


def is_quoted(entity: UrlEntity) -> bool:
    return entity.written == QUOTED


@in_turn(
    "raw, shown",
    [
        ("So true https://t.co/q", "So true"),
        ("So true https://t.co/q https://t.co/pic\n", "So true"),
        ("https://t.co/q says it", f"{QUOTED} says it"),
        ("https://t.co/q https://t.co/q", ""),
        ("See https://t.co/q https://t.co/x", f"See {QUOTED} https://docs.x.com/"),
    ],
)
def test_the_address_of_what_is_shown_below_is_dropped_at_the_end(raw: str, shown: str) -> None:
    urls = [
        {"url": "https://t.co/q", "expanded_url": QUOTED},
        {"url": "https://t.co/pic", "media_key": "3_1"},
        {"url": "https://t.co/x", "expanded_url": "https://docs.x.com/"},
    ]

    assert resolve(raw, entities(urls=urls), is_quoted).text == shown


def test_null_is_absent() -> None:
    """The specification of August 2026 allows it inside of entities."""
    raw = {"urls": None, "mentions": None, "hashtags": [{"start": 0, "end": 2, "tag": "a"}]}

    assert resolve("#a", entities(**raw)).links == (Link(0, 2, "https://x.com/hashtag/a"),)


_places = st.integers(-5, 40)
_texts = st.text(st.sampled_from("@#$ab &;\U0001f98a https://t.co/x"), max_size=30)


@given(
    raw=_texts,
    tags=st.lists(
        st.fixed_dictionaries({"start": _places, "end": _places, "tag": _texts}), max_size=6
    ),
    urls=st.lists(st.fixed_dictionaries({"url": _texts, "expanded_url": _texts}), max_size=3),
)
def test_links_are_in_order_apart_and_inside(
    raw: str, tags: list[dict[str, Any]], urls: list[dict[str, Any]]
) -> None:
    resolved = resolve(raw, entities(hashtags=tags, cashtags=tags, urls=urls))

    ends = [0]
    for link in resolved.links:
        assert ends[-1] <= link.start < link.end <= len(resolved.text)
        assert resolved.text[link.start] in "#$"
        ends.append(link.end)
