"""What is said in channels is said in the server's language, all of it, and fits in each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.chat.cards.card import Card
from bot.chat.cards.notices import notice_sentence
from bot.chat.cards.setup import greeting_card
from bot.chat.delivery.card import announcement_card, retold_card
from bot.chat.delivery.message_charts import MessageCharts
from bot.chat.delivery.test_message import SAMPLE_REMARK, TEST_REMARK, sample_card
from bot.chat.languages.translator import translator_of
from bot.chat.setup.panel import setup_button
from bot.chat.text import length
from bot.domain import Announcement, AnnouncementType, GuildConfig, Media, User, UserCounts
from bot.domain.announcements import (
    MAX_ANNOUNCEMENTS,
    SHOWN_NAMES,
    MessageForm,
    Recognition,
    Retold,
    WhyRetold,
)
from bot.domain.insight import ChartRow
from bot.domain.languages import Language
from bot.domain.posts import Withheld
from bot.domain.styles import WatchStyle
from tests.cases import in_turn
from tests.chat import samples
from tests.chat.rules import buttons, check, shown, walk

# What people wrote is in Greek here, so that whatever is Latin is the bot's own.
_ADA = User(1, "1", "Αλφα", counts=UserCounts(followers=12_300), verified_type="blue")
_BOB = User(2, "2", "Βητα", verified_type="business", profile_image_url="https://x.example/2.png")
_FILM = Media("video", "https://x.example/film.png", duration_ms=61_000, views=1_234)
_POST = replace(
    samples.post(text="Ωμεγα"),
    author=User(3, "3", "Γαμμα", profile_image_url="https://x.example/3.png"),
    media=(_FILM, replace(_FILM, type="animated_gif", views=1)),
    media_elsewhere=2,
    possibly_sensitive=True,
    withheld=Withheld(copyright=True, countries=("00",)),
    versions=(samples.post().id, samples.post().id + 1),
)
_LIKED = replace(
    samples.announcement((_ADA, _BOB), post=_POST),
    recognitions=(Recognition(1, 10, is_first=True),),
    more=94,
    goal=2_000,
    course=(1_000, 1_100, 1_234),
    since=samples.NOW - timedelta(hours=1),
)
_GROWN = replace(
    samples.announcement(post=_POST, from_count=1_200),
    type=AnnouncementType.GROWTH,
    asks_author=True,
)
_APPEARED = replace(_LIKED, type=AnnouncementType.POST, likers=(), more=0, recognitions=())
_ELSEWHERE = Withheld(copyright=False, countries=("00",) * 14)
_EVERYWHERE = Withheld(copyright=True, countries=())
_WORDS = re.compile(r"[A-Za-z]{2,}")
# Commands, addresses, mentions and moments.
_NO_WORDS = re.compile(r"`[^`]*`|\(https?://[^)]*\)|<[^<>]*>|https?://\S+")
_NAMES = {"UTC", "GIF", "Discord", "AutoMod", "WWW"}
_TOLD: list[Announcement] = [
    _LIKED,
    replace(_LIKED, likers=(_ADA,), more=0),
    replace(_LIKED, likers=(), more=1),
    replace(_LIKED, type=AnnouncementType.LEFT),
    replace(_LIKED, likers=(), more=0),
    replace(_LIKED, milestone=1_000),
    replace(_LIKED, milestone=2_000),
    replace(_LIKED, post=replace(_POST, text="", author=None)),
    replace(_LIKED, post=None),
    replace(_LIKED, post_gone=True),
    _GROWN,
    replace(_GROWN, from_count=1_234),
    replace(_GROWN, from_count=None),
    replace(_GROWN, from_count=None, type=AnnouncementType.LEFT),
    _APPEARED,
    *(replace(_APPEARED, does=does) for does in ("replied", "quoted")),
    replace(_APPEARED, reposted_by="4", post=replace(_POST, withheld=_ELSEWHERE)),
    replace(_APPEARED, post=replace(_POST, author=None, media=(), withheld=_EVERYWHERE)),
    *(samples.notice(notice, post) for notice in samples.EXTREME_NOTICES for post in (None, _POST)),
]


def _cards(language: Language) -> Iterator[Card]:
    for told in _TOLD:
        for style in WatchStyle:
            delivery = samples.delivery(replace(told, style=style))
            yield announcement_card(replace(delivery, language=language, style=style))
        for form in MessageForm:
            delivery = samples.delivery(told)
            yield announcement_card(replace(delivery, language=language, form=form))
    for why in (WhyRetold.GONE, WhyRetold.ASKED):
        yield retold_card(Retold(1, 2, why, samples.NOW, language=language))
    config = GuildConfig(1, language=language)
    yield from (sample_card(remark, config) for remark in (TEST_REMARK, SAMPLE_REMARK))
    say = translator_of(language)
    yield greeting_card("Δελτα", say, setup_button(say))
    yield greeting_card("Δελτα", say)


def _said(card: Card) -> Iterator[str]:
    """Yield all that somebody may read, or hear read."""
    for component in walk(card):
        for part in (component, *component.get("options", ()), *component.get("items", ())):
            yield from _words_of(part)


def _words_of(part: dict[str, Any]) -> Iterator[str]:
    for key in ("content", "label", "placeholder", "description"):
        if isinstance(part.get(key), str):
            yield part[key]


def test_nothing_in_a_channel_is_left_english() -> None:
    """In Japanese no word has a Latin letter, but for names."""
    seen = 0
    for card in _cards(Language.JAPANESE):
        for said in _said(card):
            left = set(_WORDS.findall(_NO_WORDS.sub("", said))) - _NAMES
            assert not left, said
            seen += 1
    assert seen > 1_000


@in_turn("language", Language)
def test_whatever_is_said_is_a_message_that_discord_takes(language: Language) -> None:
    for card in _cards(language):
        check(card)


@in_turn("language", Language)
def test_the_longest_there_can_be_fits_in_each_language(language: Language) -> None:
    likers = tuple(samples.worst_user(number) for number in range(SHOWN_NAMES))
    liked = replace(
        samples.announcement(likers, post=samples.worst_post()),
        recognitions=tuple(Recognition(each.id, 1_000, is_first=True) for each in likers),
        more=10**10,
        from_count=10**10 - 1,
    )
    notices = sorted(
        samples.EXTREME_NOTICES,
        key=lambda each: length(notice_sentence(each, translator_of(language))),
    )
    longest = [samples.notice(each, samples.worst_post()) for each in notices[-MAX_ANNOUNCEMENTS:]]
    together: Sequence[Sequence[Announcement]] = ([liked] * MAX_ANNOUNCEMENTS, longest)
    for announcements in together:
        told = [
            replace(each, post=samples.worst_post(10**18 + at))
            for at, each in enumerate(announcements)
        ]
        check(announcement_card(replace(samples.delivery(*told), language=language)))


async def test_a_chart_is_described_in_the_servers_language() -> None:
    grown = replace(_LIKED, style=WatchStyle.CARD, until=samples.NOW)
    delivery = replace(samples.delivery(grown), style=WatchStyle.CARD, language=Language.FRENCH)
    drawn: list[ChartRow] = []

    def draw(rows: Sequence[ChartRow]) -> bytes:
        drawn.extend(rows)
        return b"picture"

    charts = MessageCharts(draw)
    chart = await charts.of(delivery)
    charts.close()

    assert chart is not None
    assert chart.alt_text == "Graphique des likes : de 1 000 à 1 234 likes."
    assert [row.ends for row in drawn] == [("1\u202f000", "1\u202f234")]


_ADA_AND_BOB = (samples.user(1), samples.user(2, "Bob"))
_LINK = "(https://x.com/TwitterDev/status/1354143047324299264)"
_A, _B = "**[Ada](https://x.com/user1)**", "**[Bob](https://x.com/user2)**"
_BY = "[@TwitterDev](https://x.com/TwitterDev)"


@in_turn(
    "language, head, small, who",
    [
        (
            Language.GERMAN,
            f"{_A}, {_B} und **1.094 weitere** haben einen Post von {_BY} gelikt",
            f"-# 1.234 Likes · [20. August 2026, 12:00 UTC · Auf X ansehen]{_LINK}",
            "und 1.094 weitere",
        ),
        (
            Language.FRENCH,
            f"{_A}, {_B} et **1\u202f094 autres** ont aimé un post de {_BY}",
            f"-# 1\u202f234 likes · [20 août 2026, 12:00 UTC · Voir sur X]{_LINK}",
            "et 1\u202f094 autres",
        ),
        (
            Language.SPANISH,
            f"A {_A}, {_B} y **1.094 más** les gusta un post de {_BY}",
            f"-# 1.234 Me gusta · [20 de agosto de 2026, 12:00 UTC · Ver en X]{_LINK}",
            "y 1.094 más",
        ),
        (
            Language.PORTUGUESE,
            f"{_A}, {_B} e **mais 1.094** curtiram um post de {_BY}",
            f"-# 1.234 curtidas · [20 de agosto de 2026, 12:00 UTC · Ver no X]{_LINK}",
            "e mais 1.094",
        ),
        (
            Language.JAPANESE,
            f"{_A}、{_B}、**ほか1,094人**が{_BY}のポストにいいねしました",
            f"-# いいね1,234件 · [2026年8月20日 12:00 UTC · Xで見る]{_LINK}",
            "ほか1,094人",
        ),
    ],
)
def test_an_announcement_reads_as_its_language_has_it(
    language: Language, head: str, small: str, who: str
) -> None:
    burst = replace(samples.announcement(_ADA_AND_BOB), more=1_094)
    card = announcement_card(replace(samples.delivery(burst), language=language))

    assert shown(card) == f"{head}\n[Hello, X]{_LINK}\n{small}"
    assert buttons(card)[-1]["label"] == who
    # What a message is found by again is the same in each.
    english = announcement_card(samples.delivery(burst))
    ids = [[each.get("custom_id") for each in buttons(one)] for one in (card, english)]
    assert ids[0] == ids[1]
