"""Values to show, ordinary and awkward."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st

from bot.domain import (
    Allowance,
    Announcement,
    Delivery,
    Forecast,
    Hidden,
    LikedPage,
    LikersPage,
    Media,
    Post,
    PostCounts,
    PostsPage,
    Status,
    User,
    UsersPage,
    Watch,
    WatchAdded,
    WatchKind,
)

NOW = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)
LARGEST_ID = 9_223_372_036_854_775_807
WORST_NAME = "*" * 50
WORST_USERNAME = "_" * 15

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
usernames = st.from_regex(r"[A-Za-z0-9_]{1,15}", fullmatch=True)
ids = st.integers(min_value=1, max_value=LARGEST_ID)
counts = st.integers(min_value=0, max_value=10**10)
moments = st.integers(min_value=1_142_899_200, max_value=7_258_118_400).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
pictures = st.sampled_from([None, "https://pbs.example/a.png", "ftp://x", "https://" + "a" * 3000])
users = st.builds(
    User,
    id=ids,
    username=usernames,
    name=names,
    profile_image_url=pictures,
    verified_type=st.sampled_from([None, "none", "blue"]),
    protected=st.booleans(),
)
posts = st.builds(
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
    ),
    media=st.lists(
        st.builds(
            Media,
            type=st.just("photo"),
            url=pictures.map(lambda url: url or "https://pbs.example/b.png"),
            alt_text=st.one_of(st.none(), awkward, st.just("a" * 1_500)),
        ),
        max_size=5,
    ).map(tuple),
    possibly_sensitive=st.booleans(),
)
tokens = st.one_of(st.none(), st.from_regex(r"[a-z0-9]{1,60}", fullmatch=True), st.just("x" * 99))
likers_pages = st.builds(
    LikersPage,
    post=posts,
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
    page=st.builds(
        PostsPage,
        posts=crowds(posts),
        next_token=tokens.map(lambda token: token and "n" + token),
        previous_token=tokens.map(lambda token: token and "p" + token),
    ),
)
watches = st.builds(
    Watch,
    id=ids,
    guild_id=ids,
    channel_id=ids,
    post=posts,
    kind=st.sampled_from(WatchKind),
    likes_announced=counts,
    created_at=moments,
    trouble=st.one_of(st.none(), st.just("Trouble. " * 20), st.just("Trouble. " * 300)),
)
dollars = st.decimals(min_value=0, max_value=10**6, places=4)
additions = st.builds(
    WatchAdded,
    watch=watches.filter(lambda watch: len(watch.trouble or "") < 300),
    forecast=st.builds(Forecast, first_usd=dollars, day_usd=dollars),
    already_there=st.booleans(),
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
    problem=st.one_of(st.none(), st.just("Something is wrong.")),
)


def user(number: int = 1, name: str = "Ada", username: str | None = None) -> User:
    return User(id=number, username=username or f"user{number}", name=name)


def post(number: int = 1354143047324299264, text: str = "Hello, X", likes: int = 1_234) -> Post:
    return Post(
        id=number,
        text=text,
        author_id=2244994945,
        author=User(id=2244994945, username="TwitterDev", name="Twitter Dev"),
        created_at=NOW,
        counts=PostCounts(likes=likes),
    )


def watch(number: int = 1, trouble: str | None = None) -> Watch:
    return Watch(
        id=number,
        guild_id=1,
        channel_id=2,
        post=post(number),
        kind=WatchKind.NAMES,
        likes_announced=3,
        created_at=NOW,
        trouble=trouble,
    )


def announcement(
    likers: tuple[User, ...] = (),
    *,
    post: Post | None = None,
    from_count: int | None = None,
    kind: WatchKind = WatchKind.NAMES,
) -> Announcement:
    shown = post or globals()["post"]()
    return Announcement(
        id=1,
        watch_id=1,
        post=shown,
        likers=likers,
        like_count=shown.counts.likes,
        from_count=from_count,
        kind=kind,
    )


def delivery(
    *announcements: Announcement,
    key: str = "lc-1",
    channel_id: int = 1,
    first_tried_at: datetime | None = None,
) -> Delivery:
    return Delivery(
        key=key,
        channel_id=channel_id,
        announcements=announcements or (announcement((user(),)),),
        first_tried_at=first_tried_at,
    )


def worst_user(number: int = 1) -> User:
    return User(
        id=number,
        username=WORST_USERNAME,
        name=WORST_NAME,
        profile_image_url="https://pbs.example/a.png",
    )


def worst_post(number: int = LARGEST_ID) -> Post:
    return Post(
        id=number,
        text="*" * 25_000,
        author_id=LARGEST_ID,
        author=worst_user(),
        created_at=NOW,
        counts=PostCounts(likes=10**10),
    )


FORECAST = Forecast(first_usd=Decimal("0.12"), day_usd=Decimal("0.005"))
