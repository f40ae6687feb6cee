"""What X gave for an account, made worthless on X."""

import contextlib

from bot.domain.errors import LikecordError, LinkRefused
from bot.x.oauth import OAuth1Flow, OAuth1Grant, OAuth2Flow, OAuth2Grant


async def revoke(
    oauth1: OAuth1Flow | None,
    grant: OAuth1Grant | None,
    oauth2: OAuth2Flow | None,
    token: str | None,
) -> bool:
    """Revoke what there is; say whether X confirmed all of it, and raise what keeps X from it.

    X confirms nothing of what it refuses, nor where the settings for asking it are gone.
    """
    first = True if grant is None else await _revoke_oauth1(oauth1, grant)
    second = True if token is None else await _revoke_oauth2(oauth2, token)
    return first and second


async def _revoke_oauth1(flow: OAuth1Flow | None, grant: OAuth1Grant) -> bool:
    if flow is None:
        return False
    try:
        await flow.revoke(grant)
    except LinkRefused:
        return False
    return True


async def _revoke_oauth2(flow: OAuth2Flow | None, token: str) -> bool:
    if flow is None:
        return False
    try:
        await flow.revoke(token)
    except LinkRefused:
        return False
    return True


async def give_back(flow: OAuth2Flow, grant: OAuth2Grant) -> None:
    """Revoke a grant that is not kept, as far as X answers."""
    with contextlib.suppress(LikecordError):
        await flow.revoke(grant.refresh_token or grant.access_token)


async def give_back_oauth1(flow: OAuth1Flow, grant: OAuth1Grant) -> None:
    """Revoke a grant that is not kept, as far as X answers."""
    with contextlib.suppress(LikecordError):
        await flow.revoke(grant)
