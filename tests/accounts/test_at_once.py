"""Two processes on one PostgreSQL that link, unlink or start at the same moment."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.consents import ConsentService
from bot.accounts.unlinking import Unlinking
from bot.domain import Forgotten, LinkedAccount
from bot.domain.errors import AskedToBeForgotten, LinkedBySomebodyElse, NotLinked
from bot.x.credentials import account_name
from storage.accounts import Accounts
from storage.charges import Charges
from storage.consents import Consents
from storage.forgotten import ForgottenList
from storage.models import ForgottenKind, PendingRevocation, XAccount
from tests.accounts.stored import rows
from tests.at_once import (
    all_looking_before_any_writes,
    before_it_is_stored,
    while_another_waits,
)
from tests.databases import opened
from tests.linking import DEV, GRACE, LINUS, SUPPORT, TWITTER, Party, X

GUILD = GRACE.guild_id
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def processes(x: X, postgres_url: str) -> AsyncIterator[tuple[Party, Party]]:
    async with opened(postgres_url) as one, opened(postgres_url) as other:
        yield Party(x, one), Party(x, other)


async def _accounts(party: Party) -> list[XAccount]:
    found = await rows(party.database, XAccount)
    return [row for row in found if isinstance(row, XAccount)]


async def test_two_that_start_on_a_fresh_database_both_come_through(
    processes: tuple[Party, Party], postgres_url: str
) -> None:
    starts = (each.key_check.prove() for each in processes)
    assert await all_looking_before_any_writes(postgres_url, XAccount, *starts) == [None, None]

    (own,) = await _accounts(processes[0])
    assert (own.x_user_id, own.username, own.owner_id) == (DEV, "TwitterDev", None)


async def test_a_start_leaves_what_a_linked_account_stores(party: Party) -> None:
    linked = XAccount(
        x_user_id=DEV,
        username="before",
        owner_id=GRACE.id,
        oauth1=b"one",
        oauth2=b"two",
        scopes="like.read",
        expires_at=party.now(),
        refreshing_until=party.now(),
        revoked_at=party.now(),
        refresh_refused_at=party.now(),
        created_at=party.now() - MINUTE,
    )
    was = linked.model_dump()
    async with party.database.transaction() as session:
        session.add(linked)

    await party.key_check.prove()

    (own,) = await _accounts(party)
    assert own.model_dump() == {**was, "username": "TwitterDev"}


async def test_one_account_is_linked_by_one_of_two_members(
    processes: tuple[Party, Party], postgres_url: str
) -> None:
    one, other = processes
    linking = {GRACE.id: one.link_by_pin(), LINUS.id: other.link_by_pin(member=LINUS)}
    answers = await all_looking_before_any_writes(postgres_url, XAccount, *linking.values())

    told = dict(zip(linking, answers, strict=True))
    (linked,) = await _accounts(one)
    assert told.pop(linked.owner_id or 0) == LinkedAccount(TWITTER, "Twitter")
    (refused,) = told.values()
    assert isinstance(refused, LinkedBySomebodyElse)


async def test_a_member_who_links_two_accounts_has_the_second(
    processes: tuple[Party, Party], postgres_url: str
) -> None:
    one, other = processes
    linked = await all_looking_before_any_writes(
        postgres_url, XAccount, one.link_by_pin(TWITTER), other.link_by_pin(SUPPORT)
    )

    assert [each.x_user_id for each in linked if isinstance(each, LinkedAccount)] == [
        TWITTER,
        SUPPORT,
    ]
    assert [each.x_user_id for each in await _accounts(one)] == [SUPPORT]


async def test_so_has_a_member_of_one_process(
    party: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In SQLite both have looked by the time that what X refused an account is forgotten."""
    both, forget = asyncio.Barrier(2), party.abilities.forget
    names = {account_name(TWITTER), account_name(SUPPORT)}

    async def forget_together(account: str) -> None:
        if account in names:
            names.discard(account)
            await both.wait()
        await forget(account)

    monkeypatch.setattr(party.abilities, "forget", forget_together)
    linked = await asyncio.gather(party.link_by_pin(TWITTER), party.link_by_pin(SUPPORT))

    assert {each.x_user_id for each in linked} == {TWITTER, SUPPORT}
    assert len(await _accounts(party)) == 1


async def test_to_agree_with_an_account_that_is_unlinked_just_now(
    processes: tuple[Party, Party], postgres_url: str
) -> None:
    one, other = processes
    await one.link_by_pin()

    async def unlink(session: AsyncSession) -> None:
        account = await Accounts(session).get(TWITTER, lock=True)
        assert account is not None
        await Accounts(session).remove(account)

    agreeing = ConsentService(other.database, other.now).agree(GRACE.id, GUILD + 1)
    with pytest.raises(NotLinked):
        await before_it_is_stored(postgres_url, unlink, agreeing)


