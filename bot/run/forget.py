"""`forget`: what somebody asked whoever runs the bot to forget, by whatever they call it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.errors import Mistake, NotAPost, SettingsError, XError
from bot.run.core import open_core
from bot.run.opening import open_database
from bot.run.settings import load_settings
from bot.services.forgetting import ForgettingService, ForgottenNow
from bot.x.post_ref import parse_post_ref, parse_username
from storage.database import Database
from storage.forgotten import ForgottenList
from storage.models import ForgottenKind, Post

_ID = re.compile(r"(?:(?P<kind>user|post):)?(?P<id>[0-9]{1,19})", re.ASCII)
_NOT_CLEAN = (
    " The database's file was in use all the time and may still have traces of it: do this once "
    "more, with the bot stopped."
)
_USER_BY_ID = re.compile(r"(?:https?://)?(?:www\.)?(?:twitter|x)\.com/i/user/([0-9]{1,19})/?")


@dataclass(frozen=True, slots=True)
class _Meant:
    kind: ForgottenKind
    x_id: int

    def __str__(self) -> str:
        return f"the {self.kind.value} {self.x_id}"


async def forget(url: str, ref: str) -> str:
    """Forget a user or a post for good; return what went, in a sentence each."""
    async with open_database(url) as database:
        service = ForgettingService(database, _now)
        lines = []
        for meant in await _meant(database, ref):
            is_user = meant.kind is ForgottenKind.USER
            gone = await (service.user if is_user else service.post)(meant.x_id)
            lines.append(_told(meant, gone))
    return "\n".join(lines)


async def undo(url: str, ref: str) -> str:
    """Let a user or a post be stored again; raise Mistake where neither was forgotten."""
    async with open_database(url) as database:
        service = ForgettingService(database, _now)
        meant = await _meant(database, ref)
        done = [each for each in meant if await service.undo(each.kind, each.x_id)]
    if not done:
        raise Mistake(f"Nothing like that was forgotten: {', '.join(map(str, meant))}.")
    return "\n".join(f"I may store {each} again. Whatever was deleted stays so." for each in done)


def _now() -> datetime:
    return datetime.now(UTC)


def _told(meant: _Meant, gone: ForgottenNow) -> str:
    return (
        f"Forgot {meant}: nothing of it is stored but this ID, so that it is never stored again. "
        f"Watches that ended: {gone.watches}. Messages that the bot changes while it runs: "
        f"{gone.messages}. Backups, and files that were exported, are yours to delete."
        f"{'' if gone.is_clean else _NOT_CLEAN}"
    )


async def _meant(database: Database, ref: str) -> Sequence[_Meant]:
    """Return what is meant; a bare number that nothing stored explains may be either."""
    text = ref.strip().strip("<>")
    by_id = _ID.fullmatch(text)
    if by_id is not None:
        return await _of_id(database, int(by_id["id"]), by_id["kind"])
    user = _USER_BY_ID.fullmatch(text)
    if user is not None:
        return [_Meant(ForgottenKind.USER, int(user[1]))]
    try:
        return [_Meant(ForgottenKind.POST, parse_post_ref(text))]
    except NotAPost:
        return [_Meant(ForgottenKind.USER, await _user_named(database, parse_username(text)))]


async def _of_id(database: Database, x_id: int, kind: str | None) -> Sequence[_Meant]:
    if kind is not None:
        return [_Meant(ForgottenKind(kind), x_id)]
    async with database.reading() as session:
        is_user = await ForgottenList(session).knows_user(x_id)
        is_post = await session.get(Post, x_id) is not None
    kinds = [ForgottenKind.USER] * is_user + [ForgottenKind.POST] * is_post
    return [_Meant(each, x_id) for each in kinds or ForgottenKind]


async def _user_named(database: Database, username: str) -> int:
    """Return the ID of whoever has a name now, as X says, or had it when they were seen here."""
    found = await _asked_of_x(username)
    if found is not None:
        return found
    async with database.reading() as session:
        stored = await ForgottenList(session).ids_named(username)
    if len(stored) != 1:
        raise Mistake(
            f"I cannot tell who @{username} is: X does not say, and "
            f"{'nobody' if not stored else 'several'} of that name was seen here. "
            "Give the account's ID instead, as user:ID."
        )
    return stored[0]


async def _asked_of_x(username: str) -> int | None:
    """Return who has a name now; None where X cannot be asked or knows nobody."""
    try:
        async with open_core(load_settings()) as core:
            return (await core.x.user_by_username(username)).id
    except (SettingsError, XError):
        return None
