"""Which servers a member's account serves, and what it was used for."""

from collections.abc import Mapping, Sequence

from bot.chat import text
from bot.chat.cards.card import Accent, Card, card
from bot.chat.cards.numbers import counted, day
from bot.domain import AccountUse, LinkedAccount
from bot.domain.accounts import Served

_MOST_LINES = 10
_MAX_NAME = 40
_WATCHES = "watch"


def server_name(guild_id: int, name: str | None) -> str:
    """Return what people call a server; one that is not known here goes by its ID."""
    return f"server {guild_id}" if name is None else name


def served_lines(served: Served, names: Mapping[int, str]) -> list[str]:
    """Say which servers an account serves, and what it was used for in the last 30 days."""
    lines = ["**Servers that see who likes your posts**"]
    lines += [
        f"- {text.one_line(names[guild.guild_id], _MAX_NAME)}, since {day(guild.agreed_at)}"
        for guild in served.guilds[:_MOST_LINES]
    ] or ["- none: watches of your posts tell how many like them, without names."]
    lines.append("**Used in the last 30 days**")
    lines += [_used(use, names) for use in served.uses[:_MOST_LINES]] or ["- for nothing"]
    return [*lines, *_more(served.guilds), *_more(served.uses)]


def agreed_card(linked: LinkedAccount) -> Card:
    return card(
        Accent.DONE,
        f"This server sees who likes the posts of {text.handle(linked.username)} from now on. "
        "`/account status` ends that.",
    )


def _used(use: AccountUse, names: Mapping[int, str]) -> str:
    what = "for watches" if use.purpose == _WATCHES else f"for `{use.purpose}`"
    where = text.one_line(names[use.guild_id], _MAX_NAME)
    return f"- {counted(use.count, 'request')} {what} in {where}"


def _more(shown: Sequence[object]) -> list[str]:
    left = len(shown) - _MOST_LINES
    return [f"-# and {left} more"] if left > 0 else []
