"""How likes came, and who and what stands out."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.chat import text
from bot.chat.cards.card import Accent, Card, card, row
from bot.chat.cards.display_rules import excerpt
from bot.chat.cards.numbers import counted, number
from bot.chat.cards.posts import open_button, post_link
from bot.chat.text.limits import MAX_ALT_TEXT
from bot.domain.files import NamedFile
from bot.domain.insight import Courses, Period, PostCourse, TopLiker, TopPost

_MAX_EXCERPT = 100
_DURING = {
    Period.DAY: "in the last 24 hours",
    Period.WEEK: "in the last 7 days",
    Period.MONTH: "in the last 30 days",
    Period.ALL: "since watching began",
}
_NOBODY = "I announced nobody by name {during}. Likers are listed here once I have."
_NO_POST = "No watched post gained likes {during}."
_LONGER = " Choose a longer `period` to see more."


def chart_card(found: Courses, period: Period, chart: NamedFile) -> Card:
    """Show the chart, with what it shows in words."""
    courses = found.courses
    lines = [f"### Likes {_DURING[period]}"]
    lines += [
        f"{post_link(course.post)} · {counted(course.points[-1].likes, 'like')}, "
        f"{number(max(0, course.gained))} new"
        for course in courses
    ]
    if found.left_out:
        posts = counted(found.left_out, "post is", "posts are")
        lines.append(f"-# {posts} left out: not watched here.")
    picture = ui.MediaGallery[ui.LayoutView](
        discord.MediaGalleryItem(
            f"attachment://{chart.name}", description=_in_words(courses, period)
        )
    )
    buttons = [row(open_button(courses[0].post))] if len(courses) == 1 else []
    return card(Accent.LIKE, "\n".join(lines), picture, *buttons)


def top_posts_card(posts: Sequence[TopPost], period: Period) -> Card:
    if not posts:
        longer = "" if period is Period.ALL else _LONGER
        return card(Accent.PLAIN, f"{_NO_POST.format(during=_DURING[period])}{longer}")
    listed = (
        f"{place}. {post_link(each.post)} · {counted(each.gained, 'new like')}\n"
        f"{excerpt(each.post, _MAX_EXCERPT)}".rstrip()
        for place, each in enumerate(posts, start=1)
    )
    return card(Accent.LIKE, "\n".join([f"### Most liked {_DURING[period]}", *listed]))


def top_likers_card(likers: Sequence[TopLiker], period: Period) -> Card:
    if not likers:
        return card(Accent.PLAIN, _NOBODY.format(during=_DURING[period]))
    listed = (
        f"{place}. **{text.profile_link(each.user)}** liked {counted(each.likes, 'post')}"
        for place, each in enumerate(likers, start=1)
    )
    head = f"### Who liked the most {_DURING[period]}"
    return card(Accent.LIKE, "\n".join([head, *listed]))


def _in_words(courses: Sequence[PostCourse], period: Period) -> str:
    told = (
        f"{text.plain(' '.join(course.post.text.split()), 60) or course.post.id}: from "
        f"{number(course.points[0].likes)} to {counted(course.points[-1].likes, 'like')}"
        for course in courses
    )
    return text.plain(f"Chart of likes {_DURING[period]}. {'; '.join(told)}.", MAX_ALT_TEXT)
