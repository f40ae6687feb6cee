"""Unlinking and forgetting, and what both change for watched posts."""

import pytest
from sqlmodel import SQLModel, select

from bot.domain import Unlinked
from bot.domain.errors import NotLinked
from bot.x.credentials import account_name
from bot.x.limits import Endpoint
from storage.database import Database
from storage.models import AccountWatch, ActionLog, Post, PostKind, Watch, XAccount, XUser
from storage.posts import Posts
from tests.accounts.stored import access_token, rows
from tests.databases import on_sqlite
from tests.linking import GRACE, LINUS, SUPPORT, TWITTER, Party, X
from tests.storage.rows import CHANNEL, GUILD, NOW, POST


class TestWatchedPosts:
    async def kinds(self, party: Party) -> dict[int, PostKind]:
        async with party.database.reading() as session:
            found = await session.exec(select(Post))
            return {post.id: PostKind(post.kind) for post in found}

    async def test_the_likers_of_their_posts_are_asked_for_anew(self, party: Party) -> None:
        async with party.database.transaction() as session:
            session.add_all(XUser(id=id_, username=str(id_), name="") for id_ in (TWITTER, SUPPORT))
        async with party.database.transaction() as session:
            for id_, author, kind in (
                (1, TWITTER, PostKind.COUNTS),
                (2, TWITTER, PostKind.NAMES),
                (3, SUPPORT, PostKind.COUNTS),
            ):
                session.add(
                    Post(id=id_, author_id=author, kind=kind, like_count=5, collected_count=5,
                         collected_at=NOW)
                )  # fmt: skip

        await party.link_in_browser()
        linked = await self.kinds(party)
        await party.accounts.unlink(GRACE.id)
        unlinked = await self.kinds(party)

        assert linked == {1: PostKind.PENDING, 2: PostKind.NAMES, 3: PostKind.COUNTS}
        assert unlinked == {1: PostKind.PENDING, 2: PostKind.PENDING, 3: PostKind.COUNTS}
        async with party.database.reading() as session:
            kept = await Posts(session).get(2)
        # Likes that come now are news: the post has been read.
        assert kept is not None
        assert kept.collected_at == NOW


class TestUnlinking:
    async def test_it_revokes_on_x_and_deletes(self, party: Party, x: X) -> None:
        await party.link_in_browser()
        oauth2 = await access_token(party)
        await party.link_by_pin()
        oauth1 = await access_token(party)
        account = account_name(TWITTER)
        async with party.database.transaction() as session:
            await party.abilities.refused(session, account, Endpoint.LIKE, "client-forbidden")
        assert (await party.accounts.status(GRACE.id)).liking is False

        assert await party.accounts.unlink(GRACE.id) == Unlinked("Twitter", revoked=True)

        assert not await x.accepts(oauth2)
        assert x.sandbox._tokens.oauth1(oauth1) is None
        assert await rows(party.database, XAccount) == []
        async with party.database.reading() as session:
            assert await party.abilities.known(session, account, Endpoint.LIKE) is None
        assert await party.of_member(GRACE.id) is None
        assert await party.access.reader(TWITTER, [GUILD]) is party.own
        for doing in (party.accounts.unlink, party.accounts.status):
            with pytest.raises(NotLinked):
                await doing(GRACE.id)

    async def test_what_x_has_revoked_itself_can_be_unlinked(self, party: Party, x: X) -> None:
        await party.link_in_browser()
        x.sandbox._tokens.revoke(await access_token(party))
        await party.link_by_pin()
        x.sandbox._tokens.revoke(await access_token(party))
        assert await party.accounts.unlink(GRACE.id) == Unlinked("Twitter", revoked=False)

    async def test_it_needs_no_key(self, party: Party, x: X, sqlite: Database) -> None:
        await party.link_in_browser()
        without_key = Party(x, sqlite, keys=())
        assert await without_key.accounts.unlink(GRACE.id) == Unlinked("Twitter", revoked=False)


class TestForgetting:
    @on_sqlite
    async def test_nothing_about_the_member_is_left(self, x: X, database: Database) -> None:
        party = Party(x, database)
        await party.link_in_browser()
        linked = await party.of_member(GRACE.id)
        assert linked is not None
        await linked.x.me()
        await party.accounts.begin(GRACE)
        await _leave_traces(database)

        forgotten = await party.accounts.forget(GRACE.id)

        assert (forgotten.account, forgotten.actions) == ("Twitter", 2)
        traces = await _everything(database)
        assert traces  # others' are still there
        assert [line for line in traces if _about(GRACE.id, line)] == []
        assert [line for line in traces if _about(TWITTER, line)] == []
        assert len(await rows(database, Watch)) == 1
        assert len(await rows(database, ActionLog)) == 1

    async def test_whoever_has_left_no_trace(self, party: Party) -> None:
        forgotten = await party.accounts.forget(GRACE.id)
        assert (forgotten.account, forgotten.actions) == (None, 0)


async def _leave_traces(database: Database) -> None:
    async with database.transaction() as session:
        session.add(Post(id=POST))
    async with database.transaction() as session:
        session.add(
            Watch(guild_id=GUILD, channel_id=CHANNEL, post_id=POST, created_by=GRACE.id,
                  created_at=NOW)
        )  # fmt: skip
        session.add(
            AccountWatch(guild_id=GUILD, channel_id=CHANNEL, x_user_id=SUPPORT, username="Support",
                         created_by=GRACE.id, created_at=NOW)
        )  # fmt: skip
        for member in (GRACE, GRACE, LINUS):
            session.add(
                ActionLog(at=NOW, guild_id=GUILD, member_id=member.id, account="Twitter",
                          action="like", post_id=POST, outcome="liked")
            )  # fmt: skip


async def _everything(database: Database) -> list[str]:
    """Return every row of every table, in words."""
    lines: list[str] = []
    async with database.reading() as session:
        connection = await session.connection()
        for table in SQLModel.metadata.sorted_tables:
            found = await connection.execute(table.select())
            lines += [f"{table.name} {tuple(row)}" for row in found]
    return lines


def _about(id_: int, line: str) -> bool:
    # What X has charged for in the day names accounts, whoever's they are.
    return str(id_) in line and not line.startswith("charged ")
