"""Members and servers of Discord."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.domain.languages import Language
from bot.domain.page_sizes import SMALLEST_PAGE
from bot.domain.styles import WatchStyle

# A watch that is to cost more than this asks before it begins, unless a server chose otherwise.
ASK_ABOVE_USD = Decimal(1)
# What a member may cost on a UTC day who does not manage the server, unless it chose otherwise.
MEMBER_DAILY_USD = Decimal("0.50")
# What a page shows unless a server chose otherwise: of posts, as many as fit a message with their
# texts.
LIKERS_A_PAGE = 20
LIKED_A_PAGE = SMALLEST_PAGE


@dataclass(frozen=True, slots=True)
class Actor:
    """The member who asks, with what decides what they may do."""

    user_id: int
    guild_id: int
    role_ids: frozenset[int]
    manages_guild: bool

    @property
    def payer_id(self) -> int:
        """Return the member whose own daily budget pays; 0: who manages a server has none."""
        return 0 if self.manages_guild else self.user_id


@dataclass(frozen=True, slots=True)
class GuildConfig:
    """A guild's settings; None where nothing was chosen.

    `budget_usd` is for a month, `member_budget_usd` for a member's day; a watch that may cost more
    than `ask_above_usd` asks first. Watches tell in its `style`, and not between the two minutes of
    the day of `quiet`, in its `time_zone`. They tell
    in its `language`, or else in that which the server has on Discord.
    """

    guild_id: int
    channel_id: int | None = None
    like_role_id: int | None = None
    page_size: int | None = None
    own_accounts_only: bool = False
    budget_usd: Decimal | None = None
    ask_above_usd: Decimal | None = None
    alerts_channel_id: int | None = None
    lookup_role_id: int | None = None
    member_budget_usd: Decimal | None = None
    style: WatchStyle = WatchStyle.FEED
    quiet: tuple[int, int] | None = None
    time_zone: str | None = None
    language: Language | None = None
    discord_language: Language = Language.ENGLISH

    @property
    def spoken(self) -> Language:
        """Return in which language everybody is told: the chosen one, or that of the server."""
        return self.language or self.discord_language


class WhyHome(StrEnum):
    """Why a server is one of the operator's own."""

    NAMED = "named"  # by the settings
    OWNED = "owned"  # its owner runs the bot
    DEVELOPED = "developed"  # the settings say that the bot is developed in it
    ADOPTED = "adopted"  # somebody who runs the bot has made it one


@dataclass(frozen=True, slots=True)
class HomeState:
    """Whether and why a server is the operator's own; a guest may cost so much a day.

    Where the settings name the home servers (`are_named`), none can be adopted.
    """

    guild_id: int
    why: WhyHome | None = None
    adopted_by: int | None = None
    adopted_at: datetime | None = None
    are_named: bool = False
    guest_daily_usd: Decimal = Decimal(0)

    @property
    def can_be_adopted(self) -> bool:
        return self.why is None and not self.are_named
