"""What the books of a request do with the ledger, in sessions of their own."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from bot.money.holds import Held
from bot.money.ledger import Ledger
from bot.x.prices import NOBODY, Bill, Billed, Resource, WorstCase
from storage.charges import Charges
from storage.guilds import Guilds


@asynccontextmanager
async def held(ledger: Ledger, worst: WorstCase | int, bill: Bill = NOBODY) -> AsyncIterator[Held]:
    """Hold money inside; raise BudgetSpent or GuildBudgetSpent when it is not there."""
    if isinstance(worst, int):
        worst = WorstCase(worst)
    async with ledger.deciding:
        async with ledger._database.transaction() as session:
            part = await ledger.afford(session, worst, bill)
        ledger.hold(part)
    try:
        yield part
    finally:
        await ledger.release(part)


async def book(ledger: Ledger, bill: Bill, billed: Collection[Billed]) -> None:
    """Write down what an answer costs."""
    async with ledger._database.transaction() as session:
        budgets = await Guilds(session).budgets(bill.guild_ids) if bill.guild_ids else {}
        await ledger.book(session, bill, billed, budgets)


async def price(ledger: Ledger, resource: Resource, ids: Collection[int]) -> int:
    """Return the micro-USD of reading these now."""
    async with ledger._database.reading() as session:
        paid = await Charges(session).paid(ledger._now().date(), resource, ids)
    return len(set(ids) - paid) * ledger.prices[resource]
