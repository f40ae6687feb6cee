"""Whom a message notifies."""

import re

from sandbox.discord.messages.model import Mentions
from sandbox.discord.permissions import Permission
from sandbox.discord.types import Json
from sandbox.discord.world import Guild

USER = re.compile(r"<@!?(\d+)>")
ROLE = re.compile(r"<@&(\d+)>")
EVERYONE = re.compile(r"@(?:everyone|here)\b")


def find(
    text: str,
    allowed: Json | None,
    guild: Guild,
    author_may: Permission,
    replied_to: int | None = None,
) -> Mentions:
    """Return who is notified; without `allowed`, everything in the text counts."""
    may_all = Permission.MENTION_EVERYONE in author_may
    users = [user_id for user_id in _ids(USER, text) if user_id in guild.members]
    roles = [
        role_id
        for role_id in _ids(ROLE, text)
        if role_id in guild.roles and (may_all or guild.roles[role_id].mentionable)
    ]
    users = [user_id for user_id in users if _allows(allowed, "users", user_id)]
    if replied_to is not None and (allowed is None or allowed.get("replied_user")):
        users.append(replied_to)
    return Mentions(
        users=tuple(dict.fromkeys(users)),
        roles=tuple(role_id for role_id in roles if _allows(allowed, "roles", role_id)),
        everyone=bool(may_all and _parses(allowed, "everyone") and EVERYONE.search(text)),
    )


def _ids(pattern: re.Pattern[str], text: str) -> list[int]:
    return list(dict.fromkeys(int(found) for found in pattern.findall(text)))


def _parses(allowed: Json | None, kind: str) -> bool:
    return allowed is None or kind in (allowed.get("parse") or ())


def _allows(allowed: Json | None, kind: str, snowflake: int) -> bool:
    if _parses(allowed, kind):
        return True
    return str(snowflake) in {str(one) for one in (allowed or {}).get(kind) or ()}
