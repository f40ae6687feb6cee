"""Which X account reads what, and acts for whom."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.tokens import TokenStore
from bot.domain.errors import KeysRefused, LinkBroken, LinkUnreadable
from bot.x.client import XClient
from bot.x.credentials import Credentials, OAuth2Token, UserToken
from storage.accounts import Accounts
from storage.database import Database
from storage.models import XAccount

Found = TypeVar("Found")
MakeClient = Callable[[Credentials], XClient]


@dataclass(frozen=True, slots=True)
class LinkedClient:
    """A member's own X account, ready to be asked as."""

    x_user_id: int
    username: str
    x: XClient


class NobodyLinked:
    """Where no account can be linked, all is the bot's own."""

    async def ids(self, _session: AsyncSession) -> frozenset[int]:
        """Return the X users whose accounts are linked and accepted."""
        return frozenset()

    async def account(self, _session: AsyncSession, _member_id: int) -> XAccount | None:
        """Return the account that a member has linked."""
        return None

    async def open(self, account: XAccount) -> LinkedClient:
        """Return a linked account to ask as; raise LinkBroken, or LinkUnreadable."""
        raise LinkBroken(account.username)

    async def client(self, _x_user_id: int) -> XClient | None:
        """Return an account to ask as; None: it is not linked, or X no longer accepts it."""
        return None

    async def as_themselves(self, _member_id: int, _x_user_id: int) -> XClient | None:
        """Return a member's account if it is this user's; others' tokens stay closed."""
        return None

    async def is_named(self, _member_id: int, _username: str) -> bool:
        """Say whether this is the username of the account that a member has linked."""
        return False

    async def refused(self, _x: XClient) -> bool:
        """Note that X no longer accepts an account; False: it has a newer token by now."""
        return True


class Linked(NobodyLinked):
    """Members' accounts as clients; a token is opened, and refreshed, when it is needed."""

    def __init__(self, database: Database, tokens: TokenStore, make: MakeClient) -> None:
        self._database = database
        self._tokens = tokens
        self._make = make

    async def ids(self, session: AsyncSession) -> frozenset[int]:
        return frozenset(account.x_user_id for account in await Accounts(session).usable())

    async def account(self, session: AsyncSession, member_id: int) -> XAccount | None:
        return await Accounts(session).of_member(member_id)

    async def open(self, account: XAccount) -> LinkedClient:
        x = self._made(await self._tokens.usable(account))
        if x is None:
            raise LinkBroken(account.username)
        return LinkedClient(account.x_user_id, account.username, x)

    async def client(self, x_user_id: int) -> XClient | None:
        return self._made(await self._tokens.token(x_user_id))

    async def as_themselves(self, member_id: int, x_user_id: int) -> XClient | None:
        account = await self._of_member(member_id)
        if account is None or account.x_user_id != x_user_id:
            return None
        return self._made(await self._tokens.usable(account))

    async def is_named(self, member_id: int, username: str) -> bool:
        account = await self._of_member(member_id)
        return account is not None and account.username.lower() == username.lower()

    async def refused(self, x: XClient) -> bool:
        return x.user is None or await self._tokens.refused(x.user)

    async def _of_member(self, member_id: int) -> XAccount | None:
        async with self._database.reading() as session:
            return await self.account(session, member_id)

    def _made(self, token: UserToken | OAuth2Token | None) -> XClient | None:
        return None if token is None else self._make(Credentials(user=token, owns_app=False))


_NOBODY = NobodyLinked()


class Access:
    """The bot's own client, and those of members who linked their accounts."""

    def __init__(self, own: XClient, linked: NobodyLinked = _NOBODY) -> None:
        self.own = own
        self.linked = linked

    async def authors(self, session: AsyncSession) -> frozenset[int]:
        """Return the X users to whom X shows who likes their posts, when we ask as them."""
        linked = await self.linked.ids(session)
        return linked if self.own.user_id is None else linked | {self.own.user_id}

    async def reader(self, author_id: int | None) -> XClient:
        """Return the client that sees most of an author's posts."""
        if author_id is None or author_id == self.own.user_id:
            return self.own
        try:
            return await self.linked.client(author_id) or self.own
        except LinkUnreadable:
            return self.own

    async def ask(
        self, author_id: int | None, asking: Callable[[XClient], Awaitable[Found]]
    ) -> Found:
        """Ask as whoever sees most of an author's posts; as ourselves when X refuses them.

        One refusal is raised as it is: we may see less, which would look like the whole truth.
        """
        reader = await self.reader(author_id)
        try:
            return await asking(reader)
        except KeysRefused:
            if reader is self.own:
                raise
            return await asking(self.own)

    async def ask_as_themselves(
        self, member_id: int, x_user_id: int, asking: Callable[[XClient], Awaitable[Found]]
    ) -> Found:
        """Ask about a user as that user, where it is the member's own account; else as ourselves.

        What X tells a user of themselves is for this member's eyes alone.
        """
        try:
            themselves = await self.linked.as_themselves(member_id, x_user_id)
        except LinkUnreadable:
            themselves = None
        if themselves is not None:
            try:
                return await asking(themselves)
            except KeysRefused:
                pass  # from now on the account is nobody's, as far as X goes
        return await asking(self.own)
