"""Jobs over a real APScheduler: when they run, and how they stop."""

import asyncio
from collections.abc import AsyncIterator
from contextvars import ContextVar
from datetime import datetime, timedelta, tzinfo

import pytest
from apscheduler.schedulers import base as schedulers

from bot.run.scheduler import Scheduler
from tests.patience import GUARD_S

NEVER = timedelta(hours=1)
GRACE = timedelta(seconds=10)
NONE = timedelta(0)


_bound = ContextVar("bound", default=False)


class Work:
    """A job that a test holds, and lets go."""

    def __init__(self) -> None:
        self.started = asyncio.Semaphore(0)
        self.may_end = asyncio.Semaphore(0)
        self.at_once = self.most_at_once = self.done = 0
        self.cancelled = asyncio.Event()
        self.idle = asyncio.Event()

    async def __call__(self) -> None:
        self.at_once += 1
        self.idle.clear()
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.started.release()
        try:
            await self.may_end.acquire()
            self.done += 1
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        finally:
            self.at_once -= 1
            self.idle.set()

    async def begins(self) -> None:
        async with asyncio.timeout(GUARD_S):
            await self.started.acquire()

    async def ends(self) -> None:
        async with asyncio.timeout(GUARD_S):
            await self.idle.wait()


@pytest.fixture
async def scheduler() -> AsyncIterator[Scheduler]:
    made = Scheduler()
    yield made
    await made.stop(NONE)


@pytest.fixture
def work(scheduler: Scheduler) -> Work:
    """A job that begins at the start, and then only when it is asked for."""
    made = Work()
    scheduler.add("work", made, NEVER)
    return made


async def _loop_has_turned() -> None:
    """Let everything happen that is ready to happen, APScheduler's timers of now too."""
    for _ in range(50):
        await asyncio.sleep(0)


async def test_a_job_runs_at_the_start_and_at_its_interval(scheduler: Scheduler) -> None:
    ran = asyncio.Semaphore(0)

    async def often() -> None:
        ran.release()

    scheduler.add("often", often, timedelta(seconds=0.01))
    scheduler.start()

    async with asyncio.timeout(GUARD_S):
        for _ in range(4):
            await ran.acquire()


async def test_asked_meanwhile_a_job_runs_once_more_and_never_twice_at_once(
    scheduler: Scheduler, work: Work
) -> None:
    scheduler.start()
    await work.begins()
    for _ in range(5):
        scheduler.soon("work")
        await _loop_has_turned()
    work.may_end.release()
    await work.begins()
    work.may_end.release()
    await work.ends()
    await _loop_has_turned()

    assert (work.done, work.most_at_once) == (2, 1)
    assert work.started.locked(), "it has not begun a third time"


async def test_soon_runs_a_job_long_before_its_interval(scheduler: Scheduler, work: Work) -> None:
    work.may_end.release()
    work.may_end.release()
    scheduler.start()
    await work.begins()
    await work.ends()
    scheduler.soon("work")
    await work.begins()

    assert work.most_at_once == 1


async def test_soon_with_a_delay_waits_that_long(scheduler: Scheduler, work: Work) -> None:
    for _ in range(2):
        work.may_end.release()
    scheduler.start()
    await work.begins()
    loop = asyncio.get_running_loop()
    asked_at = loop.time()
    scheduler.soon("work", timedelta(seconds=0.05))
    await work.begins()

    # APScheduler reckons by the wall clock, the loop by another.
    assert loop.time() - asked_at >= 0.045


async def test_soon_never_puts_a_job_off(scheduler: Scheduler, work: Work) -> None:
    for _ in range(2):
        work.may_end.release()
    scheduler.start()
    await work.begins()
    scheduler.soon("work")
    scheduler.soon("work", NEVER)

    await work.begins()


async def test_a_job_that_nobody_knows_is_not_run(scheduler: Scheduler) -> None:
    scheduler.start()
    scheduler.soon("nothing")
    await _loop_has_turned()


