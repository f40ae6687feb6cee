"""Facts where sentences stood: what is told, what is wrong with a watch, what came of a like.

The sentences below are those that Likecord wrote until now, and the way back writes them again.
"""

import logging
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_log = logging.getLogger(__name__)
_MICRO = 1_000_000
_announcement = sa.table(
    "announcement",
    *map(sa.column, ("id", "kind", "state", "note", "notice")),
    sa.column("facts", sa.JSON),
)
_watch = sa.table("watch", *map(sa.column, ("id", "channel_id", "trouble")))
_account_watch = sa.table("account_watch", *map(sa.column, ("id", "username", "trouble")))
_action_log = sa.table("action_log", *map(sa.column, ("action", "outcome")))
Facts = dict[str, Any]

_POST_MISSING = {
    "deleted": "X no longer has this post. The watch goes on by itself if it comes back.",
    "protected": "The author's posts are protected now. The watch goes on when they are public "
    "again.",
    "withheld": "X withholds this post. The watch goes on when it is shown again.",
}
_POST_SHOWN = "X shows this post again. The watch goes on."
_LIKERS_HIDDEN = (
    "X no longer shows me who likes this post, so from now on I tell how many do. Its author can "
    "change that with `/account link`."
)
_ACCOUNT_MISSING = {
    "deleted": "X no longer shows the account `@{username}`: it was suspended, or its owner "
    "deleted it. I go on with its new posts if it comes back.",
    "protected": "The posts of `@{username}` are protected now. I go on with its new posts when "
    "they are public again.",
    "withheld": "X withholds the account `@{username}`. I go on with its new posts when it is "
    "shown again.",
}
_ACCOUNT_SHOWN = "X shows the posts of `@{username}` again. I go on with its new posts."
_BUDGET_WARNING = (
    "This server has spent {spent} of its budget of {budget} for X this month. From now on "
    "I look for new likes less often, so that it lasts until the month ends. `/usage` shows "
    "what it went for, and `/config budget` changes it."
)
_NOT_SHOWN = "X no longer shows the post."
_WITHOUT_NAMES = {
    "counts": "X hides who likes it.",
    "saturated": "X shows at most 100 names a post.",
}
_HIDDEN = "X does not show who {hidden} of them come from."
_CHANNEL_DELETED = (
    "The channel for these announcements is gone. Remove the watch and add it again for another "
    "channel."
)
_REFUSED = (
    "Discord refuses my announcement in <#{channel}>. The person who runs me finds the reason in "
    "my log."
)
_NOT_WRITABLE = (
    "I may not post in <#{channel}>. Give me the permission “{permission}” there, or choose "
    "another channel."
)
_PERMISSIONS = {
    "cannot_view": "View Channel",
    "cannot_send": "Send Messages",
    "cannot_send_in_threads": "Send Messages in Threads",
}
_OUTCOMES = {
    "liked": "liked",
    "not_liked": "not liked",
    "refused": "Refused",
    "account_suspended": "AccountSuspended",
    "read_only": "PermissionMissing",
    "post_not_found": "PostNotFound",
    "post_not_shown": "PostNotShown",
    "credential_refused": "CredentialRefused",
    "rate_limited": "RateLimited",
    "usage_capped": "UsageCapped",
    "invalid": "InvalidForX",
    "unavailable": "XUnavailable",
    "unreadable": "XUnreadable",
    "no_credential": "NoCredential",
    "budget_spent": "BudgetSpent",
    "guild_budget_spent": "GuildBudgetSpent",
}
_NOT_IN_PLAN = {"like": "LikingRefused", "unlike": "UnlikingRefused"}

