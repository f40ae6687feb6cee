"""Values to show, ordinary and worst."""

from datetime import UTC, datetime
from decimal import Decimal

from bot.domain import (
    AccountForecast,
    AccountWatch,
    Announcement,
    AnnouncementType,
    Delivery,
    Forecast,
    Missing,
    Post,
    PostCounts,
    User,
    Watch,
    WatchKind,
)
from bot.domain.notices import (
    AccountShown,
    AnnouncementRefused,
    BotBudgetSpent,
    BudgetWarning,
    ChannelClosed,
    KeysNotAccepted,
    LikersHidden,
    LikesTooDear,
    ListStalled,
    Notice,
    PostShown,
    ServerBudgetSpent,
    WatchEnded,
    WatchesFull,
)
from bot.domain.troubles import AccountMissing, DeliveryTrouble, PostMissing, WatchTrouble
from bot.domain.usage import MonthSoFar

NOW = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)
LARGEST_ID = 9_223_372_036_854_775_807
WORST_NAME = "*" * 50
WORST_USERNAME = "_" * 15


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


def watch(number: int = 1, trouble: WatchTrouble | None = None) -> Watch:
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


def account_watch(number: int = 1, trouble: AccountMissing | None = None) -> AccountWatch:
    return AccountWatch(
        id=number,
        guild_id=1,
        channel_id=2,
        user=user(number, username="Ada"),
        days=7,
        replies=False,
        reposts=False,
        posts_watched=0,
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


def notice(told: Notice, post: Post | None = None) -> Announcement:
    return Announcement(
        id=2,
        watch_id=1,
        post=post,
        likers=(),
        like_count=0,
        type=AnnouncementType.NOTICE,
        notice=told,
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


ACCOUNT_FORECAST = AccountForecast(
    post_usd=Decimal("0.12"),
    usd=Decimal("1.44"),
    days=30,
    posts=12,
    likes=8,
    count_usd=Decimal("0.005"),
    liker_usd=Decimal("0.01"),
)
FORECAST = Forecast(Decimal("0.12"), Decimal("0.47"), days=30, new_likes=18)

MONTH = MonthSoFar(Decimal("1.70"), datetime(2026, 9, 1, tzinfo=UTC))
EXTREME_NOTICES: tuple[Notice, ...] = (
    *(PostMissing(why) for why in Missing),
    PostShown(),
    LikersHidden(),
    ListStalled(),
    *(AccountMissing("W" * 1_000, why) for why in Missing),
    AccountShown("W" * 1_000),
    BudgetWarning(Decimal(10**12), Decimal(10**12)),
    ServerBudgetSpent(Decimal(10**12), Decimal(10**12)),
    BotBudgetSpent(),
    *(LikesTooDear(10**10, of_server) for of_server in (True, False)),
    *(ChannelClosed(LARGEST_ID, why) for why in DeliveryTrouble),
    KeysNotAccepted(),
    WatchesFull(10**10),
    *(AnnouncementRefused(10**10, code) for code in (None, 50_035, 200_000, 240_000, 10**9)),
    AnnouncementRefused(0),
    *(
        WatchEnded(10**6, 10**10, 10**10, kind, hidden=10**10, post_shown=post_shown)
        for kind in WatchKind
        for post_shown in (True, False)
    ),
)