async def test_who_is_put_on_the_list_of_the_forgotten_just_now_is_not_linked(
    processes: tuple[Party, Party], postgres_url: str
) -> None:
    one, other = processes

    async def forget(session: AsyncSession) -> None:
        await ForgottenList(session).lock(ForgottenKind.USER, TWITTER)
        await ForgottenList(session).add(ForgottenKind.USER, TWITTER, one.now())

    with pytest.raises(AskedToBeForgotten):
        await before_it_is_stored(postgres_url, forget, other.link_by_pin())

    assert await _accounts(one) == []


async def test_a_member_is_forgotten_once_and_their_tokens_are_revoked_once(
    processes: tuple[Party, Party], postgres_url: str
) -> None:
    await processes[0].link_by_pin()
    forgotten = await all_looking_before_any_writes(
        postgres_url, PendingRevocation, *(each.accounts.forget(GRACE.id) for each in processes)
    )

    assert forgotten == [Forgotten("Twitter", 0), Forgotten(None, 0)]
    assert len(await rows(processes[0].database, PendingRevocation)) == 1


async def test_a_member_is_forgotten_while_what_they_look_up_is_booked(
    processes: tuple[Party, Party], postgres_url: str
) -> None:
    one, other = processes
    await one.link_by_pin()
    today = one.now().date()
    charge = {"day": today, "guild_id": GRACE.id, "purpose": "", "post_id": 0, "resource": "post"}

    async def book(session: AsyncSession) -> None:
        await Charges(session).add([{**charge, "count": 1, "micro_usd": 1}])

    async def note_use(session: AsyncSession) -> None:
        await Consents(session).used(TWITTER, [GUILD], "/likers", today)

    async with one.database.transaction() as session:
        await book(session)
        await note_use(session)
    forgetting = other.accounts.forget(GRACE.id)

    assert await while_another_waits(postgres_url, book, forgetting, note_use) == Forgotten(
        "Twitter", 0
    )
    assert await _accounts(one) == []


async def _unlink_meanwhile(
    one: Party, monkeypatch: pytest.MonkeyPatch, meanwhile: Party, member_id: int
) -> None:
    """Unlink in both processes; the first has not heard from X yet when the second links anew."""
    asks, answers = asyncio.Event(), asyncio.Event()
    revoke = Unlinking._revoke

    async def slowly(unlinking: Unlinking, account: XAccount) -> bool:
        asks.set()
        await answers.wait()
        return await revoke(unlinking, account)

    with monkeypatch.context() as patched:
        patched.setattr(Unlinking, "_revoke", slowly)
        unlinking = asyncio.create_task(one.accounts.unlink(GRACE.id))
        await asks.wait()
    await meanwhile.accounts.unlink(GRACE.id)
    member = GRACE if member_id == GRACE.id else LINUS
    await meanwhile.link_by_pin(member=member)
    answers.set()
    await unlinking


async def test_an_account_that_another_member_has_linked_by_then_stays_theirs(
    processes: tuple[Party, Party], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = processes
    await one.link_by_pin()
    await _unlink_meanwhile(one, monkeypatch, other, LINUS.id)

    (linked,) = await _accounts(one)
    assert linked.owner_id == LINUS.id


async def test_what_x_gave_for_linking_anew_is_still_revoked(
    processes: tuple[Party, Party], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = processes
    await one.link_by_pin()
    await _unlink_meanwhile(one, monkeypatch, other, GRACE.id)

    assert await _accounts(one) == []
    (pending,) = await rows(one.database, PendingRevocation)
    assert isinstance(pending, PendingRevocation)
    assert pending.oauth1 is not None


async def test_a_refusal_after_x_has_just_allowed_it_is_the_first_one(
    processes: tuple[Party, Party], postgres_url: str
) -> None:
    one, other = processes
    account, endpoint, problem = "user:1", "POST /2/users/:id/likes", "client-forbidden"
    async with one.database.transaction() as session:
        await one.abilities.refused(session, account, endpoint, problem)
    one.x.later(MINUTE.total_seconds() + 1)

    async def allow(session: AsyncSession) -> None:
        await one.abilities.allowed(session, account, endpoint)

    async def refuse() -> None:
        async with other.database.transaction() as session:
            await other.abilities.refused(session, account, endpoint, problem)

    await before_it_is_stored(postgres_url, allow, refuse())

    async with one.database.reading() as session:
        known = await one.abilities.known(session, account, endpoint)
    assert known is not None
    assert (known.problem, known.confirmed) == (problem, False)
