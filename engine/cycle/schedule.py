"""The ticker: the only file that knows APScheduler, and all it does is tick.

No job is stored and none carries state, so nothing can be lost or doubled here; what is due is read
from the ledger of runs at every tick.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from loguru import logger

from engine.errors import EngineError

#: It says on its own what our listener says as well, with what no log of ours may hold.
logging.getLogger("apscheduler").addHandler(logging.NullHandler())


class Ticker:
    """Does each of the named jobs now and then every so often, side by side. One that fails is logged and
    tried again the next time."""

    def __init__(self, jobs: Mapping[str, Callable[[], object]], every: timedelta) -> None:
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._scheduler.add_listener(_heard, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        trigger = IntervalTrigger(seconds=max(1, int(every.total_seconds())), timezone=UTC)
        for name, job in jobs.items():
            self._scheduler.add_job(job, trigger, id=name, next_run_time=datetime.now(UTC))

    def hasten(self, name: str, after: timedelta = timedelta(0)) -> None:
        """Let the job of this name come before its turn."""
        with suppress(JobLookupError):  # it beats no more
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC) + after)

    def serve(self, wait: Callable[[], object], ending: Callable[[], object] = bool) -> None:
        """Until `wait` returns. Then `ending` is called, and those at work are waited for."""
        self._scheduler.start()
        try:
            wait()
        finally:
            self._scheduler.pause()
            ending()
            self._scheduler.shutdown(wait=True)


def _heard(event: JobExecutionEvent) -> None:
    """What we refuse or cannot do is one sentence; anything else is a mistake of ours, told whole."""
    if event.code == EVENT_JOB_ERROR:
        ours = isinstance(event.exception, EngineError)
        said = f": {event.exception}" if ours else ""
        logger.opt(exception=None if ours else event.exception).error(
            "a {} failed; the next one tries again{}", event.job_id, said
        )
    elif event.code == EVENT_JOB_MISSED:
        logger.warning("a {} was missed; the next one makes up for it", event.job_id)
    else:
        logger.info("the last {} is still at work; this one is skipped", event.job_id)
