"""What is told in another style than as it comes: a card, a milestone, a part of a digest."""

from datetime import datetime, timedelta
from typing import Literal

import discord

from bot.chat.cards.announced import LIKES, SaidLikes
from bot.chat.languages.translator import Translator
from bot.domain import Announcement, AnnouncementType, Post
from bot.domain.sentences import CountedSentence, Sentence
from bot.domain.styles import WatchStyle

_BAR = 16
_SAME_DAY = timedelta(hours=12)
_STEPS = "▁▂▃▄▅▆▇█"
_REACHED = CountedSentence("The goal is reached: {n} like", "The goal is reached: {n} likes")
_OF_GOAL = Sentence("{count} of {goal}")
_SINCE = Sentence("+{n} since {time}")


def styled_text(
    announcement: Announcement,
    post: Post,
    say: Translator,
    most_line: int,
    limit: int,
    *,
    pictured: bool = False,
) -> str:
    """Say it as its style does; what was taken back is said the same way in each.

    How the count went is drawn in letters, unless a picture shows it.
    """
    head, foot = _head(announcement, say), _foot(announcement, say, pictured=pictured)
    room = limit - len(head) - len(foot) - 2
    likes = SaidLikes(announcement, post, say, most_line)
    told = likes.people(room) if announcement.told else likes.growth()
    return "\n".join(filter(None, [head, told, foot]))


def _head(announcement: Announcement, say: Translator) -> str:
    if announcement.type is AnnouncementType.LEFT:
        return ""
    if announcement.milestone is not None and announcement.style is WatchStyle.MILESTONES:
        reached = announcement.goal is not None and announcement.milestone == announcement.goal
        return f"### {say.counted(announcement.milestone, _REACHED if reached else LIKES)}"
    if announcement.style is WatchStyle.CARD:
        return f"### {say.counted(announcement.like_count, LIKES)}"
    return ""


def _foot(announcement: Announcement, say: Translator, *, pictured: bool) -> str:
    if announcement.style is WatchStyle.FEED or announcement.type is AnnouncementType.LEFT:
        return ""
    course = _course(announcement, say, pictured=pictured)
    return "\n".join(filter(None, [_goal(announcement, say), course]))


def _goal(announcement: Announcement, say: Translator) -> str:
    goal, count = announcement.goal, announcement.like_count
    if goal is None:
        return ""
    filled = min(_BAR, _BAR * count // goal)
    bar = "█" * filled + "░" * (_BAR - filled)
    return f"`{bar}` {say(_OF_GOAL, count=say.number(count), goal=say.number(goal))}"


def _course(announcement: Announcement, say: Translator, *, pictured: bool) -> str:
    """Say how the count has grown since when, and draw it as a line of bars."""
    course, since = announcement.course, announcement.since
    if not course or since is None or course[-1] <= course[0]:
        return ""
    span = course[-1] - course[0]
    said = say(_SINCE, n=say.number(span), time=_moment(since, announcement.until))
    if pictured:
        return f"-# {said}"
    steps = len(_STEPS) - 1
    bars = "".join(_STEPS[min(steps, steps * max(0, at - course[0]) // span)] for at in course)
    return f"`{bars}` {said}"


def _moment(since: datetime, until: datetime | None) -> str:
    """Return a moment as each reader's clock shows it; with its day where it may be another."""
    form: Literal["t", "f"] = "t" if until is None or until - since < _SAME_DAY else "f"
    return discord.utils.format_dt(since, form)
