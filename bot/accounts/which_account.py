"""Which X account reads what, and acts for whom."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.accounts.tokens import TokenStore
from bot.domain.errors import CredentialRefused, LinkBroken, LinkUnreadable
from bot.x.client import XClient
from bot.x.credentials import Credentials
from storage.accounts import Accounts
from storage.database import Database

Found = TypeVar("Found")
MakeClient = Callable[[Credentials], XClient]


@dataclass(frozen=True, slots=True)
class LinkedClient:
    """A member's own X account, ready to be asked as."""

    x_user_id: int
    username: str
    x: XClient


class Linked:
    """Members' accounts as clients; a token is opened, and refreshed, when it is needed."""

    def __init__(self, database: Database, tokens: TokenStore, make: MakeClient) -> None:
        self._database = database
        self._tokens = tokens
        self._make = make

    async def ids(self) -> frozenset[int]:
        """Return the X users whose accounts are linked and accepted."""
        async with self._database.reading() as session:
            return frozenset(account.x_user_id for account in await Accounts(session).usable())

    async def client(self, x_user_id: int) -> XClient | None:
        token = await self._tokens.token(x_user_id)
        return None if token is None else self._make(Credentials(user=token, owns_app=False))

    async def of_member(self, member_id: int) -> LinkedClient | None:
        async with self._database.reading() as session:
            account = await Accounts(session).of_member(member_id)
        if account is None:
            return None
        x = await self.client(account.x_user_id)
        if x is None:
            raise LinkBroken(account.username)
        return LinkedClient(account.x_user_id, account.username, x)

    async def is_named(self, member_id: int, username: str) -> bool:
        async with self._database.reading() as session:
            account = await Accounts(session).of_member(member_id)
        return account is not None and account.username.lower() == username.lower()

    async def as_themselves(self, member_id: int, x_user_id: int) -> XClient | None:
        """Return a member's account if it is this user's; others' tokens stay closed."""
        async with self._database.reading() as session:
            account = await Accounts(session).of_member(member_id)
        if account is None or account.x_user_id != x_user_id:
            return None
        return await self.client(x_user_id)

    async def refused(self, x: XClient) -> bool:
        return x.user is None or await self._tokens.refused(x.user)


class Access:
    """The bot's own client, and those of members who linked their accounts."""

    def __init__(self, own: XClient, linked: Linked | None = None) -> None:
        self.own = own
        self._linked = linked

    async def reader_ids(self) -> frozenset[int]:
        """Return the authors whose posts' likers are read with their own accounts."""
        return await self._linked.ids() if self._linked is not None else frozenset()

    async def reader(self, author_id: int | None) -> XClient:
        """Return the client that sees most of an author's posts."""
        if author_id is None or self._linked is None or author_id == self.own.user_id:
            return self.own
        try:
            return await self._linked.client(author_id) or self.own
        except LinkUnreadable:
            return self.own

    async def ask(
        self, author_id: int | None, asking: Callable[[XClient], Awaitable[Found]]
    ) -> Found:
        """Ask as whoever sees most of an author's posts; as ourselves when X refuses them."""
        reader = await self.reader(author_id)
        try:
            return await asking(reader)
        except CredentialRefused:
            if reader is self.own:
                raise
            await self.refused(reader)
            return await asking(self.own)

    async def refused(self, x: XClient) -> bool:
        """Note that X no longer accepts a linked account: others read its posts from now on.

        Return False when the account has a newer token by now, so that nothing is lost.
        """
        if self._linked is None or x is self.own:
            return True
        return await self._linked.refused(x)

    async def is_named(self, member_id: int, username: str) -> bool:
        """Say whether this is the username of the account that a member has linked."""
        return self._linked is not None and await self._linked.is_named(member_id, username)

    async def as_themselves(self, member_id: int, x_user_id: int) -> XClient | None:
        """Return the account that a member has linked if it is this user's, and X accepts it."""
        if self._linked is None:
            return None
        return await self._linked.as_themselves(member_id, x_user_id)

    async def ask_as_themselves(
        self, member_id: int, x_user_id: int, asking: Callable[[XClient], Awaitable[Found]]
    ) -> Found:
        """Ask about a user as that user, where it is the member's own account; else as ourselves.

        What X tells a user of themselves is for this member's eyes alone.
        """
        try:
            themselves = await self.as_themselves(member_id, x_user_id)
        except LinkUnreadable:
            themselves = None
        if themselves is not None:
            try:
                return await asking(themselves)
            except CredentialRefused:
                await self.refused(themselves)
        return await asking(self.own)

    async def of_member(self, member_id: int) -> LinkedClient | None:
        """Return the account that a member has linked, or None.

        Raise LinkBroken when X refuses it, and LinkUnreadable when its key is gone.
        """
        return await self._linked.of_member(member_id) if self._linked is not None else None
