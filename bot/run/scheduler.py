"""APScheduler's jobs. The only importer of apscheduler."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

_log = structlog.stdlib.get_logger(__name__)

Work = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class _Job:
    """Work that is never run twice at once; asked for meanwhile, it runs once more afterwards."""

    name: str
    work: Work
    running: asyncio.Task[None] | None = None
    again: bool = False


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
        job = _Job(name, work)
        self._jobs[name] = job
        self._scheduler.add_job(
            self._start,
            IntervalTrigger(seconds=every.total_seconds(), timezone=UTC),
            args=[job],
            id=name,
            next_run_time=datetime.now(UTC),
        )

    def start(self) -> None:
        self._scheduler.start()

    def soon(self, name: str, delay: timedelta = timedelta(0)) -> None:
        """Run a job now, or after a delay, if its interval would not run it earlier."""
        when = datetime.now(UTC) + delay
        job = self._scheduler.get_job(name)
        if not self._stopping and job is not None and (job.next_run_time or when) >= when:
            job.modify(next_run_time=when)

    async def stop(self, grace: timedelta) -> None:
        """Start nothing more, let what runs finish within `grace`, then cancel it.

        APScheduler's own shutdown would cancel running jobs at once.
        """
        self._stopping = True
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

    async def _start(self, job: _Job) -> None:
        # Of the loop's own, not APScheduler's: stop() decides what happens to it.
        if job.running is not None:
            job.again = True
            return
        job.running = asyncio.create_task(self._run(job), name=job.name)
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
