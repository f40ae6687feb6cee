"""Which watches somebody looks for by what they typed."""

import re

from bot.domain import AccountWatch, Watch
from bot.x.post_ref import find_post_refs

AnyWatch = Watch | AccountWatch

_CHANNEL = re.compile(r"<#([0-9]{1,20})>")


def is_called(watch: AnyWatch, name: str) -> bool:
    """Say whether a watch has this label, or watches the account of this name."""
    wanted = name.strip().lower()
    if isinstance(watch, AccountWatch) and watch.user.username.lower() == wanted.removeprefix("@"):
        return True
    return watch.label is not None and watch.label.lower() == wanted


def matches(watch: AnyWatch, query: str) -> bool:
    """Say whether a watch is among those that somebody looks for."""
    wanted = query.strip().lower()
    if channel := _CHANNEL.fullmatch(wanted):
        return watch.channel_id == int(channel[1])
    if watch.label and wanted.rstrip("…") in watch.label.lower():
        return True
    if isinstance(watch, AccountWatch):
        return wanted.lstrip("@") in f"{watch.user.username}: new posts".lower()
    posts = find_post_refs(query)
    if posts:
        return watch.post.id in posts
    author = watch.post.author.username if watch.post.author else ""
    label = f"@{author}: {' '.join(watch.post.text.split())}".lower()
    # A label is cut off where it is long.
    return wanted.rstrip("…") in label or wanted == str(watch.post.id)
