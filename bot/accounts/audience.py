"""Whom each account serves: the bot's own its operator's servers, a linked one those agreed to."""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain import Post, User
from bot.domain.users import replaced
from bot.money.home_guilds import EVERYWHERE, HomeGuilds
from storage.consents import Consents
from storage.database import Database
from storage.forgotten import ForgottenList
from storage.guilds import is_home
from storage.models import Guild


@dataclass(frozen=True, slots=True)
class Readers:
    """Who may read for which guilds; a likers list is shown to those that it is read for alone.

    `agreed` has each linked account's guilds, `refused` those accounts that X does not accept.
    """

    own_id: int | None
    home: Container[int]
    agreed: Mapping[int, Collection[int]] = field(default_factory=dict)
    refused: frozenset[int] = frozenset()

    def is_home(self, guild_ids: Collection[int]) -> bool:
        """Say whether one of these guilds is the operator's."""
        return any(guild_id in self.home for guild_id in guild_ids)

    def shows_names(self, author_id: int | None, guild_id: int) -> bool:
        """Say whether a guild may see who likes an author's posts, whoever has read it."""
        if author_id is not None and guild_id in self.agreed.get(author_id, ()):
            return True
        return guild_id in self.home and not self.lacks_consent(author_id, guild_id)

    def payers(self, author_id: int | None, guild_ids: tuple[int, ...]) -> tuple[int, ...]:
        """Return who pays for reading who likes a post: whoever is shown it, or all if none is.

        That a post is watched at home, too, costs a guest no names that it does not see.
        """
        seeing = (guild for guild in guild_ids if self.shows_names(author_id, guild))
        return tuple(seeing) or guild_ids

    def lacks_consent(self, author_id: int | None, guild_id: int) -> bool:
        """Say whether a member who linked an account has not agreed that a guild sees names.

        That is asked for at home, too; the bot's own account needs nobody's consent there.
        """
        if author_id is None or author_id == self.own_id or author_id not in self.agreed:
            return False
        return guild_id not in self.agreed[author_id]

    def asks_author(self, author_id: int | None, guild_id: int) -> bool:
        """Say whether an author could let a guild see names, as their account is linked."""
        return self.lacks_consent(author_id, guild_id) and author_id not in self.refused

    def reads_linked(self, author_id: int, guild_ids: Collection[int]) -> bool:
        """Say whether an author's posts are read with their own linked account."""
        if author_id in self.refused or (author_id == self.own_id and self.is_home(guild_ids)):
            return False
        agreed = self.agreed.get(author_id, ())
        return any(guild_id in agreed for guild_id in guild_ids)

    def reads(self, author_id: int | None, guild_ids: Collection[int]) -> int | None:
        """Return the X user who reads an author's posts for these guilds.

        0 is the app, where the bot has no account of its own; None is nobody.
        """
        if author_id is not None and self.reads_linked(author_id, guild_ids):
            return author_id
        return (self.own_id or 0) if self.is_home(guild_ids) else None

    def authors(self, guild_id: int) -> frozenset[int]:
        """Return those whose likers X shows when their posts are read for a guild."""
        linked = {
            author_id
            for author_id, guilds in self.agreed.items()
            if guild_id in guilds and author_id not in self.refused
        }
        own = {self.own_id} if self.own_id is not None and guild_id in self.home else set()
        return frozenset(linked | own)


EVERYBODY = Readers(None, EVERYWHERE)


class Audience:
    """Knows which guilds are home, and which of them the owners of linked accounts agreed to."""

    def __init__(self, database: Database, homes: HomeGuilds) -> None:
        self._database = database
        self._homes = homes

    async def readers(
        self, session: AsyncSession, own_id: int | None, author_id: int | None = None
    ) -> Readers:
        """Return who may read for whom, as it is now; of one author, or of all."""
        home = await self._homes.among(session)
        authors = None if author_id is None else [author_id]
        return Readers(own_id, home, *await Consents(session).agreed(authors))

    def here(
        self,
        own_id: int | None,
        stored_home: Collection[int],
        agreed: Mapping[int, Collection[int]],
        refused: Collection[int],
    ) -> Readers:
        """Return what `readers` does, where it is loaded already what is stored of some guilds."""
        home = self._homes.of(frozenset(stored_home))
        return Readers(own_id, home, agreed, frozenset(refused))

    async def now(self, own_id: int | None, author_id: int | None) -> Readers:
        """Return who may read one author's posts, where no session is open."""
        async with self._database.reading() as session:
            return await self.readers(session, own_id, author_id or 0)

    async def consents(
        self, session: AsyncSession, own_id: int | None, author_ids: Collection[int]
    ) -> Readers:
        """Return what the owners of these authors' accounts agreed to, as if all were home."""
        return Readers(own_id, EVERYWHERE, *await Consents(session).agreed(author_ids))

    async def is_home(self, guild_id: int) -> bool:
        async with self._database.reading() as session:
            return guild_id in await self._homes.among(session, [guild_id])

    def is_home_by(self, settings: Guild) -> bool:
        """Say what `is_home` does, where the guild's settings are loaded."""
        stored = {settings.id} if is_home(settings) else ()
        return settings.id in self._homes.of(frozenset(stored))

    async def namable(self, users: Sequence[User]) -> tuple[User, ...]:
        """Return users with a stand-in in the place of each who asked not to be named."""
        async with self._database.reading() as session:
            found = await ForgottenList(session).stand_ins({user.id for user in users})
        return replaced(users, found)

    async def not_to_be_shown(self, posts: Sequence[Post]) -> frozenset[int]:
        """Return which of these posts are not to be shown: they or their authors asked for it."""
        async with self._database.reading() as session:
            by = {post.author_id for post in posts if post.author_id is not None}
            ids = {post.id for post in posts}
            authors, own = await ForgottenList(session).listed(by, ids)
        return frozenset(post.id for post in posts if post.id in own or post.author_id in authors)


class EveryGuildServed(Audience):
    """Where nobody else is served and no account is linked, there is nothing to tell apart."""

    def __init__(self) -> None:
        """Need no database."""

    async def readers(
        self, _session: AsyncSession, own_id: int | None, _author_id: int | None = None
    ) -> Readers:
        return Readers(own_id, EVERYWHERE)

    def here(self, own_id: int | None, *_stored: Collection[int]) -> Readers:
        return Readers(own_id, EVERYWHERE)

    async def now(self, own_id: int | None, _author_id: int | None) -> Readers:
        return Readers(own_id, EVERYWHERE)

    async def consents(
        self, _session: AsyncSession, own_id: int | None, _author_ids: Collection[int]
    ) -> Readers:
        return Readers(own_id, EVERYWHERE)

    async def is_home(self, _guild_id: int) -> bool:
        return True

    def is_home_by(self, _settings: Guild) -> bool:
        return True

    async def namable(self, users: Sequence[User]) -> tuple[User, ...]:
        return tuple(users)

    async def not_to_be_shown(self, _posts: Sequence[Post]) -> frozenset[int]:
        return frozenset()
