"""The log of likes and unlikes, and what X said to each."""

from typing import Any

from discord import ui

from bot.chat import text
from bot.chat.cards.card import Accent, Button, Card, card, line, row
from bot.chat.cards.numbers import date
from bot.domain import Action, ActionsPage, post_url

# By the outcomes that the log keeps: X's answer, or the name of the error.
_SAID = {
    "liked": "X confirmed that it is liked",
    "not liked": "X confirmed that it is not liked",
    "LikingRefused": "X does not let this app like",
    "UnlikingRefused": "X does not let this app take likes back",
    "Refused": "X refused it to this account",
    "AccountSuspended": "X has suspended or locked this account",
    "PermissionMissing": "X lets this app read only",
    "PostNotFound": "X has no such post",
    "PostNotShown": "X does not show this post",
    "CredentialRefused": "X no longer accepts this account",
    "ClockOff": "the clock of my machine was off, which X refuses",
    "RateLimited": "X allowed no more for the time being",
    "UsageCapped": "X's cap or credit was used up",
    "InvalidForX": "X called the request invalid",
    "XUnavailable": "X did not answer",
    "XUnreadable": "X's answer made no sense",
    "NoCredential": "not asked: no account is set up",
    "BudgetSpent": "not asked: the budget was spent",
    "GuildBudgetSpent": "not asked: the server's budget was spent",
}
_SOMETHING_ELSE = "it did not work"
_WORKED = ("liked", "not liked")
_DID = {"like": "liked", "unlike": "took back the like of"}
_TRIED = {"like": "tried to like", "unlike": "tried to take back the like of"}


def audit_card(page: ActionsPage, *buttons: Button) -> Card:
    if not page.actions:
        return card(Accent.PLAIN, "Nobody has liked or unliked anything here yet.")
    listed = "\n".join(_listed(action) for action in page.actions)
    items: list[str | ui.Item[Any]] = ["### Likes and unlikes of this server", line(), listed]
    if buttons:
        items.append(row(*buttons))
    return card(Accent.PLAIN, *items)


def _listed(action: Action) -> str:
    verbs = _DID if action.outcome in _WORKED else _TRIED
    did = verbs.get(action.action, text.one_line(action.action, 40))
    post = text.link("a post", post_url(action.post_id))
    said = _SAID.get(action.outcome, _SOMETHING_ELSE)
    account = text.handle(action.account)
    return f"- {date(action.at)} <@{action.member_id}> {did} {post} as {account}\n-# {said}"
