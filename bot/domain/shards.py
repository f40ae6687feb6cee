"""Parts of all servers, by which Discord spreads a large bot over several connections."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shards:
    """Those that come to one process, of `count` in all; a server is of one by its ID."""

    ids: frozenset[int]
    count: int
