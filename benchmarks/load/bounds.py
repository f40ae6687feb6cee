"""What was measured under load, and the bounds that it is held to."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.load.announcements import MOST_OF_ALLOWED, Delivered
from benchmarks.load.answers import MOST_TIMES, Answers, Slow
from benchmarks.load.memory import MOST_GROWTH, Memory
from benchmarks.load.pushed import GROWTH, P50_S, P95_S, PushLoad

_MOST_FIRST_TIMES = 1.25  # as slow as the barest bot, but for the noise of the machine
_MOST_FIRST_MS = 1000.0


@dataclass(slots=True)
class Figures:
    """What was measured; None is a part that was left out."""

    one_by_one: list[Answers] = field(default_factory=list)
    at_once: list[Answers] = field(default_factory=list)
    slow: Slow | None = None
    memory: Memory | None = None
    delivered: Delivered | None = None
    pushed: PushLoad | None = None


def broken_bounds(figures: Figures) -> Iterator[str]:
    """Yield a sentence for each bound that is broken."""
    for each in figures.one_by_one:
        yield from _of_answers(each)
    if figures.slow is not None:
        yield from _while_slow(figures.slow)
    if figures.memory is not None and figures.memory.growth > MOST_GROWTH:
        yield f"memory grows {figures.memory.growth:.2f} times"
    if figures.delivered is not None:
        yield from _of_delivery(figures.delivered)
    if figures.pushed is not None:
        yield from _of_push(figures.pushed)


def _of_answers(each: Answers) -> Iterator[str]:
    if each.first_times > _MOST_FIRST_TIMES:
        yield f"/{each.command} shows its first sign {each.first_times} times as late"
    most = MOST_TIMES.get(each.command, 1.0)
    if each.whole_times > most:
        yield f"/{each.command} takes {each.whole_times} times as long, not {most}"


def _while_slow(slow: Slow) -> Iterator[str]:
    if slow.answered < slow.asked:
        yield f"{slow.asked - slow.answered} of {slow.asked} got no first answer"
    if slow.p99_ms >= _MOST_FIRST_MS:
        yield f"the first answer takes {slow.p99_ms} ms while X is slow (p99)"


def _of_delivery(sent: Delivered) -> Iterator[str]:
    most_s = sent.allowed_s * MOST_OF_ALLOWED
    if sent.seconds > most_s:
        yield f"the announcements take {sent.seconds} s, not {most_s:.1f}"
    if sent.limited:
        yield f"Discord refuses {sent.limited} messages as too many"


def _of_push(push: PushLoad) -> Iterator[str]:
    if push.p50_s > P50_S or push.p95_s > P95_S:
        yield f"a pushed like takes {push.p50_s} s, and {push.p95_s} s (p95)"
    if push.growth > GROWTH:
        yield f"a burst of events lets memory grow {push.growth:.2f} times"
    if push.missing or push.twice:
        yield f"{push.missing} pushed likes are missing, {push.twice} told twice"
