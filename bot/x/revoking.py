"""What X gave for an account, made worthless on X."""

import contextlib

from bot.domain.errors import LikecordError, LinkRefused
from bot.x.oauth import OAuth1Flow, OAuth1Grant, OAuth2Flow, OAuth2Grant


async def revoke_oauth1(flow: OAuth1Flow | None, grant: OAuth1Grant | None) -> None:
    """Revoke a member's token; raise what keeps X from it, but for its being refused already."""
    if flow is not None and grant is not None:
        with contextlib.suppress(LinkRefused):
            await flow.revoke(grant)


async def revoke_oauth2(flow: OAuth2Flow | None, token: str | None) -> None:
    """Revoke a member's token; raise what keeps X from it, but for its being refused already."""
    if flow is not None and token is not None:
        with contextlib.suppress(LinkRefused):
            await flow.revoke(token)


async def give_back(flow: OAuth2Flow, grant: OAuth2Grant) -> None:
    """Revoke a grant that is not kept, as far as X answers."""
    with contextlib.suppress(LikecordError):
        await flow.revoke(grant.refresh_token or grant.access_token)
