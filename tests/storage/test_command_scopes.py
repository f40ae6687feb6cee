"""Servers that have commands of their own."""

from bot.services.command_scopes import CommandScopeService
from storage.database import Database


async def test_they_are_kept_until_their_commands_are_taken_back(database: Database) -> None:
    scopes = CommandScopeService(database)
    for guild_id in (7, 8, 7):
        await scopes.add(guild_id)
    assert await scopes.others(7) == (8,)
    assert await scopes.others(None) == (7, 8)
    await scopes.forget(8)
    assert await scopes.others(None) == (7,)
