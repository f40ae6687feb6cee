"""The requests to link that are open: few a member, and what proves that each is ours."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.tokens import TokenStore
from bot.accounts.ways_to_link import Linking
from bot.domain import Member
from bot.domain.errors import LinkingNotSetUp, LinkRefused, TooManyLinks
from storage.accounts import LinkRequests
from storage.crypto import Undecipherable
from storage.database import Database
from storage.models import LinkRequest

# A link, and a PIN, are good for this long.
LINK_LIFETIME = timedelta(minutes=10)
# So many requests of a member may be open.
_MOST_OPEN = 3


class OpenRequests:
    def __init__(self, database: Database, linking: Linking, now: Callable[[], datetime]) -> None:
        self._database = database
        self._linking = linking
        self._now = now

    def tokens(self) -> TokenStore:
        """Return what seals secrets; raise LinkingNotSetUp where nothing can be linked."""
        linking = self._linking
        if linking.tokens is None or (linking.oauth1 is None and linking.oauth2 is None):
            raise LinkingNotSetUp(linking.missing)
        return linking.tokens

    async def require_room(self, member_id: int) -> None:
        """Raise LinkingNotSetUp, or TooManyLinks for who has as many open as may be."""
        self.tokens()
        async with self._database.reading() as session:
            await self._require_few(session, member_id)

    async def add(self, key: str, member: Member, secret: dict[str, str]) -> None:
        row = LinkRequest(
            state=key,
            member_id=member.id,
            member_name=member.name,
            member_handle=member.handle,
            guild_name=member.guild_name,
            guild_id=member.guild_id,
            secret=self.tokens().seal(json.dumps(secret)),
            created_at=self._now(),
        )
        async with self._database.transaction() as session:
            # Two at once would both find that there is room for one.
            await LinkRequests(session).lock_of(member.id)
            await self._require_few(session, member.id)
            await LinkRequests(session).add(row)

    async def _require_few(self, session: AsyncSession, member_id: int) -> None:
        since = self._now() - LINK_LIFETIME
        opened = await LinkRequests(session).open_since(member_id, since)
        if len(opened) >= _MOST_OPEN:
            raise TooManyLinks(opened[-_MOST_OPEN] + LINK_LIFETIME)

    async def get(self, key: str) -> LinkRequest:
        """Return a request; raise LinkRefused when it is too late for it."""
        async with self._database.reading() as session:
            request = await LinkRequests(session).get(key, self._now() - LINK_LIFETIME)
        if request is None:
            raise LinkRefused
        return request

    async def take(self, key: str) -> LinkRequest:
        """Return a request as `get` does, for the only time."""
        async with self._database.transaction() as session:
            request = await LinkRequests(session).take(key, self._now() - LINK_LIFETIME)
        if request is None:
            raise LinkRefused
        return request

    def secret(self, request: LinkRequest, name: str) -> str:
        """Return what proves that a request is ours; raise LinkRefused for another way's."""
        try:
            secret: dict[str, str] = json.loads(self.tokens().unseal(request.secret))
            return secret[name]
        except (Undecipherable, KeyError) as error:
            raise LinkRefused from error


def member_of(request: LinkRequest) -> Member:
    """Return who asked to link, as they were called then."""
    return Member(
        id=request.member_id,
        name=request.member_name,
        guild_name=request.guild_name,
        guild_id=request.guild_id,
        handle=request.member_handle,
    )
