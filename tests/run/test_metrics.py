"""Figures, scraped over HTTP."""

import asyncio
import selectors
import socket
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from datetime import timedelta
from threading import Thread
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.domain.errors import SettingsError
from bot.run.liveness import Liveness
from bot.run.metrics import Metrics
from bot.x.limits import DOCUMENTED
from storage.database import Database
from storage.figures import read_figures
from storage.shut_channels import ShutChannels
from tests.patience import GUARD_S
from tests.storage.rows import (
    NOW,
    a_watch,
    an_announcement,
    store_announcements,
    store_post,
    store_watch,
)
from tests.watching.harness import Bot, World, a_world

LOOPBACK = "127.0.0.1"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as running:
        yield running


@pytest.fixture
async def bot(world: World, sqlite: Database) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as http:
        yield Bot(world, sqlite, http)


@pytest.fixture
def metrics(bot: Bot) -> Metrics:
    return Metrics(bot.limits, bot.x.account, bot.ledger)


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _read(port: int) -> dict[str, float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as response:
        text = response.read().decode()
    return {
        "".join((sample.name, *sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def _scrape(port: int) -> dict[str, float]:
    return await asyncio.to_thread(_read, port)


async def test_what_the_jobs_did_is_counted(metrics: Metrics, port: int) -> None:
    with metrics.serve(port, LOOPBACK):
        before = await _scrape(port)
        assert before["likecord_messages_total"] == 0
        for _ in range(2):
            metrics.probed(100)
            metrics.collected(3)
            metrics.announced(1)
        after = await _scrape(port)

    assert after["likecord_probed_posts_total"] == 200
    assert after["likecord_collected_posts_total"] == 6
    assert after["likecord_messages_total"] == 2


async def test_allowances_and_money_are_those_of_now(
    world: World, bot: Bot, metrics: Metrics, port: int
) -> None:
    with metrics.serve(port, LOOPBACK):
        before = await _scrape(port)
        await bot.watch(world.post(likes=3))
        after = await _scrape(port)

    for endpoint, limit in DOCUMENTED.items():
        assert before[f"likecord_x_remaining{endpoint.value}"] == limit
    likers = "likecord_x_remainingGET /2/tweets/:id/liking_users"
    assert after[likers] == before[likers] - 1
    assert before["likecord_x_month_usd"] == 0
    # A post, its author and three likers.
    assert after["likecord_x_month_usd"] == pytest.approx(0.045)


async def test_what_waits_and_what_is_in_trouble(
    sqlite: Database, metrics: Metrics, port: int
) -> None:
    await store_post(sqlite)
    watch = a_watch()
    await store_announcements(sqlite, an_announcement(await store_watch(sqlite, watch)))
    async with sqlite.transaction() as session:
        await ShutChannels(session).shut(watch.channel_id, "cannot_send", NOW)
    metrics.told(3, timedelta(seconds=5))
    metrics.told(1, timedelta(seconds=-1))

    async with sqlite.reading() as session:
        metrics.stored(await read_figures(session), ["probe"], NOW + timedelta(seconds=9))
    with metrics.serve(port):
        shown = await _scrape(port)
    assert shown["likecord_likes_announced_total"] == 4
    assert shown["likecord_like_to_message_seconds_bucket1.0"] == 1
    assert shown["likecord_like_to_message_seconds_bucket8.0"] == 2
    assert shown["likecord_likes_seen"] == 0
    assert shown["likecord_announcements_waiting"] == 1
    assert shown["likecord_announcements_waiting_seconds"] == 9
    assert shown["likecord_troublesprobe"] == 1
    assert shown["likecord_watches_in_troublecannot_send"] == 1


async def test_health_says_why_not(metrics: Metrics, port: int) -> None:
    connected, seconds = [True], [0.0]
    liveness = Liveness(lambda: connected[0], lambda: seconds[0])

    def asked() -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    with metrics.serve(port, why_not=liveness.why_not):
        assert await asyncio.to_thread(asked) == (503, "It has not begun yet.\n")
        liveness.works()
        assert await asyncio.to_thread(asked) == (200, "It works.\n")
        seconds[0] = 31
        assert await asyncio.to_thread(asked) == (503, "It has stood still for 31 seconds.\n")
        liveness.fails("The database cannot be used: its disk is full.")
        problem = "The database cannot be used: its disk is full.\n"
        assert await asyncio.to_thread(asked) == (503, problem)
        liveness.works()
        connected[0] = False
        assert await asyncio.to_thread(asked) == (503, "It is not connected to Discord.\n")


async def test_nothing_listens_without_a_port_and_after_the_end(
    metrics: Metrics, port: int
) -> None:
    with metrics.serve(None, LOOPBACK):
        pass
    with metrics.serve(port, LOOPBACK):
        assert await _scrape(port)
    with pytest.raises(urllib.error.URLError):
        await _scrape(port)


@pytest.mark.parametrize("kind", [selectors.DefaultSelector, selectors.PollSelector])
def test_its_end_is_waited_for_at_no_interval(
    metrics: Metrics, port: int, monkeypatch: pytest.MonkeyPatch, kind: type[Any]
) -> None:
    """Nothing else of the bot goes on meanwhile: looking twice a second took half of one."""
    select = kind.select
    monkeypatch.setattr(
        kind, "select", lambda self, timeout=None: select(self, None if timeout else timeout)
    )

    def begin_and_end() -> None:
        with metrics.serve(port, LOOPBACK):
            pass

    thread = Thread(target=begin_and_end, daemon=True)
    thread.start()
    thread.join(GUARD_S)
    assert not thread.is_alive(), "the end waits for an interval"


async def test_a_port_that_is_not_free(metrics: Metrics) -> None:
    with socket.create_server((LOOPBACK, 0)) as other:
        port = other.getsockname()[1]
        with (
            pytest.raises(SettingsError, match=f"METRICS_PORT: .* port {port} "),
            metrics.serve(port, LOOPBACK),
        ):
            pass


async def test_two_of_them_do_not_share_figures(bot: Bot, port: int) -> None:
    """As in tests, and in a process that starts again."""
    first, second = (Metrics(bot.limits, bot.x.account, bot.ledger) for _ in range(2))
    first.announced(5)
    with second.serve(port, LOOPBACK):
        assert (await _scrape(port))["likecord_messages_total"] == 0
