"""What a strategy did on the measured day, as a row of the figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """Seconds are from a like to its announcement.

    `worst_usd_like` is what a like costs where X charges for the user in an event besides.
    """

    posts: int
    accounts: int
    strategy: str
    announced: int
    missed: int
    p50_s: float
    p95_s: float
    probe_requests: int
    liking_users_requests: int
    usd_day: float
    usd_like: float
    listing: str = "all"
    in_an_hour: bool = False
    twice: int = 0
    worst_usd_like: float = 0.0

    @property
    def case(self) -> str:
        """Return how X lists likers, and when the posts of a day appear."""
        return f"{self.listing}, in an hour" if self.in_an_hour else self.listing


_COLUMNS: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("posts", lambda row: f"{row.posts:,}"),
    ("accounts", lambda row: str(row.accounts)),
    ("strategy", lambda row: row.strategy),
    ("list", lambda row: row.case),
    ("announced", lambda row: f"{row.announced:,}"),
    ("missed", lambda row: f"{row.missed:,}"),
    ("twice", lambda row: f"{row.twice:,}"),
    ("p50 s", lambda row: f"{row.p50_s:,.1f}"),
    ("p95 s", lambda row: f"{row.p95_s:,.1f}"),
    ("probes", lambda row: f"{row.probe_requests:,}"),
    ("liking_users", lambda row: f"{row.liking_users_requests:,}"),
    ("$ a day", lambda row: f"{row.usd_day:,.2f}"),
    ("$ a like", lambda row: f"{row.usd_like:.5f}"),
    ("at worst", lambda row: f"{row.worst_usd_like:.5f}"),
)


def table(rows: Sequence[Row]) -> str:
    """Return the rows as Markdown."""
    lines = [" | ".join(name for name, _ in _COLUMNS), " | ".join("---" for _ in _COLUMNS)]
    lines += [" | ".join(cell(row) for _, cell in _COLUMNS) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)
