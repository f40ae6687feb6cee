"""Those who ask for something in tests."""

from bot.domain import Actor
from sandbox.discord import seed

ADA = Actor(
    seed.ADA_ID, seed.GUILD_ID, frozenset({seed.GUILD_ID, seed.ADMINS_ID}), manages_guild=True
)
GRACE = Actor(
    seed.GRACE_ID, seed.GUILD_ID, frozenset({seed.GUILD_ID, seed.READERS_ID}), manages_guild=False
)
LINUS = Actor(seed.LINUS_ID, seed.GUILD_ID, frozenset({seed.GUILD_ID}), manages_guild=False)


def manager(guild_id: int, user_id: int = 7) -> Actor:
    return Actor(user_id, guild_id, frozenset(), manages_guild=True)


def member(guild_id: int, user_id: int = 8, *role_ids: int) -> Actor:
    return Actor(user_id, guild_id, frozenset(role_ids), manages_guild=False)
