"""Whoever asks to be forgotten is gone, is never stored or named again, and still counts."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url
from sqlmodel import select

from bot.accounts.audience import Audience
from bot.accounts.which_account import Access
from bot.chat.cards.likers import people_list
from bot.chat.delivery.card import announcement_card, retold_card
from bot.domain import AccountWatchRequest, AnnouncementType
from bot.domain.errors import AskedNotToBeShown, Mistake
from bot.money.home_guilds import HomeGuilds
from bot.run.forget import forget, undo
from bot.run.housekeeping import Housekeeping
from bot.services.forgetting import ForgettingService
from bot.services.lookup import LookupService
from bot.watching.message_edits import MessageEditQueue
from bot.watching.told_likers import ToldLikers
from storage.database import Database
from storage.likes import Likes, NewLike
from storage.models import (
    AnnouncementStyle,
    ForgottenKind,
    Guild,
    MessageEdit,
    Post,
    Watch,
    XUser,
)
from storage.users import Users
from storage.watches import Watches
from tests.actors import manager
from tests.chat.rules import shown
from tests.databases import on_sqlite
from tests.storage.rows import NOW, POST, store_post, store_watch, user_row
from tests.watching.conftest import bot, http, world
from tests.watching.harness import (
    CHANNEL,
    DEV,
    GUILD,
    MEMBER,
    Bot,
    World,
    announced,
    announcements,
    stored_likers,
)

__all__ = ["bot", "http", "world"]


async def _ids(database: Database, column: Any) -> set[int]:
    async with database.reading() as session:
        return set(await session.exec(select(column)))


class TestWhoLikes:
    async def test_they_are_counted_once_and_never_named_or_stored_again(
        self, bot: Bot, world: World
    ) -> None:
        post = world.post(likes=2)
        await bot.watch(post)
        ada, grace = world.likes(post, 2)
        await bot.round()
        (delivery,) = await bot.outbox.claim()
        await bot.outbox.sent(delivery, 77)

        service = ForgettingService(bot.database, bot.now)
        assert (await service.user(ada)).messages == 1
        assert ada not in await _ids(bot.database, XUser.id)
        assert ada not in await announced(bot.database)
        assert await _ids(bot.database, MessageEdit.message_id) == {77}

        # They are on each list of X's that is read from now on, and one more like is news.
        (linus,) = world.likes(post, 1)
        await bot.round()
        await bot.rest(600)
        likers = await stored_likers(bot.database, post)
        assert {grace, linus} <= likers
        assert ada not in likers | await _ids(bot.database, XUser.id)
        assert [row.liker_ids for row in await announcements(bot.database)][1:] == [[linus]]

    @on_sqlite
    async def test_a_like_of_theirs_is_told_as_one_more(self, bot: Bot, world: World) -> None:
        post = world.post()
        await bot.watch(post)
        ada = world.person(name="Ada Lovelace")
        await ForgettingService(bot.database, bot.now).user(ada.id)
        world.like(post, ada.id)
        world.likes(post, 1)
        await bot.round()
        (delivery,) = await bot.outbox.claim()
        told = shown(announcement_card(delivery))
        assert "-# 2 likes" in told
        assert "and **1 more** liked" in told
        assert ada.username not in told
        assert "Lovelace" not in told

    @on_sqlite
    async def test_a_message_under_way_is_changed_when_it_has_arrived(
        self, bot: Bot, world: World
    ) -> None:
        post = world.post()
        await bot.watch(post)
        (ada,) = world.likes(post, 1)
        await bot.round()
        (delivery,) = await bot.outbox.claim()
        await ForgettingService(bot.database, bot.now).user(ada)
        await bot.outbox.sent(delivery, 78)
        assert await _ids(bot.database, MessageEdit.message_id) == {78}

    @on_sqlite
    async def test_a_card_and_the_list_below_it_name_them_no_more(
        self, bot: Bot, world: World
    ) -> None:
        async with bot.database.transaction() as session:
            session.add(Guild(id=GUILD, style=AnnouncementStyle.CARD))
        post = world.post()
        watch_id = await bot.watch(post)
        (ada,) = world.likes(post, 1)
        await bot.round()
        (delivery,) = await bot.outbox.claim()
        await bot.outbox.sent(delivery, 77)
        await ForgettingService(bot.database, bot.now).user(ada)
        (grace,) = world.likes(post, 1)
        await bot.round()

        told_likers = ToldLikers(bot.database, bot.access)
        # As it is changed now, as it is told on, and as it is when its watch is gone.
        queue = MessageEditQueue(bot.database, bot.now, bot.access)
        (retold,) = await queue.due()
        assert "**1 person** liked" in shown(retold_card(retold))
        (delivery,) = await bot.outbox.claim()
        await bot.outbox.sent(delivery, 77)
        assert "and **1 more** liked" in shown(announcement_card(delivery))
        kind = AnnouncementType.LIKES
        page = await told_likers.page(GUILD, delivery.key, post, kind, 0)
        assert ([user.id for user in page.users], page.total) == ([grace], 2)
        async with bot.database.transaction() as session:
            row = await Watches(session).get(GUILD, watch_id)
            assert row is not None
            await Watches(session).remove(row)
        (retold,) = await queue.due()
        assert "and **1 more** liked" in shown(retold_card(retold))

    @on_sqlite
    async def test_who_changes_their_mind_is_not_announced_again(
        self, bot: Bot, world: World
    ) -> None:
        post = world.post()
        await bot.watch(post)
        (ada,) = world.likes(post, 1)
        await bot.round()
        service = ForgettingService(bot.database, bot.now)
        await service.user(ada)
        assert await service.undo(ForgottenKind.USER, ada)
        assert not await service.undo(ForgottenKind.USER, ada)
        (grace,) = world.likes(post, 1)
        await bot.round()
        await bot.rest(600)
        assert await announced(bot.database) == [ada, grace]

    @on_sqlite
    async def test_a_look_up_names_them_no_more(self, bot: Bot, world: World) -> None:
        post = world.post()
        ada, grace = world.likes(post, 2)
        await ForgettingService(bot.database, bot.now).user(ada)
        access = Access(bot.x, audience=Audience(bot.database, HomeGuilds([GUILD])))
        found = await LookupService(bot.database, access).likers(manager(GUILD), str(post))
        names = people_list(found.page.users)
        assert world.sandbox.world.users[grace].username in names
        assert world.sandbox.world.users[ada].username not in names
        assert "and 1 more" in names


@on_sqlite
async def test_who_was_being_stored_meanwhile_is_gone_within_the_hour(
    bot: Bot, world: World
) -> None:
    post = world.post()
    await bot.watch(post)
    (ada,) = world.likes(post, 1)
    await ForgettingService(bot.database, bot.now).user(ada)
    await bot.round()
    async with bot.database.transaction() as session:
        await Users(session).save([user_row(ada)])
        await Likes(session).add(post, [NewLike(ada, 99)], bot.now())
    await Housekeeping(bot.database, bot.now).tidy()
    assert ada not in await _ids(bot.database, XUser.id)
    assert len(await stored_likers(bot.database, post)) == 1


async def test_a_post_that_was_being_watched_meanwhile_is_gone_within_the_hour(
    sqlite: Database,
) -> None:
    await ForgettingService(sqlite, lambda: NOW).post(POST)
    await store_post(sqlite)
    await store_watch(sqlite)

    await Housekeeping(sqlite, lambda: NOW).tidy()

    assert await _ids(sqlite, Post.id) == await _ids(sqlite, Watch.id) == set()


class TestWhoWrites:
    async def test_their_posts_are_not_watched_any_more_nor_again(
        self, bot: Bot, world: World
    ) -> None:
        post, other = world.post(likes=3), world.post()
        await bot.watch(post)
        account = AccountWatchRequest(GUILD, CHANNEL, "TwitterDev", MEMBER, 7)
        await bot.account_watches.add(account)
        world.likes(post, 1)
        await bot.round()
        (delivery,) = await bot.outbox.claim()
        await bot.outbox.sent(delivery, 79)

        gone = await ForgettingService(bot.database, bot.now).user(DEV)
        assert (gone.watches, gone.messages) == (2, 1)
        for column in (Post.id, Watch.id, XUser.id):
            assert not {each for each in await _ids(bot.database, column) if each > 0}
        assert await announcements(bot.database) == []
        for again in (bot.watch(post), bot.watch(other), bot.account_watches.add(account)):
            with pytest.raises(AskedNotToBeShown):
                await again

    @on_sqlite
    async def test_a_post_alone_can_be_forgotten(self, bot: Bot, world: World) -> None:
        post, other = world.post(likes=3), world.post()
        await bot.watch(post)
        service = ForgettingService(bot.database, bot.now)
        assert (await service.post(post)).watches == 1
        with pytest.raises(AskedNotToBeShown):
            await bot.watch(post)
        await bot.watch(other)
        assert await service.undo(ForgottenKind.POST, post)
        await bot.watch(post)

    @on_sqlite
    async def test_a_look_up_shows_nothing_of_theirs(self, bot: Bot, world: World) -> None:
        post = world.post()
        await ForgettingService(bot.database, bot.now).user(DEV)
        access = Access(bot.x, audience=Audience(bot.database, HomeGuilds([GUILD])))
        lookup = LookupService(bot.database, access)
        for asked in (
            lookup.post(manager(GUILD), str(post)),
            lookup.likers(manager(GUILD), str(post)),
            lookup.liked(manager(GUILD), "TwitterDev"),
        ):
            with pytest.raises(AskedNotToBeShown):
                await asked


@pytest.mark.parametrize(
    "ref",
    ["@Ada_1", "ada_1", "https://x.com/ada_1", "7", "user:7", "https://x.com/i/user/7"],
)
async def test_the_operator_names_them_as_they_like(
    sqlite: Database, sqlite_url: str, ref: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    async with sqlite.transaction() as session:
        session.add(XUser(**{**user_row(7, "Ada Lovelace"), "username": "Ada_1"}))
    assert "Forgot the user 7" in await forget(sqlite_url, ref)
    file = Path(make_url(sqlite_url).database or "")
    contents = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert b"Lovelace" not in contents
    assert "the user 7 again" in await undo(sqlite_url, "user:7")
    with pytest.raises(Mistake, match="Nothing like that was forgotten"):
        await undo(sqlite_url, "user:7")


async def test_a_post_is_named_by_its_address(sqlite: Database, sqlite_url: str) -> None:
    await store_post(sqlite, text="Hello", created_at=NOW)
    assert f"Forgot the post {POST}" in await forget(sqlite_url, f"https://x.com/a/status/{POST}")
    assert await _ids(sqlite, Post.id) == set()


async def test_a_name_that_nobody_explains_is_refused(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Mistake, match="I cannot tell who @nobody is"):
        await forget(sqlite_url, "@nobody")
