"""Which of an account's credentials to ask X with, given what X refused before."""

from typing import Protocol

from bot.errors import Refused
from bot.x.credentials import Rung
from bot.x.limits import Endpoint

# X refuses the one post or user that was asked for, not the endpoint.
_ABOUT_THE_RESOURCE = frozenset({"not-authorized-for-resource", "resource-not-found"})


class Abilities(Protocol):
    """What X has allowed and refused so far."""

    def problem(self, account: str, endpoint: str, /) -> str | None:
        """Return why X refused this not long ago, or None when it is worth trying."""
        ...

    async def learn(self, account: str, endpoint: str, problem: str | None, /) -> None:
        """Remember what X allowed (None) or refused."""
        ...


class NothingLearnt:
    """Abilities of somebody who forgets: everything is worth trying."""

    def problem(self, *_: str) -> str | None:
        return None

    async def learn(self, *_: str | None) -> None:
        return None


def teaches(error: Refused) -> bool:
    """Say whether a refusal is about the endpoint, so that asking again today is in vain."""
    return error.problem not in _ABOUT_THE_RESOURCE


def worth_trying(
    ladder: tuple[Rung, ...], endpoint: Endpoint, abilities: Abilities
) -> tuple[Rung, ...]:
    """Return the rungs that X has not refused; raise its refusal when none is left."""
    problems = [abilities.problem(rung.account, endpoint) for rung in ladder]
    left = tuple(rung for rung, problem in zip(ladder, problems, strict=True) if problem is None)
    if not left and problems:
        raise Refused(problems[0] or "")
    return left
