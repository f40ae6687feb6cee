"""Watching many posts at once: the price, how far it is, and what was left out."""

from collections.abc import Iterator

from bot.chat import text
from bot.chat.cards.card import Accent, Button, Card, card, row
from bot.chat.cards.numbers import counted, money, number, roughly
from bot.domain import post_url
from bot.watching.importing import MOST_POSTS, ImportPlan, ImportProgress

_BAR = 20
_MOST_REASONS, _MOST_POSTS = 6, 8


def import_question_card(plan: ImportPlan, *buttons: Button) -> Card:
    """Say what it costs, and ask whether to begin."""
    posts = counted(len(plan.post_ids), "post")
    lines = [f"### Watch {posts} in <#{plan.channel_id}>?"]
    if plan.usd:
        lines.append(
            f"Estimated cost: {roughly(plan.usd)} over {counted(plan.days, 'day')} to count their "
            f"likes, and {money(plan.liker_usd)} for each person whose like I announce by name."
        )
    else:
        lines.append("Counting their likes costs nothing.")
    lines += _left_out_before(plan)
    return card(Accent.TROUBLE, "\n".join(lines), row(*buttons))


def import_nothing_card(plan: ImportPlan) -> Card:
    watched = "that post is" if plan.already == 1 else f"those {number(plan.already)} posts are"
    return card(Accent.PLAIN, f"Nothing to add: {watched} watched there already.")


def import_progress_card(plan: ImportPlan, progress: ImportProgress, *buttons: Button) -> Card:
    whole = len(plan.post_ids)
    filled = progress.done * _BAR // max(1, whole)
    bar = "█" * filled + "░" * (_BAR - filled)
    lines = [
        f"### Adding watches in <#{plan.channel_id}>",
        f"`{bar}` {number(progress.done)} of {counted(whole, 'post')}",
    ]
    return card(Accent.PLAIN, "\n".join(lines), row(*buttons))


def import_done_card(plan: ImportPlan, progress: ImportProgress) -> Card:
    added = counted(progress.added, "watch", "watches")
    lines = [f"### {added} added in <#{plan.channel_id}>"]
    if progress.already:
        watched = counted(progress.already, "post was", "posts were")
        lines.append(f"{watched} watched there already.")
    lines += [*_left_out_before(plan), *_left_out(progress)]
    accent = Accent.TROUBLE if progress.left_out or plan.beyond else Accent.DONE
    return card(accent, "\n".join(lines))


def _left_out_before(plan: ImportPlan) -> list[str]:
    lines = []
    if plan.already:
        lines.append(f"{counted(plan.already, 'post')} left out: watched there already.")
    if plan.beyond:
        lines.append(
            f"{counted(plan.beyond, 'post')} left out: I take {MOST_POSTS} at a time. Import them "
            "after these."
        )
    return lines


def _left_out(progress: ImportProgress) -> Iterator[str]:
    reasons = sorted(progress.left_out.items(), key=lambda reason: -len(reason[1]))
    for why, posts in reasons[:_MOST_REASONS]:
        links = ", ".join(text.link(str(each), post_url(each)) for each in posts[:_MOST_POSTS])
        more = f" and {len(posts) - _MOST_POSTS} more" if len(posts) > _MOST_POSTS else ""
        yield f"**{counted(len(posts), 'post')} left out:** {why}\n-# {links}{more}"
    if len(reasons) > _MOST_REASONS:
        rest = sum(len(posts) for _, posts in reasons[_MOST_REASONS:])
        yield f"-# and {counted(rest, 'post')} for other reasons"
