"""Figures for Prometheus, when METRICS_PORT is set."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, start_http_server

from bot.accounts.allowances import SharedAllowances
from bot.domain.errors import SettingsError
from bot.money.ledger import Ledger
from bot.x.limits import DOCUMENTED, Endpoint


class Metrics:
    """Counts what the jobs do; reads allowances and money when it is asked."""

    def __init__(self, allowances: SharedAllowances, account: str, ledger: Ledger) -> None:
        self._registry = CollectorRegistry()
        self._probed = self._counter("likecord_probed_posts", "Posts whose count was read")
        self._collected = self._counter("likecord_collected_posts", "Posts whose likers were read")
        self._announced = self._counter("likecord_messages", "Announcements that Discord has")
        remaining = Gauge(
            "likecord_x_remaining",
            "Requests that X still allows in the current window",
            ["endpoint"],
            registry=self._registry,
        )
        for endpoint in DOCUMENTED:
            remaining.labels(endpoint.value).set_function(_remaining(allowances, account, endpoint))
        spent = Gauge(
            "likecord_x_month_usd", "US dollars that X charged this month", registry=self._registry
        )
        spent.set_function(lambda: ledger.month_usd)

    def _counter(self, name: str, text: str) -> Counter:
        return Counter(name, text, registry=self._registry)

    def probed(self, posts: int) -> None:
        self._probed.inc(posts)

    def collected(self, posts: int) -> None:
        self._collected.inc(posts)

    def announced(self, messages: int) -> None:
        self._announced.inc(messages)

    @contextmanager
    def serve(self, port: int | None, host: str) -> Iterator[None]:
        """Answer scrapes on a port of an address of this machine until the end of the block.

        Raise SettingsError when the port is not free, or the address not this machine's.
        """
        if port is None:
            yield
            return
        try:
            server, thread = start_http_server(port, addr=host, registry=self._registry)
        except OSError as error:
            raise SettingsError(
                [f"METRICS_PORT: the bot cannot listen on port {port} of {host} ({error.strerror})"]
            ) from None
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _remaining(
    allowances: SharedAllowances, account: str, endpoint: Endpoint
) -> Callable[[], float]:
    return lambda: allowances.last_seen(account, endpoint).remaining
