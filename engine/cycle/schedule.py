"""The ticker: the only file that knows APScheduler, and all it does is tick.

No job is stored and none carries state, so nothing can be lost or doubled here; what is due is read
from the ledger of runs at every tick.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from loguru import logger

from engine.errors import EngineError

#: It says on its own what our listener says as well, with what no log of ours may hold.
logging.getLogger("apscheduler").addHandler(logging.NullHandler())


def serve(
    jobs: Mapping[str, Callable[[], object]], every: timedelta, wait: Callable[[], object]
) -> None:  # fmt: skip
    """Do each of the named jobs now and then every so often, side by side, until `wait` returns. One
    that fails is logged and tried again the next time. Returns after those at work have ended."""
    scheduler = BackgroundScheduler(
        timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    scheduler.add_listener(_heard, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
    trigger = IntervalTrigger(seconds=max(1, int(every.total_seconds())), timezone=UTC)
    for name, job in jobs.items():
        scheduler.add_job(job, trigger, id=name, next_run_time=datetime.now(UTC))
    scheduler.start()
    try:
        wait()
    finally:
        scheduler.shutdown(wait=True)


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
