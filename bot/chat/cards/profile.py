"""Who somebody is on X, in a few lines."""

from collections.abc import Iterator

from bot.chat import text
from bot.chat.cards.facts import user_marks
from bot.chat.cards.numbers import counted, day
from bot.domain import Affiliation, User, post_url

_MAX_BIO = 500
_MAX_FACT = 100


def profile_text(user: User) -> str:
    """Return a user's marks, bio, joined date and counts."""
    about = " · ".join([text.handle(user.username), *_state(user)])
    lines = [f"-# {about}", text.linked(user.description, user.links, _MAX_BIO)]
    lines += [f"-# {' · '.join(facts)}" for facts in (_counts(user), list(_where(user))) if facts]
    return "\n".join(line for line in lines if line)


def _state(user: User) -> list[str]:
    marks = user_marks(user)
    if user.subscription:
        marks.append(text.one_line(user.subscription, _MAX_FACT))
    if user.affiliation:
        marks.append(f"affiliated with {_linked(user.affiliation)}")
    return marks


def _linked(affiliation: Affiliation) -> str:
    name = text.label(affiliation.description, _MAX_FACT) or "an account"
    url = affiliation.url
    return text.link(name, url) if url and text.is_address(url) else name


def _counts(user: User) -> list[str]:
    counts = user.counts
    if counts is None:
        return []
    verified = f" ({user.verified_followers:,} verified)" if user.verified_followers else ""
    return [
        f"{counted(counts.followers, 'follower')}{verified}",
        f"{counts.following:,} following",
        counted(counts.posts, "post"),
        *([counted(counts.likes, "like")] if counts.likes is not None else []),
        f"on {counted(counts.listed, 'list')}",
    ]


def _where(user: User) -> Iterator[str]:
    if user.created_at:
        yield f"Joined {day(user.created_at)}"
    if user.location:
        yield text.one_line(user.location, _MAX_FACT)
    if user.website:
        yield text.one_line(user.website, _MAX_FACT)
    if user.most_recent_post_id:
        yield text.link("newest post", post_url(user.most_recent_post_id, user.username))
