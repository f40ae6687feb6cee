"""Which X account reads what, and acts for whom."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.audience import Audience, EveryGuildServed, Readers
from bot.accounts.tokens import TokenStore
from bot.domain.errors import (
    GuestNotServed,
    KeysRefused,
    LikersNotShown,
    LinkBroken,
    LinkUnreadable,
)
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

    async def account(self, _session: AsyncSession, _member_id: int) -> XAccount | None:
        """Return the account that a member has linked."""
        return None

    async def open(self, account: XAccount) -> LinkedClient:
        """Return a linked account to ask as; raise LinkBroken, or LinkUnreadable."""
        raise LinkBroken(account.username)

    async def client(self, _x_user_id: int) -> XClient | None:
        """Return an account to ask as; None: it is not linked, or X no longer accepts it."""
        return None

    async def subscribers(self, _x_user_id: int) -> list[XClient]:
        """Return an account in each way it is linked: in the browser first, as X wants it."""
        return []

    async def as_themselves(self, _member_id: int, _x_user_id: int) -> XClient | None:
        """Return a member's account if it is this user's; others' tokens stay closed."""
        return None

    async def of_member(self, _member_id: int) -> LinkedClient | None:
        """Return the account that a member has linked, ready to be asked as."""
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

    async def account(self, session: AsyncSession, member_id: int) -> XAccount | None:
        return await Accounts(session).of_member(member_id)

    async def open(self, account: XAccount) -> LinkedClient:
        x = self._made(await self._tokens.usable(account))
        if x is None:
            raise LinkBroken(account.username)
        return LinkedClient(account.x_user_id, account.username, x)

    async def client(self, x_user_id: int) -> XClient | None:
        return self._made(await self._tokens.token(x_user_id))

    async def subscribers(self, x_user_id: int) -> list[XClient]:
        found = [self._made(token) for token in await self._tokens.all_ways(x_user_id)]
        return [client for client in found if client is not None]

    async def as_themselves(self, member_id: int, x_user_id: int) -> XClient | None:
        account = await self._of_member(member_id)
        if account is None or account.x_user_id != x_user_id:
            return None
        return self._made(await self._tokens.usable(account))

    async def of_member(self, member_id: int) -> LinkedClient | None:
        account = await self._of_member(member_id)
        return None if account is None else await self.open(account)

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
_EVERYBODY = EveryGuildServed()


class Access:
    """The bot's own client, those of members who linked their accounts, and whom each serves.

    For servers that are not the operator's, what is public is read by the app alone, which has
    no eyes of its own.
    """

    def __init__(
        self,
        own: XClient,
        linked: NobodyLinked = _NOBODY,
        audience: Audience = _EVERYBODY,
        app: XClient | None = None,
    ) -> None:
        self.own = own
        self.linked = linked
        self.audience = audience
        self.app = app
        self.pushes: Callable[[int | None], bool] = lambda _: False
        """Whether X pushes the likes of this author's posts, as far as is known here."""

    async def readers(self, session: AsyncSession, author_id: int | None = None) -> Readers:
        """Return who may read for whom, as it is now; of one author, or of all."""
        return await self.audience.readers(session, self.own.user_id, author_id)

    async def authors(self, session: AsyncSession, guild_id: int) -> frozenset[int]:
        """Return the X users who let a guild see who likes their posts, as far as X shows it."""
        return (await self.readers(session)).authors(guild_id)

    async def public(self, guild_id: int, *, is_home: bool | None = None) -> XClient:
        """Return the client that reads for a guild what everybody may see.

        None: whether it is home is to be looked up.

        Where a member asks for themselves alone, which is by their own ID, it is their own linked
        account. Raise GuestNotServed where there is none.
        """
        if is_home is None:
            is_home = await self.audience.is_home(guild_id)
        if is_home:
            return self.own
        linked = await self.linked.of_member(guild_id)
        if linked is not None:
            return linked.x
        if self.app is None:
            raise GuestNotServed
        return self.app

    async def reader(self, author_id: int | None, guild_ids: Collection[int]) -> XClient | None:
        """Return the client that sees most of an author's posts and serves one of these guilds.

        None: nobody may read there who likes them.
        """
        _, reader = await self.who_reads(author_id, guild_ids)
        return reader

    async def who_reads(
        self, author_id: int | None, guild_ids: Collection[int], known: Readers | None = None
    ) -> tuple[Readers, XClient | None]:
        """Return what `reader` does, and whom it may show who likes the posts.

        What was `known` a moment ago is good enough for the bot's own posts in its own servers; of
        others' it must be sure, for what they see is given up where nobody may read.
        """
        is_own = author_id is not None and author_id == self.own.user_id
        if known is None or not is_own or not known.is_home(guild_ids):
            known = await self.audience.now(self.own.user_id, author_id)
        return known, await self.reader_among(known, author_id, guild_ids)

    async def reader_among(
        self, readers: Readers, author_id: int | None, guild_ids: Collection[int]
    ) -> XClient | None:
        """Return what `reader` does, where it is known who may read for whom."""
        if author_id is not None and readers.reads_linked(author_id, guild_ids):
            try:
                linked = await self.linked.client(author_id)
            except LinkUnreadable:
                linked = None
            if linked is not None:
                return linked
        return self.own if readers.is_home(guild_ids) else None

    async def ask(
        self,
        author_id: int | None,
        guild_id: int,
        asking: Callable[[XClient], Awaitable[Found]],
    ) -> Found:
        """Ask as whoever sees most of an author's posts; as ourselves when X refuses them.

        One refusal is raised as it is: we may see less, which would look like the whole truth.
        Raise LikersNotShown where nobody may read them for this guild.
        """
        reader = await self.reader(author_id, [guild_id])
        if reader is None and author_id is not None:
            # A member who asks for themselves alone sees who likes their own posts.
            reader = await self.linked.as_themselves(guild_id, author_id)
        if reader is None:
            raise LikersNotShown
        try:
            return await asking(reader)
        except KeysRefused:
            if reader is self.own:
                raise
            if not await self.audience.is_home(guild_id):
                raise LikersNotShown from None
            return await asking(self.own)

    async def ask_as_themselves(
        self,
        member_id: int,
        guild_id: int,
        x_user_id: int,
        asking: Callable[[XClient], Awaitable[Found]],
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
        return await asking(await self.public(guild_id))
