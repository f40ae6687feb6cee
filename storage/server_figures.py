"""How a server's watches stand, as one statement: what `/status` counts."""

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    union,
    union_all,
)
from sqlalchemy import bindparam as given
from sqlalchemy import select as sa_select
from sqlalchemy.sql.expression import Select, SQLColumnExpression
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.announced_likes import COUNTED, NAMED
from storage.announcements import OPEN
from storage.guilds import IS_HOME
from storage.models import (
    AccountConsent,
    AccountWatch,
    Announcement,
    AnnouncementState,
    Charge,
    EndpointAbility,
    Guild,
    KeyRefusal,
    Post,
    PostKind,
    PostState,
    ShutChannel,
    Watch,
    XAccount,
)
from storage.posts_to_read import IS_UNREAD, UNREAD
from storage.told_watches import is_active
from storage.types import UtcDateTime


class Figure(StrEnum):
    """What is counted; some things have a moment too: since when the first of them is so."""

    WATCHES = "watches"
    POSTS = "posts"
    PROBED = "probed"  # when a post was last counted, of any server
    WAITING = "waiting"
    ANNOUNCED = "announced"  # likes that were told of on this UTC day
    SET_ASIDE = "set_aside"
    UNREAD = "unread"  # likes that are counted, and wait to be read by name
    CHANNELS = "channels"
    SHUT_CHANNELS = "shut_channels"
    MISSING_POSTS = "missing_posts"
    HIDDEN_ACCOUNTS = "hidden_accounts"
    REFUSED_LINKS = "refused_links"  # linked accounts that X refuses, of any server
    REFUSED_LINKS_HERE = "refused_links_here"  # those of them that serve this one
    SPENT_TODAY = "spent_today"  # micro-USD, by all servers
    REFUSALS = "refusals"  # endpoints that X refused any account
    # What follows is there only where it is so.
    BUDGET = "budget"  # micro-USD a month
    IS_HOME = "is_home"
    OWN_KEYS_REFUSED = "own_keys_refused"
    APP_KEY_REFUSED = "app_key_refused"
    ACCOUNT = "account"  # the username, as the word
    # What X allows (no word) or refused (why): number 1 where that is confirmed, and since when.
    READS_LIKERS = "reads_likers"
    LIKES = "likes"
    # Watched posts of authors who have not linked their account: X shows who likes them, or not.
    OTHERS_SHOWN = "others_shown"
    OTHERS_COUNTED = "others_counted"


class HowMany(NamedTuple):
    number: int
    since: datetime | None = None
    word: str | None = None


class AsksX(NamedTuple):
    """Who asks X: the names of the user's and the app's account, and the user's ID, where there is.

    `reads_likers` and `likes` are the endpoints of which is asked what X allows the user.
    """

    own: str = ""
    app: str = ""
    user_id: int = 0
    reads_likers: str = ""
    likes: str = ""


_NOBODY = AsksX()


