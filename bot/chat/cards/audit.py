"""The log of likes and unlikes, and what X said to each."""

from typing import Any

from discord import ui

from bot.chat import text
from bot.chat.cards.card import Accent, Button, Card, card, line, row
from bot.chat.cards.numbers import date
from bot.domain import Action, ActionOutcome, ActionsPage, post_url

_SAID = {
    ActionOutcome.LIKED: "X confirmed that it is liked",
    ActionOutcome.NOT_LIKED: "X confirmed that it is not liked",
    ActionOutcome.REFUSED: "X refused it to this account",
    ActionOutcome.ACCOUNT_SUSPENDED: "X has suspended or locked this account",
    ActionOutcome.READ_ONLY: "X lets this app read only",
    ActionOutcome.POST_NOT_FOUND: "X has no such post",
    ActionOutcome.POST_NOT_SHOWN: "X does not show this post",
    ActionOutcome.CREDENTIAL_REFUSED: "X did not accept this account",
    ActionOutcome.RATE_LIMITED: "X allowed no more for the time being",
    ActionOutcome.USAGE_CAPPED: "X's cap or credit was used up",
    ActionOutcome.INVALID: "X called the request invalid",
    ActionOutcome.UNAVAILABLE: "X did not answer",
    ActionOutcome.UNREADABLE: "X sent an unexpected answer",
    ActionOutcome.CLOCK_OFF: "the clock of my machine was off, which X refuses",
    ActionOutcome.NO_CREDENTIAL: "not asked: no account is set up",
    ActionOutcome.BUDGET_SPENT: "not asked: the budget was spent",
    ActionOutcome.GUILD_BUDGET_SPENT: "not asked: the server's budget was spent",
    ActionOutcome.NOT_SERVED: "not asked: I do not serve this server",
    ActionOutcome.FAILED: "it did not work",
}
_NOT_IN_PLAN = {
    "like": "X does not let this app like",
    "unlike": "X does not let this app take likes back",
}
_WORKED = (ActionOutcome.LIKED, ActionOutcome.NOT_LIKED)
_DID = {"like": "liked", "unlike": "took back the like of"}
_TRIED = {"like": "tried to like", "unlike": "tried to take back the like of"}


def audit_card(page: ActionsPage, *buttons: Button) -> Card:
    if not page.actions:
        return card(Accent.PLAIN, "Nobody has liked or unliked anything here yet.")
    listed = "\n".join(_listed(action) for action in page.actions)
    items: list[str | ui.Item[Any]] = ["### Likes and unlikes in this server", line(), listed]
    if buttons:
        items.append(row(*buttons))
    return card(Accent.PLAIN, *items)


def _listed(action: Action) -> str:
    verbs = _DID if action.outcome in _WORKED else _TRIED
    did = verbs.get(action.action, text.one_line(action.action, 40))
    post = text.link("a post", post_url(action.post_id))
    account = text.handle(action.account)
    return (
        f"- {date(action.at)} <@{action.member_id}> {did} {post} as {account}\n-# {_said(action)}"
    )


def _said(action: Action) -> str:
    if action.outcome is ActionOutcome.NOT_IN_PLAN:
        return _NOT_IN_PLAN.get(action.action, _SAID[ActionOutcome.FAILED])
    return _SAID[action.outcome]
