"""Figures for Prometheus, when METRICS_PORT is set."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.accounts.allowances import SharedAllowances
from bot.money.ledger import Ledger
from bot.run.metrics_server import serving
from bot.x.limits import DOCUMENTED, Endpoint
from storage.figures import Figures

LOOPBACK = "127.0.0.1"
_SECONDS = (1, 2, 4, 8, 15, 30, 60, 120, 300, 900, 3600)


def _is_well() -> str | None:
    return None


class Metrics:
    """Counts what the jobs do; reads allowances and money when it is asked."""

    def __init__(self, allowances: SharedAllowances, account: str, ledger: Ledger) -> None:
        self._registry = CollectorRegistry()
        self._probed = self._counter("likecord_probed_posts", "Posts whose count was read")
        self._collected = self._counter("likecord_collected_posts", "Posts whose likers were read")
        self._announced = self._counter("likecord_messages", "Announcements that Discord has")
        self._likes_told = self._counter("likecord_likes_announced", "Likes that were announced")
        self._events = self._gauge("likecord_push_events", "Events that X pushed", "kind")
        self._seconds = Histogram(
            "likecord_like_to_message_seconds",
            "From when a like was seen until Discord had its message",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._likes = self._gauge("likecord_likes_seen", "Likes that are stored")
        self._waiting = self._gauge("likecord_announcements_waiting", "Announcements not sent yet")
        self._longest = self._gauge(
            "likecord_announcements_waiting_seconds", "For how long the oldest of them waits"
        )
        self._troubles = self._gauge("likecord_troubles", "Parts that cannot work (1)", "part")
        self._watches = self._gauge(
            "likecord_watches_in_trouble", "Watches whose channel refuses messages", "trouble"
        )
        remaining = self._gauge(
            "likecord_x_remaining", "Requests that X still allows in the current window", "endpoint"
        )
        for endpoint in DOCUMENTED:
            remaining.labels(endpoint.value).set_function(_remaining(allowances, account, endpoint))
        spent = self._gauge("likecord_x_month_usd", "US dollars that X charged this month")
        spent.set_function(lambda: ledger.month_usd)

    def _counter(self, name: str, text: str) -> Counter:
        return Counter(name, text, registry=self._registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, labels, registry=self._registry)

    def probed(self, posts: int) -> None:
        self._probed.inc(posts)

    def pushed(self, events: Mapping[str, int]) -> None:
        """Show how many events X has pushed, by kind; `duplicate` ones may have been paid for."""
        for kind, number in events.items():
            self._events.labels(kind).set(number)

    def collected(self, posts: int) -> None:
        self._collected.inc(posts)

    def announced(self, messages: int) -> None:
        self._announced.inc(messages)

    def told(self, likes: int, after: timedelta) -> None:
        """Count likes of one announcement that Discord has."""
        self._likes_told.inc(likes)
        self._seconds.observe(max(0.0, after.total_seconds()))

    def stored(self, figures: Figures, troubles: Collection[str], now: datetime) -> None:
        """Show what the database holds, and which parts cannot work."""
        self._likes.set(figures.likes)
        self._waiting.set(figures.waiting)
        since = figures.waiting_since or now
        self._longest.set(max(0.0, (now - since).total_seconds()))
        self._troubles.clear()
        for part in troubles:
            self._troubles.labels(part).set(1)
        self._watches.clear()
        for trouble, number in figures.watches_in_trouble.items():
            self._watches.labels(trouble).set(number)

    @contextmanager
    def serve(
        self,
        port: int | None,
        host: str = LOOPBACK,
        why_not: Callable[[], str | None] = _is_well,
    ) -> Iterator[None]:
        """Answer scrapes and `/healthz` on a port, if one is set, until the end of the block.

        Raise SettingsError when it cannot be listened there.
        """
        if port is None:
            yield
            return
        with serving(host, port, self._registry, why_not):
            yield


def _remaining(
    allowances: SharedAllowances, account: str, endpoint: Endpoint
) -> Callable[[], float]:
    return lambda: allowances.last_seen(account, endpoint).remaining