# By their beginnings: how two of them go on was put in other words once.
_POST_BEGINS = {
    "X no longer has this post.": ("post_missing", {"why": "deleted"}),
    "The author's posts are protected now.": ("post_missing", {"why": "protected"}),
    "X withholds this post.": ("post_missing", {"why": "withheld"}),
    "X shows this post again.": ("post_shown", {}),
    "X no longer shows me who likes this post": ("likers_hidden", {}),
    "X shows me no longer who likes this post": ("likers_hidden", {}),
}
_ACCOUNT_BEGINS = (
    (re.compile(r"X no longer shows the account `@(\w*)`"), "deleted"),
    (re.compile(r"The posts of `@(\w*)` are protected now"), "protected"),
    (re.compile(r"X withholds the account `@(\w*)`"), "withheld"),
    (re.compile(r"X shows the posts of `@(\w*)` again"), None),
)
_BUDGET = re.compile(r"This server has spent \$([\d.,]+) of its budget of \$([\d.,]+) for X")
_SUMMARY = re.compile(
    r"In ([\d,]+) days?, ([\d,]+) likes? announced by name; ([\d,]+) likes? in all\.(.*)"
)
_SUMMARY_HIDDEN = re.compile(r"X does not show who ([\d,]+) of them come from\.")
_PERMISSION = re.compile(r"I may not post in <#\d+>\. Give me the permission “([^”]*)” there")


def upgrade() -> None:
    op.add_column("announcement", sa.Column("notice", sa.String(), nullable=True))
    op.add_column("announcement", sa.Column("facts", sa.JSON(), nullable=True))
    connection = op.get_bind()
    _notes_to_facts(connection)
    # What is none of ours goes: the next try writes down what is wrong then.
    _reword(connection, _watch, lambda row: _delivery_trouble(row.trouble))
    _reword(connection, _account_watch, lambda row: _account_trouble(row.trouble))
    _outcomes_to_words(connection)
    op.drop_column("announcement", "note")


def _notes_to_facts(connection: sa.Connection) -> None:
    table = _announcement
    told = sa.select(table.c.id, table.c.state, table.c.note).where(table.c.note.is_not(None))
    for row in connection.execute(told).all():
        found = _notice(row.note)
        if found is not None:
            notice, facts = found
            change = {"kind": "notice", "notice": notice, "facts": facts}
            connection.execute(table.update().where(table.c.id == row.id).values(change))
        elif row.state != "sent":
            # Nothing that Likecord wrote reads like that, so there is nobody to send it for.
            _log.warning("announcement %s is removed, which was not ours: %s", row.id, row.note)
            connection.execute(table.delete().where(table.c.id == row.id))
    connection.execute(table.update().where(table.c.kind == "summary").values(kind="notice"))


def _notice(note: str) -> tuple[str, Facts] | None:
    """Return the kind and the facts of a sentence; None where it is none of ours."""
    for beginning, found in _POST_BEGINS.items():
        if note.startswith(beginning):
            return found
    if (budget := _BUDGET.match(note)) is not None:
        spent, whole = (_micro_usd(amount) for amount in budget.groups())
        return "budget_warning", {"spent_micro_usd": spent, "budget_micro_usd": whole}
    return _about_account(note) or _summary(note)


def _about_account(note: str) -> tuple[str, Facts] | None:
    for beginning, why in _ACCOUNT_BEGINS:
        if (found := beginning.match(note)) is not None:
            name = {"username": found.group(1)}
            return ("account_missing", {**name, "why": why}) if why else ("account_shown", name)
    return None


def _summary(note: str) -> tuple[str, Facts] | None:
    found = _SUMMARY.fullmatch(note)
    if found is None:
        return None
    days, named, likes = (_count(number) for number in found.groups()[:3])
    why = found.group(4).strip()
    kinds = (kind for kind, sentence in _WITHOUT_NAMES.items() if sentence == why)
    hidden = _SUMMARY_HIDDEN.fullmatch(why)
    return "watch_ended", {
        "days": days,
        "named": named,
        "likes": likes,
        "kind": next(kinds, "names"),
        "hidden": _count(hidden.group(1)) if hidden else 0,
        "post_shown": why != _NOT_SHOWN,
    }


def _count(number: str) -> int:
    return int(number.replace(",", ""))


def _micro_usd(amount: str) -> int:
    return int(Decimal(amount.replace(",", "")) * _MICRO)


def _reword(
    connection: sa.Connection, table: sa.TableClause, trouble: Callable[[Any], str | None]
) -> None:
    for row in connection.execute(sa.select(table).where(table.c.trouble.is_not(None))).all():
        changed = table.update().where(table.c.id == row.id)
        connection.execute(changed.values(trouble=trouble(row)))


