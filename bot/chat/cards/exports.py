"""An export: what it will cost, how far it is, and what came of it."""

from decimal import Decimal

from bot.chat import text
from bot.chat.cards.card import Accent, Button, Card, card, row
from bot.chat.cards.facts import of_repost
from bot.chat.cards.hidden import shown_of
from bot.chat.cards.numbers import ago, counted, money, number
from bot.chat.cards.posts import post_link
from bot.domain import Post
from bot.services.export.values import MOST_OBJECTS, Exported, ExportPlan, Kind, Progress

_BAR = 20
_TERMS = (
    "By exporting you agree to X's [terms](https://x.com/tos), "
    "[privacy policy](https://x.com/privacy), "
    "[developer agreement](https://docs.x.com/developer-terms/agreement) and "
    "[developer policy](https://docs.x.com/developer-terms/policy). They allow a person "
    f"{MOST_OBJECTS} users or posts in files a day (UTC); after that the file has their IDs alone."
)


def export_question_card(plan: ExportPlan, *buttons: Button) -> Card:
    """Ask whether an export shall begin, on X's terms; and say what speaks against it."""
    lines = [f"### Export {_subject(plan)}?", *_of_repost(plan), _forecast(plan), *_doubts(plan)]
    lines.append(f"-# {_TERMS}")
    return card(
        Accent.TROUBLE if plan.asks_first else Accent.PLAIN, "\n".join(lines), row(*buttons)
    )


def export_progress_card(plan: ExportPlan, progress: Progress, *buttons: Button) -> Card:
    lines = [f"### Exporting {_subject(plan)}", _so_far(plan, progress)]
    if progress.waits_until is not None:
        lines.append(f"X allows no more for now; I go on {ago(progress.waits_until)}.")
    lines.append(f"-# {_forecast(plan)}")
    return card(Accent.PLAIN, "\n".join(lines), row(*buttons))


def export_stopping_card(plan: ExportPlan) -> Card:
    lines = [f"### Exporting {_subject(plan)}", "Cancelling. What was read until now comes here."]
    return card(Accent.PLAIN, "\n".join(lines))


def export_done_card(exported: Exported) -> Card:
    plan = exported.plan
    lines = [f"### Exported: {_subject(plan)}", *_of_repost(plan), f"{_rows(plan, exported.rows)}."]
    if exported.cut_short is not None:
        lines.append(f"**Not all of it.** {exported.cut_short}")
    if exported.bare:
        lines.append(
            f"X's policy allows a person {MOST_OBJECTS} users or posts in files a day, so the last "
            f"{number(exported.bare)} rows are IDs alone."
        )
    if exported.page is not None and (hidden := shown_of(exported.page)) is not None:
        lines.append(f"-# {hidden}")
    is_whole = exported.cut_short is None
    return card(Accent.DONE if is_whole else Accent.TROUBLE, "\n".join(lines))


def _subject(plan: ExportPlan) -> str:
    if isinstance(plan.subject, Post):
        return f"who likes {post_link(plan.subject)}"
    return f"what {text.profile_link(plan.subject)} likes"


def _of_repost(plan: ExportPlan) -> list[str]:
    return of_repost(plan.subject) if isinstance(plan.subject, Post) else []


def _rows(plan: ExportPlan, count: int) -> str:
    if plan.request.kind is Kind.LIKERS:
        return counted(count, "person", "people")
    return counted(count, "post")


def _forecast(plan: ExportPlan) -> str:
    if plan.expected is None or plan.most_usd is None:
        return "X does not say how many there are, so I can't tell what it will cost."
    cost = f"at most {money(plan.most_usd)}" if plan.most_usd else "nothing"
    return f"At most {_rows(plan, plan.expected)}, which cost {cost} at X's prices."


def _doubts(plan: ExportPlan) -> list[str]:
    doubts: list[str] = []
    if plan.passes_budget:
        left = money(plan.left_usd or Decimal(0))
        doubts.append(f"The budget for it has {left} left, so it may end before all is read.")
    if plan.passes_cap:
        left = counted(plan.posts_left or 0, "post")
        doubts.append(f"X's monthly cap has {left} left, so it may end before all is read.")
    return doubts


def _so_far(plan: ExportPlan, progress: Progress) -> str:
    if not plan.expected:
        return f"{_rows(plan, progress.rows)} so far"
    share = min(1.0, progress.rows / plan.expected)
    filled = int(share * _BAR)
    bar = "█" * filled + "░" * (_BAR - filled)
    return f"`{bar}` {number(progress.rows)} of {_rows(plan, plan.expected)}"
