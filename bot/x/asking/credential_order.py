"""Which of an account's credentials to ask X with, given what X refused before."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from bot.domain.errors import Refused
from bot.x.asking.refusals import refusal, teaches
from bot.x.credentials import Principal
from bot.x.limits import Endpoint


class KnownAbilities(Protocol):
    """What X has allowed and refused so far."""

    async def problem(self, account: str, endpoint: str, /) -> str | None:
        """Return why X refused this not long ago, or None when it is worth trying."""
        ...

    async def learn(self, account: str, endpoint: str, problem: str | None, /) -> None:
        """Remember what X allowed (None) or refused."""
        ...


class NothingLearnt:
    """KnownAbilities of somebody who forgets: everything is worth trying."""

    async def problem(self, *_: str) -> str | None:
        return None

    async def learn(self, *_: str | None) -> None:
        return None


@asynccontextmanager
async def learning(
    principal: Principal, endpoint: Endpoint, abilities: KnownAbilities
) -> AsyncIterator[None]:
    """Ask inside, and remember what X said; raise its refusal at once while it is remembered."""
    problem = await abilities.problem(principal.account, endpoint)
    if problem is not None:
        raise refusal(problem)
    try:
        yield
    except Refused as error:
        if teaches(error):
            await abilities.learn(principal.account, endpoint, error.problem)
        raise
    await abilities.learn(principal.account, endpoint, None)
