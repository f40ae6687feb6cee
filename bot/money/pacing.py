"""Spending at a pace: what is saved up may be spent at once, the rest has to be earned. Pure."""

from datetime import datetime

# A pacer holds what the pace earns in this time.
HOLDS_S = 900.0


class Pacer:
    """Money that comes in at a pace (`BudgetBalance.pace_micro_usd_s`; None is no limit).

    It is full at first. What costs more than it can hold is paid when it is full, and leaves a
    debt that the pace pays back: so a dear request waits longer, but not for ever. No more is
    ever spent than the pace brought in and one burst: a full pacer, or the dearest request.
    """

    def __init__(self) -> None:
        self._saved: float | None = None
        self._at: datetime | None = None

    def may_spend(self, micro_usd: int, pace: float | None, now: datetime) -> bool:
        """Say whether so much may be spent now; it is taken out by `spent` alone."""
        if pace is None:
            self._saved = self._at = None
            return True
        if micro_usd <= 0:
            return True
        holds = pace * HOLDS_S
        return self._earned(pace, holds, now) >= min(micro_usd, holds) > 0

    def spent(self, micro_usd: int, now: datetime) -> None:
        """Take out what a request cost; what it earned until `now` is counted when next asked."""
        if self._saved is not None:
            self._saved -= micro_usd
            self._at = self._at or now

    def _earned(self, pace: float, holds: float, now: datetime) -> float:
        """Add what came in since the last time, as far as there is room; return what is there."""
        if self._saved is None or self._at is None:
            self._saved, self._at = holds, now
        else:
            passed = max(0.0, (now - self._at).total_seconds())
            self._saved = min(holds, self._saved + pace * passed)
            self._at = max(self._at, now)
        return self._saved
