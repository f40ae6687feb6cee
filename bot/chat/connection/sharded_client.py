"""The client of a bot in more servers than one connection carries."""

from typing import Any

from discord.ext import commands

from bot.chat.connection.client import LikecordClient
from bot.chat.connection.shards import PatientLaunches, use_patient_shards
from bot.domain.shards import Shards


class ShardedClient(LikecordClient, PatientLaunches, commands.AutoShardedBot):
    """The same on several connections, or on some of those that several processes share."""

    def __init__(self, **named: Any) -> None:  # noqa: ANN401 -- see LikecordClient
        use_patient_shards()
        super().__init__(**named)

    @property
    def shards_here(self) -> Shards | None:
        return Shards(frozenset(self.shards), self.shard_count)

    @property
    def was_on_the_gateway(self) -> bool:
        return bool(self.shards)

    @property
    def has_no_shard_away(self) -> bool:
        return not any(shard.is_closed() for shard in self.shards.values())

    def is_on_the_gateway(self) -> bool:
        return self.is_ready() and self.has_no_shard_away
