"""Which watches are told of a change, for which of them that waits, and which X is asked for."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists
from sqlmodel import col, or_

from storage.models import ShutChannel, Watch


class ToldWatches(NamedTuple):
    """The watches that a change of a post is announced to; for those `held`, it waits.

    Only where `any_forgotten`, somebody may be on the list of those who are never named.
    """

    watches: list[Watch]
    held: frozenset[int]
    any_forgotten: bool = False


def is_told() -> tuple[ColumnElement[bool], ...]:
    """Return what a watch is that changes of its post are announced to.

    Also one whose time is over, until it has ended: what is counted meanwhile is its last. While
    the bot is away, or its channel shut, what others' watches show waits for it. While its managers
    have paused it, nothing is kept for it.
    """
    return (col(Watch.ended_at).is_(None), col(Watch.resting_since).is_(None))


def told_watches(rows: Iterable[tuple[Watch, bool]]) -> ToldWatches:
    found = list(rows)
    held = frozenset(watch.id for watch, is_held in found if is_held and watch.id is not None)
    return ToldWatches([watch for watch, _ in found], held)


def is_held() -> ColumnElement[bool]:
    """Return whether what is announced to a watch waits: it is paused, or its channel shut."""
    shut = exists().where(col(ShutChannel.channel_id) == col(Watch.channel_id)).correlate(Watch)
    return or_(col(Watch.paused_at).is_not(None), shut)


def is_active() -> tuple[ColumnElement[bool], ...]:
    """Return what a watch is that X is asked for."""
    return (*is_told(), ~is_held())
