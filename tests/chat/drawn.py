"""Strategies of hypothesis for what is shown: ordinary, long, empty, and out to break markdown."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from hypothesis import strategies as st

from bot.domain import (
    AccountForecast,
    AccountWatch,
    AccountWatchQuestion,
    AccountWatchRequest,
    Affiliation,
    Allowance,
    AuthorMetrics,
    Forecast,
    Hidden,
    LikedPage,
    LikersPage,
    Link,
    Media,
    Missing,
    Playback,
    Poll,
    PollOption,
    Post,
    PostCounts,
    PostsPage,
    Profile,
    Reference,
    ReferenceKind,
    Status,
    User,
    UserCounts,
    UsersPage,
    Verdict,
    VerdictKind,
    Watch,
    WatchAdded,
    WatchKind,
    WatchQuestion,
    Withheld,
)
from bot.domain.troubles import AccountMissing, DeliveryTrouble, PostMissing
from bot.domain.usage import MonthSoFar
from tests.chat.samples import LARGEST_ID, WORST_NAME

PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"  # a joiner inside, as it is spelled
ARABIC = "\u0645\u0631\u062d\u0628\u0627"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
TRICKS = [
    *("@everyone", "@here", "<@1234>", "<@&1234>", "<#1234>", "<t:1:R>", "<:smile:1234>", "</a:1>"),
    *("[x](https://evil.example/)", "](https://evil.example/)", "https://a.example/b_c*d?e=[f]"),
    *("HTTP://", "http://x", "discord://-/x", ":fire:", "||", "**", "__", "~~", "```", "`", "\\"),
    *("\n# ", "\n-# ", "\n- ", "\n1. ", "\n> ", "\n>>> ", "\r\n", " ", ".", "…"),
    *("\u202e", "\u200b", "\u2067", "\u3164", "e" + "\u0301" * 9, "\ud800"),
    *("👨‍👩‍👧‍👦", "🇩🇪🇫🇷", SCOTLAND, "שלום", ARABIC, PERSIAN, "한국어"),
]

T = TypeVar("T")


def crowds(items: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    """Draw none to a hundred, of a few different ones."""
    few = st.lists(items, max_size=4).map(tuple)
    return st.builds(lambda some, times: some * times, few, st.integers(1, 25))


awkward = st.lists(st.one_of(st.sampled_from(TRICKS), st.text(max_size=8)), max_size=12).map(
    "".join
)
names = st.one_of(awkward.map(lambda name: name[:50]), st.just(WORST_NAME))
# Whatever X may call one: in addresses, links and custom_ids it would be something else.
FOREIGN_USERNAMES = [
    *("", " ", "\u200b", "a-b", "a b", "a\nb", "\n# a", "a:b", "a/b", "../../a", "a?b=c", "a#b"),
    *("a) @everyone", "](https://evil.example/)", "[a](https://evil.example/)", "everyone`", "`"),
    *("https://evil.example/", "<@1234>", "**", "\u202ea", "é", "٣", "_" * 300, "a" * 5_000),
]
plain_usernames = st.from_regex(r"[A-Za-z0-9_]{1,15}", fullmatch=True)
usernames = st.one_of(plain_usernames, st.sampled_from(FOREIGN_USERNAMES))
ids = st.integers(min_value=1, max_value=LARGEST_ID)
counts = st.integers(min_value=0, max_value=10**10)
moments = st.integers(min_value=1_142_899_200, max_value=7_258_118_400).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
pictures = st.sampled_from([None, "https://pbs.example/a.png", "ftp://x", "https://" + "a" * 3000])
# Those who are told of in an announcement, by name and picture.
brief_users = st.builds(User, id=ids, username=usernames, name=names, profile_image_url=pictures)
countries = st.lists(st.sampled_from(["DE", "FR", "XX"]), max_size=40).map(tuple)
_TAG = "#tag "


def linked(values: st.SearchStrategy[Any], text: str, links: str) -> st.SearchStrategy[Any]:
    """Put tags before some of the texts, and links where they are."""

    def tag(value: Any, count: int) -> Any:
        places = tuple(
            Link(at, at + 4, "https://x.com/hashtag/tag")
            for at in range(0, count * len(_TAG), len(_TAG))
        )
        return replace(value, **{text: _TAG * count + getattr(value, text), links: places})

    return st.builds(tag, values, st.sampled_from([0, 0, 1, 3, 60]))


users = linked(
    st.builds(
        User,
        id=ids,
        username=usernames,
        name=names,
        profile_image_url=pictures,
        verified_type=st.sampled_from([None, "none", "blue", "business", "government", "else"]),
        protected=st.booleans(),
        verified=st.booleans(),
        identity_verified=st.booleans(),
        parody=st.booleans(),
        verified_followers=st.one_of(st.none(), counts),
        subscription=st.one_of(st.none(), awkward),
        description=st.one_of(awkward, st.just("*" * 1_000)),
        created_at=st.one_of(st.none(), moments),
        location=st.one_of(st.none(), awkward, st.just("*" * 500)),
        website=st.one_of(st.none(), awkward, st.just("https://a.example/" + "a" * 500)),
        counts=st.one_of(
            st.none(), st.builds(UserCounts, counts, counts, counts, counts, counts, counts)
        ),
        affiliation=st.one_of(
            st.none(),
            st.builds(
                Affiliation,
                awkward,
                st.sampled_from([None, "https://x.com/X", "javascript:x", "https://a.example/)x"]),
            ),
        ),
        withheld_in=countries,
        banner_url=pictures,
        pinned_post_id=st.one_of(st.none(), ids),
        most_recent_post_id=st.one_of(st.none(), ids),
    ),
    "description",
    "links",
)
polls = st.builds(
    Poll,
    options=st.lists(st.builds(PollOption, awkward, counts), min_size=1, max_size=6).map(tuple),
    ends_at=st.one_of(st.none(), moments),
    is_open=st.booleans(),
)
plain_posts = linked(
    st.builds(
        Post,
        id=ids,
        text=st.one_of(awkward, st.text(max_size=300), st.just("*" * 4_000)),
        author_id=ids,
        author=st.one_of(st.none(), users),
        created_at=st.one_of(st.none(), moments),
        counts=st.builds(
            PostCounts,
            likes=counts,
            reposts=counts,
            replies=counts,
            quotes=counts,
            impressions=st.one_of(st.none(), counts),
            bookmarks=st.one_of(st.none(), counts),
        ),
        media=st.lists(
            st.builds(
                Media,
                type=st.sampled_from(["photo", "video", "animated_gif", "hologram"]),
                url=pictures.map(lambda url: url or "https://pbs.example/b.png"),
                alt_text=st.one_of(st.none(), awkward, st.just("a" * 1_500)),
                duration_ms=st.one_of(st.none(), st.just(2**62), st.integers(0, 10**8)),
                views=st.one_of(st.none(), counts),
            ),
            max_size=12,
        ).map(tuple),
        possibly_sensitive=st.booleans(),
        media_elsewhere=st.integers(0, 5),
        poll=st.one_of(st.none(), polls),
        place=st.one_of(st.none(), awkward, st.just("*" * 500)),
        article_title=st.one_of(st.none(), awkward, st.just("[" * 500)),
        versions=st.lists(ids, max_size=14).map(tuple),
        editable_until=st.one_of(st.none(), moments),
        conversation_id=st.one_of(st.none(), ids),
        reply_to=st.one_of(st.none(), usernames),
        reply_settings=st.sampled_from([None, "everyone", "mentionedUsers", "verified", "else"]),
        source=st.one_of(st.none(), awkward),
        lang=st.sampled_from([None, "en", "no", "und", "*" * 99]),
        withheld=st.one_of(st.none(), st.builds(Withheld, countries, st.booleans())),
    ),
    "text",
    "links",
)
# For lines about a post, where little of it matters.
brief_posts = st.builds(
    Post,
    id=ids,
    text=st.one_of(awkward, st.just("*" * 4_000)),
    author_id=ids,
    author=st.one_of(st.none(), brief_users),
    created_at=st.one_of(st.none(), moments),
    counts=st.builds(PostCounts, likes=counts),
)
references = st.builds(
    Reference,
    kind=st.sampled_from(ReferenceKind),
    id=ids,
    post=st.one_of(st.none(), plain_posts),
    missing=st.one_of(st.none(), st.sampled_from(Missing)),
)
posts = st.builds(
    lambda post, references: replace(post, references=tuple(references)),
    plain_posts,
    st.lists(references, max_size=3),
)
metrics = st.builds(
    AuthorMetrics,
    impressions=st.one_of(st.none(), counts),
    link_clicks=st.one_of(st.none(), counts),
    profile_clicks=st.one_of(st.none(), counts),
    organic=st.one_of(st.none(), st.builds(PostCounts, likes=counts, impressions=counts)),
    videos=st.lists(
        st.builds(Playback, st.tuples(*[counts] * 5), st.one_of(st.none(), counts)), max_size=6
    ).map(tuple),
)
tokens = st.one_of(st.none(), st.from_regex(r"[a-z0-9]{1,60}", fullmatch=True), st.just("x" * 99))
likers_pages = st.builds(
    LikersPage,
    post=brief_posts,
    page=st.builds(
        UsersPage,
        users=crowds(users),
        next_token=tokens.map(lambda token: token and "n" + token),
        previous_token=tokens.map(lambda token: token and "p" + token),
    ),
    hidden=st.one_of(st.none(), st.sampled_from(Hidden)),
)
liked_pages = st.builds(
    LikedPage,
    user=users,
    profile=st.one_of(st.none(), st.builds(Profile, users, st.one_of(st.none(), plain_posts))),
    page=st.builds(
        PostsPage,
        posts=crowds(brief_posts),
        next_token=tokens.map(lambda token: token and "n" + token),
        previous_token=tokens.map(lambda token: token and "p" + token),
    ),
)
watches = st.builds(
    Watch,
    id=ids,
    guild_id=ids,
    channel_id=ids,
    post=brief_posts,
    kind=st.sampled_from(WatchKind),
    likes_announced=counts,
    created_at=moments,
    trouble=st.one_of(
        st.none(),
        st.sampled_from(DeliveryTrouble),
        st.builds(PostMissing, st.sampled_from(Missing)),
    ),
    unlikes=st.booleans(),
    expires_at=st.one_of(st.none(), moments),
    shows_names=st.booleans(),
    starts_within=st.one_of(st.none(), st.integers(1, 10_000)),
)
account_watches = st.builds(
    AccountWatch,
    id=ids,
    guild_id=ids,
    channel_id=ids,
    user=brief_users,
    days=st.integers(1, 30),
    replies=st.booleans(),
    reposts=st.booleans(),
    posts_watched=counts,
    created_at=moments,
    trouble=st.one_of(st.none(), st.builds(AccountMissing, awkward, st.sampled_from(Missing))),
)
dollars = st.decimals(min_value=0, max_value=10**6, places=4)
forecasts = st.builds(Forecast, dollars, dollars, st.integers(0, 400), counts, dollars)
account_forecasts = st.builds(
    AccountForecast,
    post_usd=dollars,
    usd=dollars,
    days=st.integers(0, 400),
    posts=counts,
    likes=counts,
    count_usd=dollars,
    liker_usd=dollars,
    posts_are_known=st.booleans(),
    likes_are_known=st.booleans(),
)
account_questions = st.builds(
    AccountWatchQuestion,
    request=st.builds(
        AccountWatchRequest,
        guild_id=ids,
        channel_id=ids,
        ref=st.from_regex(r"[A-Za-z0-9_]{1,15}", fullmatch=True),
        by=ids,
        days=st.integers(1, 30),
        replies=st.booleans(),
        reposts=st.booleans(),
    ),
    user=brief_users,
    forecast=account_forecasts,
    ask_above_usd=dollars,
)
additions = st.builds(
    WatchAdded,
    watch=watches,
    forecast=forecasts,
    already_there=st.booleans(),
)
questions = st.builds(
    WatchQuestion,
    post=brief_posts,
    channel_id=ids,
    forecast=forecasts,
    ask_above_usd=dollars,
    unlikes=st.one_of(st.none(), st.booleans()),
)
months = st.builds(
    MonthSoFar,
    spent_usd=dollars,
    ends_at=moments,
    budget_usd=st.one_of(st.none(), dollars),
    server_is_paused=st.booleans(),
    bot_is_paused=st.booleans(),
)
statuses = st.builds(
    Status,
    account=st.one_of(st.none(), usernames),
    app_only=st.booleans(),
    allowances=st.lists(
        st.builds(
            Allowance,
            endpoint=awkward,
            limit=st.integers(0, 10_000),
            remaining=st.integers(0, 10_000),
            resets_at=moments,
        ),
        max_size=30,
    ).map(tuple),
    watches=counts,
    posts_watched=counts,
    waiting=counts,
    announced_today=counts,
    last_probe_at=st.one_of(st.none(), moments),
    spent_today_usd=dollars,
    spent_month_usd=dollars,
    budget_usd=st.one_of(st.none(), dollars),
    month=months,
    channels=counts,
    set_aside=counts,
    likes_waiting=counts,
    likers_again_at=st.one_of(st.none(), moments),
    problem=st.one_of(st.none(), st.just("Something is wrong.")),
    verdicts=st.lists(
        st.builds(Verdict, st.sampled_from(VerdictKind), moments, st.integers(1, 10_000)),
        max_size=len(VerdictKind),
    ).map(tuple),
)
