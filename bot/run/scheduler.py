"""APScheduler's jobs. The only importer of apscheduler."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

_log = structlog.stdlib.get_logger(__name__)

Work = Callable[[], Awaitable[None]]
# Due whatever the machine's clock says, and never.
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
# A job that has not begun by then was skipped.
_STARTS_WITHIN_S = 0.5
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class _WhenAsked(BaseTrigger):
    """Fires when a job is made due, and not by itself.

    APScheduler reckons by the machine's clock: where that is set back by an hour, its intervals
    would take an hour longer. So intervals are counted by the loop's clock, which nobody sets.
    """

    def get_next_fire_time(self, _previous: datetime | None, _now: datetime) -> datetime:
        return _NEVER


@dataclass(slots=True)
class _Job:
    """Work that is never run twice at once; asked for meanwhile, it runs once more afterwards.

    Its timer rings at `due_at`, on the loop's clock. It is about to start since `rung_at`.
    """

    name: str
    work: Work
    every_s: float
    due_at: float = 0.0
    timer: asyncio.TimerHandle | None = None
    running: asyncio.Task[None] | None = None
    again: bool = False
    rung_at: float | None = None


@dataclass(slots=True)
class Scheduler:
    """Runs jobs at intervals, and sooner when something happened."""

    _scheduler: AsyncIOScheduler = field(
        default_factory=lambda: AsyncIOScheduler(
            timezone=UTC,
            # A late job is run late, once; APScheduler would leave it out after a second.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
    )
    _jobs: dict[str, _Job] = field(default_factory=dict)
    _stopping: bool = False

    def add(self, name: str, work: Work, every: timedelta) -> None:
        """Run `work` now and then at this interval; an error is logged and ends no job."""
        job = _Job(name, work, every.total_seconds())
        self._jobs[name] = job
        self._scheduler.add_job(
            self._start, _WhenAsked(), args=[job], id=name, next_run_time=_NEVER
        )
        if self._scheduler.running:
            self._ring(job)

    def start(self) -> None:
        self._scheduler.start()
        for job in self._jobs.values():
            self._ring(job)

    def soon(self, name: str, delay: timedelta = timedelta(0)) -> None:
        """Run a job now, or after a delay, if its interval would not run it earlier."""
        job = self._jobs.get(name)
        if self._stopping or job is None or job.timer is None:
            return  # before the start: all begin with it
        due_at = asyncio.get_running_loop().time() + delay.total_seconds()
        if due_at > job.due_at:
            return
        if delay > timedelta(0):
            self._set_timer(job, due_at)
        elif job.running is not None:
            job.again = True
        elif job.rung_at is None or due_at - job.rung_at > _STARTS_WITHIN_S:
            # One that is about to start APScheduler would skip, and complain of it.
            self._ring(job)

    async def stop(self, grace: timedelta) -> None:
        """Start nothing more, let what runs finish within `grace`, then cancel it.

        APScheduler's own shutdown would cancel running jobs at once.
        """
        self._stopping = True
        for job in self._jobs.values():
            if job.timer is not None:
                job.timer.cancel()
        if self._scheduler.running:
            self._scheduler.pause()
        running = [job.running for job in self._jobs.values() if job.running is not None]
        if running:
            _, late = await asyncio.wait(running, timeout=grace.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _ring(self, job: _Job) -> None:
        """Make a job due, and count its interval from now on."""
        job.rung_at = asyncio.get_running_loop().time()
        self._scheduler.modify_job(job.name, next_run_time=_LONG_AGO)
        self._set_timer(job, asyncio.get_running_loop().time() + job.every_s)

    def _set_timer(self, job: _Job, due_at: float) -> None:
        if job.timer is not None:
            job.timer.cancel()
        job.due_at = due_at
        job.timer = asyncio.get_running_loop().call_at(due_at, self._ring, job)

    async def _start(self, job: _Job) -> None:
        job.rung_at = None
        if job.running is not None:
            job.again = True
            return
        # Of the loop's own, not APScheduler's: stop() decides what happens to it. And in a context
        # of its own: what binds the work of whoever asked for it must not bind this.
        job.running = asyncio.create_task(self._run(job), name=job.name, context=Context())
        job.running.add_done_callback(lambda task: _report(job.name, task))

    async def _run(self, job: _Job) -> None:
        try:
            job.again = True
            while job.again and not self._stopping:
                job.again = False
                await job.work()
        finally:
            job.running = None


def _report(name: str, task: asyncio.Task[None]) -> None:
    """Log what ended a job; its next interval tries again, and its work is in the database."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        _log.error("job failed", job=name, exc_info=error)
