"""How the bot is doing."""

from bot.chat import text
from bot.chat.cards.budgets import of_budget
from bot.chat.cards.card import Accent, Button, Card, card, line, row
from bot.chat.cards.health import HealthLevel, health_of
from bot.chat.cards.numbers import ago, counted, money, number, requests_for
from bot.chat.cards.push import push_line
from bot.domain import Ability, Allowance, Status

_MAX_ALLOWANCES = 12
_HOME = "**Home** yes: the bot's account serves this server"
_GUEST = (
    "**Home** no: the bot's account does not serve this server. `/config home` says what that "
    "means, and how it changes."
)
_OTHERS = {
    None: "no such post is watched yet",
    True: "shown",
    False: "hidden by X, so I tell how counts grow until the author uses `/account link`",
}
_HEADS = {
    HealthLevel.GREEN: "All is well",
    HealthLevel.AMBER: "Something needs a look",
    HealthLevel.RED: "Nothing new is announced",
}
_ACCENTS = {
    HealthLevel.GREEN: Accent.DONE,
    HealthLevel.AMBER: Accent.TROUBLE,
    HealthLevel.RED: Accent.ERROR,
}
_WHY_REFUSED = {
    "client-forbidden": ": its plan for this app has no such requests",
    "oauth1-permissions": ": this app may read only",
}


def status_card(status: Status, *buttons: Button) -> Card:
    """Say first whether all is well, and what the worst is; then how everything stands.

    What a guest's server is not served for is not well, and nothing to be mended there.
    """
    level, troubles = health_of(status)
    worst, others = troubles[:1], troubles[1:]
    if not status.is_home:
        is_well = level is HealthLevel.GREEN
        head = ["### Status"] if is_well else [f"### {_HEADS[level]}", *worst]
        return card(
            Accent.PLAIN if is_well else _ACCENTS[level],
            "\n".join([*head, _GUEST]),
            row(*buttons) if buttons else None,
            "\n".join(others),
            line(),
            _work(status),
        )
    return card(
        _ACCENTS[level],
        "\n".join([f"### {_HEADS[level]}", *worst]),
        row(*buttons) if buttons else None,
        "\n".join(others),
        line(),
        f"{_account(status)}\n{_HOME}",
        *_abilities(status),
        line(),
        _work(status),
        line(),
        _spending(status),
        _allowances(status.allowances),
    )


def _account(status: Status) -> str:
    if status.account is not None:
        return f"**X account** {text.handle_link(status.account)}"
    if status.app_only:
        return "**X account** none: I read with the app's own key, so nobody can like through me."
    return "**X account** none. The person who runs me must add its access token."


def _abilities(status: Status) -> list[str]:
    if status.app_only:
        return ["-# X shows likers to their post's author alone, so I tell how counts grow."]
    known = status.abilities
    lines = [
        f"**Likers of its own posts** {_tried(known.likers)}",
        f"**Likers of others' posts** {_OTHERS[known.likers_of_others]}",
        f"**Liking** {_tried(known.liking)}",
    ]
    tried = (known.likers, known.liking)
    if status.push is not None:
        lines.append(push_line(status.push))
    if any(ability is not None and not ability.allowed for ability in tried):
        lines.append("-# What X refused is tried again at the next occasion.")
    return ["\n".join(lines)]


def _tried(ability: Ability | None) -> str:
    if ability is None:
        return "untested"
    if ability.allowed:
        return "allowed"
    if not ability.confirmed:
        return f"refused by X once, {ago(ability.tried_at)}: a second time will count"
    return f"refused by X {ago(ability.tried_at)}{_WHY_REFUSED.get(ability.problem, '')}"


def _work(status: Status) -> str:
    counted_at = ago(status.last_probe_at) if status.last_probe_at else "not yet"
    posts = counted(status.posts_watched, "post")
    watches = counted(status.watches, "watch", "watches")
    return "\n".join(
        (
            f"**Watching** {posts} with {watches}",
            f"**Announced today** {counted(status.announced_today, 'like')} · {_waiting(status)}",
            f"**Last check** {counted_at}",
        )
    )


def _waiting(status: Status) -> str:
    waiting = []
    if status.likes_waiting:
        until = "to be read soon" if status.is_home else "not read yet"
        if status.month.is_paused:
            until = "until the budget allows it"
        elif status.likers_again_at is not None:
            until = f"until X lets me read likers again, {ago(status.likers_again_at)}"
        waiting.append(f"{counted(status.likes_waiting, 'like')} waiting, {until}")
    if status.waiting:
        waiting.append(f"{counted(status.waiting, 'announcement')} on the way to Discord")
    return " · ".join(waiting) or "0 waiting"


def _spending(status: Status) -> str:
    whole = (
        f"**Spent at X** {money(status.spent_today_usd)} today, "
        f"{money(status.spent_month_usd)} this month, by all servers"
    )
    if status.budget_usd is not None:
        whole += f", of my {money(status.budget_usd)} budget"
    return f"**Spent here** {of_budget(status.month)}\n{whole}"


def _allowances(allowances: tuple[Allowance, ...]) -> str:
    tightest = sorted(
        allowances, key=lambda allowance: allowance.remaining / (allowance.limit or 1)
    )
    return "\n".join(_allowance(allowance) for allowance in tightest[:_MAX_ALLOWANCES])


def _allowance(allowance: Allowance) -> str:
    what = text.one_line(requests_for(allowance.endpoint), 80)
    left = f"{number(allowance.remaining)} of {number(allowance.limit)} requests left"
    return f"-# {what[:1].upper()}{what[1:]}: {left}, new ones {ago(allowance.resets_at)}"
