"""How long until X's stream is connected to again. Pure; the numbers are X's own."""

from dataclasses import dataclass, field, replace
from enum import StrEnum


class Ending(StrEnum):
    """Why a stream could not be opened, or ended."""

    CLOSED = "closed"
    TCP = "tcp"
    SERVER = "server"
    LIMITED = "limited"
    REFUSED = "refused"
    TOLD = "told"


# Seconds: 250 ms more each time to 16 s where the connection fails, 5 s doubling to 320 s where X
# does, a minute doubling where it says that it was too often.
_TCP_STEP_S, _TCP_MOST_S = 0.25, 16.0
_SERVER_S, _SERVER_MOST_S = 5.0, 320.0
_LIMITED_S, _LIMITED_MOST_S = 60.0, 960.0
# Once may be X's own trouble. Keys or a plan that X refuses are looked at by people; it is asked
# again so often.
_REFUSED_ONCE_S, _REFUSED_S = 60.0, 3_600.0


@dataclass(frozen=True, slots=True)
class Delays:
    """How often in a row each has happened since a stream was heard."""

    times: dict[Ending, int] = field(default_factory=dict)

    def heard(self) -> "Delays":
        """Return that X has said something: whatever was wrong is over."""
        return Delays() if self.times else self

    def after(self, ending: Ending, named_s: float | None = None) -> tuple["Delays", float]:
        """Return what is known then, and the seconds to wait; X may have named them itself."""
        times = self.times.get(ending, 0) + 1
        counted = replace(self, times={**self.times, ending: times})
        return counted, max(named_s or 0.0, _wait_s(ending, times))


def _wait_s(ending: Ending, times: int) -> float:
    match ending:
        case Ending.TOLD if times == 1:
            return 0.0
        case Ending.CLOSED if times == 1:
            return 0.0
        case Ending.SERVER:
            return float(min(_SERVER_MOST_S, _SERVER_S * 2 ** min(times - 1, 10)))
        case Ending.LIMITED:
            return float(min(_LIMITED_MOST_S, _LIMITED_S * 2 ** min(times - 1, 10)))
        case Ending.REFUSED:
            return _REFUSED_ONCE_S if times == 1 else _REFUSED_S
        case _:
            return min(_TCP_MOST_S, _TCP_STEP_S * times)
