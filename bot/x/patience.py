"""How long X is waited for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for one answer, how often it is asked for, and the longest pause in between."""

    connect_s: float = 5.0
    answer_s: float = 10.0
    tries: int = 3
    pause_s: float = 3.0


USUAL = Patience()