async def server_figures(
    session: AsyncSession, guild_id: int, now: datetime, who: AsksX = _NOBODY
) -> dict[Figure, HowMany]:
    """Return what is counted of a server, and what is known of who asks X."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    asked = {
        "guild": guild_id,
        "now": now,
        "midnight": midnight,
        "today": now.date(),
        **who._asdict(),
    }
    rows = await session.exec(_FIGURES, params=asked)
    return {Figure(name): HowMany(int(number), since, word) for name, number, since, word in rows}


_GUILD = given("guild", type_=BigInteger)
_USER = given("user_id", type_=BigInteger)
_NEVER = cast(null(), UtcDateTime)
_NOTHING = cast(null(), String)


def _of(
    figure: Figure,
    count: SQLColumnExpression[Any],
    since: SQLColumnExpression[Any] = _NEVER,
    word: SQLColumnExpression[Any] = _NOTHING,
) -> Select[Any]:
    shown: tuple[SQLColumnExpression[Any], ...] = (
        literal_column(f"'{figure.value}'", String).label("name"),
        count.label("number"),
        since.label("since"),
        word.label("word"),
    )
    return sa_select(*shown)


def _all(number: SQLColumnExpression[int]) -> ColumnElement[int]:
    return func.coalesce(func.sum(number), 0)


_IS_WATCHED = (col(Watch.guild_id) == _GUILD, col(Watch.ended_at).is_(None))
_WATCHES = select(Watch.id).where(col(Watch.guild_id) == _GUILD)
_ACCOUNT_WATCHES = select(AccountWatch.id).where(col(AccountWatch.guild_id) == _GUILD)
_CHANNELS = union(
    select(Watch.channel_id).where(col(Watch.guild_id) == _GUILD),
    select(AccountWatch.channel_id).where(col(AccountWatch.guild_id) == _GUILD),
).subquery()
_state = col(Announcement.state)
_of_post = col(Announcement.watch_id).in_(_WATCHES)
# What is announced to a server is looked through once.
_ANNOUNCED = (
    select(
        _all(case((_state.in_(OPEN), 1), else_=0)).label("waiting"),
        _all(
            case(
                (
                    _of_post & (col(Announcement.sent_at) >= given("midnight", type_=UtcDateTime)),
                    NAMED + COUNTED,
                ),
                else_=0,
            )
        ).label("announced"),
        _all(case((_of_post & (_state == AnnouncementState.SET_ASIDE), 1), else_=0)).label("aside"),
    )
    .where(or_(_of_post, col(Announcement.account_watch_id).in_(_ACCOUNT_WATCHES)))
    .cte("announced")
)
_shut_since, _missing, _hidden = (
    col(ShutChannel.since),
    col(Post.missing_since),
    col(AccountWatch.missing_since),
)
_REFUSED_LINKS = func.count(col(XAccount.revoked_at)), func.min(XAccount.revoked_at)
_IS_REFUSED = (
    col(XAccount.owner_id).is_not(None),
    col(XAccount.revoked_at) <= given("now", type_=UtcDateTime),
)
_ACCEPTED_LINKS = select(XAccount.x_user_id).where(
    col(XAccount.owner_id).is_not(None), col(XAccount.revoked_at).is_(None)
)
_IS_OTHERS = (
    exists().where(col(Watch.post_id) == col(Post.id)),
    col(Post.author_id) != _USER,
    col(Post.author_id).not_in(_ACCEPTED_LINKS),
)
_every = union_all(
    _of(Figure.WATCHES, func.count(col(Watch.id))).where(*_IS_WATCHED),
    _of(Figure.POSTS, func.count(func.distinct(Watch.post_id))).where(*_IS_WATCHED),
    _of(Figure.PROBED, literal(0), func.max(Post.probed_at)),
    _of(Figure.WAITING, _ANNOUNCED.c.waiting),
    _of(Figure.ANNOUNCED, _ANNOUNCED.c.announced),
    _of(Figure.SET_ASIDE, _ANNOUNCED.c.aside),
    _of(Figure.UNREAD, _all(UNREAD)).where(
        IS_UNREAD,
        col(Post.id).in_(select(Watch.post_id).where(col(Watch.guild_id) == _GUILD, *is_active())),
    ),
    _of(Figure.CHANNELS, func.count(_CHANNELS.c.channel_id)),
    _of(Figure.SHUT_CHANNELS, func.count(_shut_since), func.min(_shut_since)).where(
        col(ShutChannel.channel_id).in_(select(_CHANNELS.c.channel_id))
    ),
    _of(Figure.MISSING_POSTS, func.count(_missing), func.min(_missing)).where(
        col(Post.state) != PostState.LIVE,
        col(Post.id).in_(select(Watch.post_id).where(*_IS_WATCHED)),
    ),
    _of(Figure.HIDDEN_ACCOUNTS, func.count(_hidden), func.min(_hidden)).where(
        col(AccountWatch.guild_id) == _GUILD, col(AccountWatch.trouble).is_not(None)
    ),
    _of(Figure.REFUSED_LINKS, *_REFUSED_LINKS).where(*_IS_REFUSED),
    _of(Figure.REFUSED_LINKS_HERE, *_REFUSED_LINKS).where(
        *_IS_REFUSED,
        col(XAccount.x_user_id).in_(
            select(AccountConsent.x_user_id).where(col(AccountConsent.guild_id) == _GUILD)
        ),
    ),
    _of(Figure.SPENT_TODAY, _all(col(Charge.micro_usd))).where(col(Charge.day) == given("today")),
    _of(Figure.REFUSALS, func.count(col(EndpointAbility.problem))),
    _of(Figure.BUDGET, col(Guild.budget_micro_usd)).where(
        col(Guild.id) == _GUILD, col(Guild.budget_micro_usd).is_not(None)
    ),
    _of(Figure.IS_HOME, literal(1)).where(col(Guild.id) == _GUILD, IS_HOME),
    *(
        _of(figure, literal(1), col(KeyRefusal.suspected_at)).where(
            col(KeyRefusal.account) == given(account, type_=String),
            col(KeyRefusal.refused_at).is_not(None),
        )
        for figure, account in ((Figure.OWN_KEYS_REFUSED, "own"), (Figure.APP_KEY_REFUSED, "app"))
    ),
    _of(Figure.ACCOUNT, literal(1), word=col(XAccount.username)).where(
        col(XAccount.x_user_id) == _USER
    ),
    *(
        _of(
            figure,
            case((col(EndpointAbility.confirmed), 1), else_=0),
            col(EndpointAbility.learnt_at),
            col(EndpointAbility.problem),
        ).where(
            col(EndpointAbility.account) == given("own", type_=String),
            col(EndpointAbility.endpoint) == given(endpoint, type_=String),
        )
        for figure, endpoint in ((Figure.READS_LIKERS, "reads_likers"), (Figure.LIKES, "likes"))
    ),
    *(
        _of(figure, literal(1)).where(
            exists(select(Post.id).where(col(Post.kind).in_(kinds), *_IS_OTHERS))
        )
        for figure, kinds in (
            (Figure.OTHERS_SHOWN, (PostKind.NAMES, PostKind.STALLED)),
            (Figure.OTHERS_COUNTED, (PostKind.COUNTS,)),
        )
    ),
).subquery()
_FIGURES = select(_every.c.name, _every.c.number, _every.c.since, _every.c.word)
