"""What is told in another style than as it comes: a card, a milestone, a part of a digest."""

from bot.chat.cards.announced import growth_text, people_text
from bot.chat.cards.numbers import counted, number
from bot.domain import Announcement, AnnouncementType, Post
from bot.domain.styles import WatchStyle

_BAR = 16
_STEPS = "▁▂▃▄▅▆▇█"


def styled_text(announcement: Announcement, post: Post, most_line: int, limit: int) -> str:
    """Say it as its style does; what was taken back is said the same way in each."""
    head, foot = _head(announcement), _foot(announcement)
    room = limit - len(head) - len(foot) - 2
    if announcement.told:
        told = people_text(announcement, post, most_line, room)
    else:
        told = growth_text(announcement, post, most_line)
    return "\n".join(filter(None, [head, told, foot]))


def _head(announcement: Announcement) -> str:
    if announcement.type is AnnouncementType.LEFT:
        return ""
    if announcement.milestone is not None and announcement.style is WatchStyle.MILESTONES:
        reached = announcement.goal is not None and announcement.milestone == announcement.goal
        what = "The goal is reached: " if reached else ""
        return f"### {what}{counted(announcement.milestone, 'like')}"
    if announcement.style is WatchStyle.CARD:
        return f"### {counted(announcement.like_count, 'like')}"
    return ""


def _foot(announcement: Announcement) -> str:
    if announcement.style is WatchStyle.FEED or announcement.type is AnnouncementType.LEFT:
        return ""
    return "\n".join(filter(None, [_goal(announcement), _course(announcement)]))


def _goal(announcement: Announcement) -> str:
    goal, count = announcement.goal, announcement.like_count
    if goal is None:
        return ""
    filled = min(_BAR, _BAR * count // goal)
    bar = "█" * filled + "░" * (_BAR - filled)
    return f"`{bar}` {number(count)} of {number(goal)}"


def _course(announcement: Announcement) -> str:
    """Draw how the count went as a line of bars, and say since when."""
    course, since = announcement.course, announcement.since
    if not course or since is None or course[-1] <= course[0]:
        return ""
    span = course[-1] - course[0]
    steps = len(_STEPS) - 1
    bars = "".join(_STEPS[min(steps, steps * max(0, at - course[0]) // span)] for at in course)
    return f"`{bars}` +{number(span)} since <t:{int(since.timestamp())}:t>"
