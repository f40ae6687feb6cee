"""Work that only the leading process may do: it stops where another one leads by now."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession


class LeadLost(Exception):
    """Another process may lead by now: what this one was about to do is left to that one."""


class Fence(Protocol):
    """The lead as it was when some work began."""

    def check(self) -> None:
        """Raise LeadLost when the lease has run out by this process's own clock."""
        ...

    async def hold(self, session: AsyncSession) -> None:
        """Let nobody take over before this transaction ends; raise LeadLost if somebody has."""
        ...


_here: ContextVar[Fence | None] = ContextVar("fence", default=None)


@contextmanager
def fenced(fence: Fence) -> Iterator[None]:
    """Do what is inside, and in tasks that it starts, only while the lead is as it was."""
    before = _here.set(fence)
    try:
        yield
    finally:
        _here.reset(before)


def fence_here() -> Fence | None:
    """Return what the running work depends on, if it is for the leading process alone."""
    return _here.get()


def check_lead() -> None:
    """Raise LeadLost when this work is for the leading process alone, and another may lead now."""
    if (fence := fence_here()) is not None:
        fence.check()
