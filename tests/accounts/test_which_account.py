"""Which account reads a post's likers and acts for a member, and what a refusal changes."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from bot.accounts.own_account import Identity
from bot.domain import Actor, WatchRequest
from bot.domain.errors import (
    CredentialRefused,
    LikingRefused,
    LinkBroken,
    NotAllowed,
    OwnAccountNeeded,
)
from bot.money.budgets import Budgets
from bot.money.home_guilds import EveryGuildIsHome
from bot.services.liking import LikeService
from bot.services.status import StatusService
from bot.watching.adding import NewWatches
from bot.watching.counts.round import CountsRound
from bot.watching.health import Health
from bot.watching.likers.round import LikersRound
from bot.watching.polling_budget import PollingBudget
from bot.x.prices import MICRO_USD
from sandbox.x.control.made_to_order import make_post
from sandbox.x.world.rows import Post
from storage import models
from storage.database import Database
from storage.guilds import Guilds
from storage.models import ActionLog, Announcement, PostKind
from storage.posts import Posts
from tests.linking import DEV, GRACE, LINUS, TWITTER, Party, X, an_x
from tests.storage.rows import CHANNEL, GUILD
from tests.watching.harness import EVERY

MANAGER = Actor(LINUS.id, GUILD, frozenset(), manages_guild=True)
MEMBER = Actor(GRACE.id, GUILD, frozenset(), manages_guild=False)
LIKERS_CALL = "/2/tweets/{}/liking_users"


@pytest.fixture
async def x() -> AsyncIterator[X]:
    async with an_x() as opened:
        opened.sandbox.world.settings.liking = "allowed"
        yield opened


@pytest.fixture
async def party(x: X, sqlite: Database) -> Party:
    return Party(x, sqlite)


class Polling:
    """The polling of a party, and what people do to its posts."""

    def __init__(self, party: Party) -> None:
        self.party = party
        self.health = Health()
        database, now = party.database, party.now
        budget = PollingBudget(Budgets(now, None), now)
        self.collector = LikersRound(database, party.access, self.health, now, budget)
        self.probe = CountsRound(database, party.own, self.health, now, every=EVERY, budget=budget)
        self.new_watches = NewWatches(
            database, party.access, likers=self.collector, budget=budget, prices=MICRO_USD, now=now
        )

    def post(self, likes: int = 0, author_id: int = TWITTER) -> Post:
        world = self.party.x.sandbox.world
        post = make_post(world, {"author_id": str(author_id), "text": "Hello"})
        self.like(post, likes)
        return post

    def like(self, post: Post, times: int = 1) -> None:
        world = self.party.x.sandbox.world
        for _ in range(times):
            world.like(post, world.stranger_to(post))

    async def watch(self, post: Post) -> models.Post:
        await self.new_watches.add(WatchRequest(GUILD, CHANNEL, str(post.id), LINUS.id))
        return await self.stored(post)

    async def round(self) -> None:
        self.party.x.later(EVERY.total_seconds())
        await self.party.key_check.look()
        self.collector.moved((await self.probe.run_once()).moved)
        while (again := (await self.collector.run_once()).again_in) is not None:
            self.party.x.later(again.total_seconds() + 0.001)

    async def stored(self, post: Post) -> models.Post:
        async with self.party.database.reading() as session:
            found = await Posts(session).get(post.id)
        assert found is not None
        return found

    async def told(self) -> list[tuple[str, int]]:
        """Return the announcements: their kind, and how many likes each tells of."""
        async with self.party.database.reading() as session:
            rows = await session.exec(select(Announcement).order_by("id"))
            return [
                (row.kind.value, row.liker_count or row.to_count - row.from_count) for row in rows
            ]


@pytest.fixture
def polling(party: Party) -> Polling:
    return Polling(party)


async def revoke(party: Party) -> None:
    """Let the person take the permission back on X."""
    token = await party.tokens.token(TWITTER)
    assert token is not None
    assert party.x.sandbox._tokens.revoke(token.access_token)


class TestReading:
    async def test_a_linked_author_reads_their_own_posts(self, party: Party) -> None:
        await party.link_in_browser()
        assert await party.reader_ids() == {TWITTER}
        assert (await party.access.reader(TWITTER, [GUILD])).user_id == TWITTER
        assert await party.access.reader(DEV, [GUILD]) is party.own
        assert await party.access.reader(17874544, [GUILD]) is party.own
        assert await party.access.reader(None, [GUILD]) is party.own

    async def test_a_counts_watch_becomes_a_names_watch_when_the_author_links(
        self, party: Party, polling: Polling
    ) -> None:
        post = polling.post(likes=2)
        assert (await polling.watch(post)).kind is PostKind.COUNTS
        polling.like(post)
        await polling.round()

        await party.link_in_browser()
        await polling.round()
        assert (await polling.stored(post)).kind is PostKind.NAMES
        polling.like(post, 2)
        await polling.round()

        assert await polling.told() == [("growth", 1), ("likes", 2)]

    async def test_without_the_author_it_tells_how_counts_grow_again(
        self, party: Party, polling: Polling
    ) -> None:
        await party.link_by_pin()
        post = polling.post(likes=2)
        assert (await polling.watch(post)).kind is PostKind.NAMES
        polling.like(post)
        await polling.round()

        polling.like(post, 2)  # nobody has read these when the account goes
        await party.accounts.unlink(GRACE.id)
        await polling.round()
        assert (await polling.stored(post)).kind is PostKind.COUNTS
        assert await polling.told() == [("likes", 1), ("notice", 0), ("growth", 2)]
        polling.like(post)
        await polling.round()

        # What waits to be sent grows on.
        assert await polling.told() == [("likes", 1), ("notice", 0), ("growth", 3)]

    async def test_a_revoked_account_is_told_of_once_and_loses_no_like(
        self, party: Party, polling: Polling, x: X
    ) -> None:
        await party.link_in_browser()
        post = polling.post(likes=1)
        await polling.watch(post)
        await revoke(party)

        with capture_logs() as logs:
            for _ in range(4):
                polling.like(post)
                await polling.round()
            in_the_first_minute = await polling.told(), (await polling.stored(post)).kind
            for _ in range(6):
                polling.like(post)
                await polling.round()

        assert in_the_first_minute == ([], PostKind.NAMES), "nothing is given up yet"
        said = [entry["event"] for entry in logs if "account" in entry]
        assert said == ["X no longer accepts a linked account"]
        assert [entry for entry in logs if entry["event"] == "trouble"] == []
        assert await x.calls("/2/users/me") == [200, 401, 401, 401]
        assert sum(count for _, count in await polling.told()) == 10
        assert (await polling.stored(post)).kind is PostKind.COUNTS
        assert polling.health.problem is None
        assert await party.reader_ids() == frozenset()

    async def test_an_account_revoked_between_its_refreshes(
        self, party: Party, polling: Polling, x: X
    ) -> None:
        await party.link_in_browser()
        post = polling.post(likes=1)
        await polling.watch(post)
        await revoke(party)
        x.later(7200)

        with capture_logs() as logs:
            for _ in range(8):
                polling.like(post)
                await polling.round()

        assert len([entry for entry in logs if "account" in entry]) == 1
        assert sum(count for _, count in await polling.told()) == 8

    async def test_while_x_is_down_a_linked_account_stays(
        self, party: Party, polling: Polling, x: X
    ) -> None:
        await party.link_in_browser()
        post = polling.post(likes=1)
        await polling.watch(post)
        x.later(7200)
        x.fault("POST /2/oauth2/token", times=1, status=503)
        polling.like(post)

        await polling.round()
        waited = await polling.told()
        await polling.round()

        assert waited == []
        assert await polling.told() == [("likes", 1)]


class TestActing:
    @pytest.fixture
    def likes(self, party: Party) -> LikeService:
        identity = Identity(party.database, party.own, party.now)
        return LikeService(party.database, party.access, identity, party.now)

    async def outcomes(self, party: Party) -> list[tuple[str, str, str]]:
        async with party.database.reading() as session:
            rows = await session.exec(select(ActionLog).order_by("id"))
            return [(row.account, row.action, row.outcome) for row in rows]

    async def test_as_the_members_own_account(
        self, party: Party, polling: Polling, likes: LikeService
    ) -> None:
        await party.link_in_browser()
        post = polling.post(author_id=DEV)

        done = await likes.like(MEMBER, str(post.id))
        assert (done.account, done.liked) == ("Twitter", True)
        assert list(post.likes) == [TWITTER]
        assert not (await likes.unlike(MEMBER, str(post.id))).liked
        assert (await likes.like(MANAGER, str(post.id))).account == "TwitterDev"
        assert await self.outcomes(party) == [
            ("Twitter", "like", "liked"),
            ("Twitter", "unlike", "not_liked"),
            ("TwitterDev", "like", "liked"),
        ]

    async def test_own_accounts_only(
        self, party: Party, polling: Polling, likes: LikeService
    ) -> None:
        async with party.database.transaction() as session:
            guild = await Guilds(session).get(GUILD)
            guild.own_accounts_only = True
            session.add(guild)
        post = polling.post()
        for actor in (MANAGER, MEMBER):
            with pytest.raises(OwnAccountNeeded, match="/account link"):
                await likes.like(actor, str(post.id))
        await party.link_in_browser()
        assert (await likes.like(MEMBER, str(post.id))).account == "Twitter"

    async def test_who_has_none_is_told_how(self, polling: Polling, likes: LikeService) -> None:
        with pytest.raises(NotAllowed, match="/account link"):
            await likes.like(MEMBER, str(polling.post().id))

    async def test_a_revoked_account_acts_for_nobody(
        self, party: Party, polling: Polling, likes: LikeService
    ) -> None:
        await party.link_by_pin()
        await revoke(party)
        post = polling.post()

        with pytest.raises(CredentialRefused, match="try again in a minute"):
            await likes.like(MEMBER, str(post.id))
        assert (await party.accounts.status(GRACE.id)).accepted
        await party.look_for_a_minute()
        with pytest.raises(LinkBroken, match="@Twitter"):
            await likes.like(MEMBER, str(post.id))

        assert await self.outcomes(party) == [("Twitter", "like", "credential_refused")]
        assert not (await party.accounts.status(GRACE.id)).accepted
        assert list(post.likes) == []

    async def test_a_token_that_was_replaced_meanwhile_breaks_no_link(
        self, party: Party, polling: Polling, likes: LikeService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await party.link_in_browser()
        stale = await party.of_member(GRACE.id)
        party.x.later(7200)
        await party.tokens.token(TWITTER)

        async def late(_: object) -> object:
            return stale

        with monkeypatch.context() as patch:
            patch.setattr(party.access.linked, "open", late)
            with pytest.raises(CredentialRefused):
                await likes.like(MEMBER, str(polling.post().id))
        await party.look_for_a_minute()
        assert (await likes.like(MEMBER, str(polling.post().id))).account == "Twitter"

    async def test_what_x_refuses_is_logged_too(
        self, party: Party, polling: Polling, likes: LikeService, x: X
    ) -> None:
        x.sandbox.world.settings.liking = "refused"
        await party.link_in_browser()
        post = polling.post()
        with pytest.raises(LikingRefused, match="You can like it yourself"):
            await likes.like(MEMBER, str(post.id))
        assert await self.outcomes(party) == [("Twitter", "like", "not_in_plan")]

    @pytest.mark.parametrize("looks", ["a manager", "the member"])
    async def test_who_looks_has_it_tried_again(
        self, party: Party, polling: Polling, likes: LikeService, x: X, looks: str
    ) -> None:
        x.sandbox.world.settings.liking = "refused"
        await party.link_in_browser()
        post = polling.post()
        for _ in range(2):
            with pytest.raises(LikingRefused):
                await likes.like(MEMBER, str(post.id))
            x.later(60)
        x.sandbox.world.settings.liking = "allowed"
        with pytest.raises(LikingRefused):
            await likes.like(MEMBER, str(post.id))

        for _ in range(2):
            await _status(party).show(GUILD)
            assert (await party.accounts.status(GRACE.id)).liking is False
        with pytest.raises(LikingRefused):
            await likes.like(MEMBER, str(post.id))
        if looks == "a manager":
            await _status(party).forget_refusals()
        else:
            await party.accounts.forget_refusals(GRACE.id)

        assert (await likes.like(MEMBER, str(post.id))).liked


def _status(party: Party) -> StatusService:
    return StatusService(
        database=party.database,
        x=party.own,
        identity=Identity(party.database, party.own, party.now),
        ledger=party.ledger,
        budgets=Budgets(party.now, None),
        allowances=party.allowances,
        health=Health(),
        abilities=party.abilities,
        now=party.now,
        homes=EveryGuildIsHome(),
    )
