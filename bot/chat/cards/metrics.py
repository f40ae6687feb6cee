"""What X tells of a post only to its author."""

from bot.chat.cards.card import Accent, Card, card, row
from bot.chat.cards.numbers import counted, number
from bot.chat.cards.posts import open_button, post_link
from bot.domain import AuthorMetrics, AuthorView, Playback, Post, PostCounts

_MAX_VIDEOS = 4
_PARTS = ("a quarter", "half", "three quarters", "all of it")


def author_metrics_card(post: Post, view: AuthorView) -> Card:
    """Tell the author, or whoever runs the server for them, what the author alone sees."""
    metrics = view.metrics
    why = "it is a post of yours" if view.is_ones_own else "you manage this server"
    lines = [
        f"### Author-only numbers of {post_link(post)}",
        _seen(metrics),
        _organic(metrics.organic) if metrics.organic else "",
        *(_video(video) for video in metrics.videos[:_MAX_VIDEOS]),
        f"-# Only you see this, because {why}.",
    ]
    shown = "\n".join(line for line in lines if line)
    return card(Accent.PLAIN, shown, row(open_button(post)))


def _seen(metrics: AuthorMetrics) -> str:
    known = (
        ("view", metrics.impressions),
        ("click on its links", metrics.link_clicks),
        ("click on its author", metrics.profile_clicks),
    )
    return _line("Total", [_fact(count, what) for what, count in known if count is not None])


def _organic(counts: PostCounts) -> str:
    shown = [
        counted(counts.likes, "like"),
        counted(counts.reposts, "repost"),
        counted(counts.replies, "reply", "replies"),
    ]
    if counts.impressions is not None:
        shown.insert(0, counted(counts.impressions, "view"))
    return _line("Without promotion", shown)


def _video(video: Playback) -> str:
    began, *reached = video.quarters
    facts = [counted(video.views, "view")] if video.views is not None else []
    facts.append(f"{number(began)} began it")
    if began:
        facts += [
            f"{count / began:.0%} saw {part}" for count, part in zip(reached, _PARTS, strict=False)
        ]
    return _line("Video", facts)


def _fact(count: int, what: str) -> str:
    first, _, rest = what.partition(" ")
    return f"{counted(count, first)} {rest}".rstrip()


def _line(title: str, facts: list[str]) -> str:
    return f"**{title}** {' · '.join(facts)}" if facts else ""
