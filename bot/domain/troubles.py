"""What keeps a watch from telling anything. These are facts: the cards make sentences of them."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.posts import Missing


class DeliveryTrouble(StrEnum):
    """What keeps announcements from arriving in a channel."""

    CHANNEL_DELETED = "channel_deleted"
    CANNOT_VIEW = "cannot_view"
    CANNOT_SEND = "cannot_send"
    CANNOT_SEND_IN_THREADS = "cannot_send_in_threads"
    CANNOT_READ_HISTORY = "cannot_read_history"
    THREAD_HIDDEN = "thread_hidden"  # a private one that the bot is not in, or one below a channel
    THREAD_LOCKED = "thread_locked"
    THREAD_ARCHIVED = "thread_archived"


class TroubleKind(StrEnum):
    """What keeps a server from being told anything, until somebody mends it."""

    SERVER_BUDGET = "server_budget"
    BOT_BUDGET = "bot_budget"
    DEAR_LIKES = "dear_likes"  # some cost more than what is left of one of these
    CHANNEL = "channel"
    KEYS = "keys"
    WATCHES_FULL = "watches_full"


@dataclass(frozen=True, slots=True)
class PostMissing:
    """X no longer shows a post."""

    why: Missing


@dataclass(frozen=True, slots=True)
class AccountMissing:
    """X no longer shows what an account posts."""

    username: str
    why: Missing


WatchTrouble = PostMissing | DeliveryTrouble