async def test_an_error_is_logged_and_the_job_goes_on(
    scheduler: Scheduler, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = asyncio.Semaphore(0)

    async def fails() -> None:
        ran.release()
        raise ZeroDivisionError("broken on purpose")

    scheduler.add("fails", fails, NEVER)
    scheduler.start()
    async with asyncio.timeout(GUARD_S):
        await ran.acquire()
        await _loop_has_turned()
        scheduler.soon("fails")
        await ran.acquire()
    await _loop_has_turned()

    logged = capsys.readouterr().out + caplog.text
    assert logged.count("job failed") == 2
    assert "broken on purpose" in logged


async def test_one_job_does_not_wait_for_another(scheduler: Scheduler, work: Work) -> None:
    other = Work()
    scheduler.add("other", other, NEVER)
    scheduler.start()
    await work.begins()
    await other.begins()

    assert work.at_once == other.at_once == 1


async def test_stop_lets_work_finish(scheduler: Scheduler, work: Work) -> None:
    scheduler.start()
    await work.begins()
    stopping = asyncio.create_task(scheduler.stop(GRACE))
    await _loop_has_turned()
    assert not stopping.done()
    work.may_end.release()
    await stopping

    assert work.done == 1
    assert not work.cancelled.is_set()


async def test_stop_cancels_what_is_late(scheduler: Scheduler, work: Work) -> None:
    scheduler.start()
    await work.begins()
    await scheduler.stop(timedelta(seconds=0.01))

    assert work.cancelled.is_set()
    assert (work.at_once, work.done) == (0, 0)


async def test_nothing_starts_after_stop(scheduler: Scheduler, work: Work) -> None:
    often = Work()
    scheduler.add("often", often, timedelta(seconds=0.001))
    scheduler.start()
    await work.begins()
    await often.begins()
    scheduler.soon("work")
    await _loop_has_turned()  # asked for meanwhile, it would run once more
    stopping = asyncio.create_task(scheduler.stop(GRACE))
    await _loop_has_turned()
    for _ in range(3):
        work.may_end.release()
        often.may_end.release()
    await stopping
    scheduler.soon("work")
    await _loop_has_turned()

    assert (work.done, often.done) == (1, 1)
    assert work.started.locked()
    assert often.started.locked()


async def test_stop_before_the_start_and_twice_is_fine(scheduler: Scheduler, work: Work) -> None:
    await scheduler.stop(GRACE)
    await scheduler.stop(GRACE)

    assert work.started.locked()


@pytest.mark.parametrize("by_s", [-3_600, -150, 3_600])
async def test_jobs_keep_their_interval_when_the_machines_clock_is_set(
    scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch, by_s: int
) -> None:
    ran, rang = asyncio.Semaphore(0), asyncio.Semaphore(0)

    async def often() -> None:
        ran.release()

    async def seldom() -> None:
        rang.release()

    scheduler.add("often", often, timedelta(seconds=0.02))
    scheduler.add("seldom", seldom, NEVER * 2)
    scheduler.start()
    async with asyncio.timeout(GUARD_S):
        await ran.acquire()
        await rang.acquire()

        class SetClock(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> "SetClock":
                return super().now(tz) + timedelta(seconds=by_s)

        monkeypatch.setattr(schedulers, "datetime", SetClock)
        began = asyncio.get_running_loop().time()
        for _ in range(5):
            await ran.acquire()
        scheduler.soon("seldom", timedelta(seconds=0.02))
        await rang.acquire()

    assert asyncio.get_running_loop().time() - began >= 0.02 * 5
    await _loop_has_turned()
    assert rang.locked(), "a clock that is set forward wakes nobody either"


async def test_what_binds_who_asks_for_a_job_does_not_bind_the_job(scheduler: Scheduler) -> None:
    found: asyncio.Queue[bool] = asyncio.Queue()

    async def look() -> None:
        found.put_nowait(_bound.get())

    scheduler.add("look", look, timedelta(milliseconds=10))
    scheduler.start()
    assert not await found.get()
    _bound.set(True)
    scheduler.soon("look")

    async with asyncio.timeout(GUARD_S):
        assert [await found.get() for _ in range(3)] == [False] * 3