def _delivery_trouble(sentence: str) -> str | None:
    if sentence == _CHANNEL_DELETED:
        return "channel_deleted"
    if sentence.startswith("Discord refuses my announcement in "):
        return "refused"
    found = _PERMISSION.match(sentence)
    words = {permission: word for word, permission in _PERMISSIONS.items()}
    return words.get(found.group(1)) if found else None


def _account_trouble(sentence: str) -> str | None:
    found = _about_account(sentence)
    return found[1].get("why") if found else None


def _outcomes_to_words(connection: sa.Connection) -> None:
    words = {name: word for word, name in _OUTCOMES.items()}
    words |= dict.fromkeys((*_NOT_IN_PLAN.values(), "NotInPlan"), "not_in_plan")
    words["BudgetNearlySpent"] = "budget_spent"
    said = sa.case(words, value=_action_log.c.outcome, else_="failed")
    connection.execute(_action_log.update().values(outcome=said))


def downgrade() -> None:
    op.add_column("announcement", sa.Column("note", sa.String(), nullable=True))
    connection = op.get_bind()
    _facts_to_notes(connection)
    _reword(connection, _watch, lambda row: _delivery_sentence(row.trouble, row.channel_id))
    _reword(connection, _account_watch, lambda row: _account_sentence(row.username, row.trouble))
    _words_to_outcomes(connection)
    op.drop_column("announcement", "facts")
    op.drop_column("announcement", "notice")


def _facts_to_notes(connection: sa.Connection) -> None:
    table = _announcement
    told = sa.select(table.c.id, table.c.notice, table.c.facts).where(table.c.notice.is_not(None))
    for row in connection.execute(told).all():
        kind = "summary" if row.notice == "watch_ended" else "notice"
        change = {"kind": kind, "note": _sentence(row.notice, row.facts)}
        connection.execute(table.update().where(table.c.id == row.id).values(change))


def _sentence(notice: str, facts: Facts) -> str:
    if notice == "post_missing":
        return _POST_MISSING[facts["why"]]
    if notice == "budget_warning":
        spent, budget = facts["spent_micro_usd"], facts["budget_micro_usd"]
        return _BUDGET_WARNING.format(spent=_usd(spent), budget=_usd(budget))
    if notice == "watch_ended":
        return _summary_sentence(facts)
    if notice in ("account_missing", "account_shown"):
        return _account_sentence(facts["username"], facts.get("why"))
    return {"post_shown": _POST_SHOWN, "likers_hidden": _LIKERS_HIDDEN}[notice]


def _summary_sentence(facts: Facts) -> str:
    told = f"In {_counted(facts['days'], 'day')}, {_counted(facts['named'], 'like')} announced by"
    why = _WITHOUT_NAMES.get(facts["kind"], "")
    if not facts["post_shown"]:
        why = _NOT_SHOWN
    elif not why and facts["hidden"]:
        why = _HIDDEN.format(hidden=f"{facts['hidden']:,}")
    return f"{told} name; {_counted(facts['likes'], 'like')} in all. {why}".rstrip()


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing if count == 1 else thing + 's'}"


def _usd(micro_usd: int) -> str:
    return f"${Decimal(micro_usd) / _MICRO:,.2f}"


def _account_sentence(username: str, why: str | None) -> str:
    sentence = _ACCOUNT_SHOWN if why is None else _ACCOUNT_MISSING[why]
    return sentence.format(username=re.sub(r"\W", "", username))


def _delivery_sentence(trouble: str, channel_id: int) -> str:
    if trouble == "channel_deleted":
        return _CHANNEL_DELETED
    if trouble == "refused":
        return _REFUSED.format(channel=channel_id)
    return _NOT_WRITABLE.format(channel=channel_id, permission=_PERMISSIONS[trouble])


def _words_to_outcomes(connection: sa.Connection) -> None:
    action, outcome = _action_log.c.action, _action_log.c.outcome
    for done, name in _NOT_IN_PLAN.items():
        refused = _action_log.update().where(outcome == "not_in_plan", action == done)
        connection.execute(refused.values(outcome=name))
    # An error's root stands for what has no name of its own.
    said = sa.case(_OUTCOMES, value=outcome, else_="LikecordError")
    ours = (outcome.in_(_OUTCOMES), outcome == "failed")
    connection.execute(_action_log.update().where(sa.or_(*ours)).values(outcome=said))
