"""The ticker: the only file that knows APScheduler, and all it does is tick.

No job is stored and none carries state, so nothing can be lost or doubled here; what is due is read
from the ledger of runs at every tick.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from loguru import logger


def serve(tick: Callable[[], object], every: timedelta, stop: threading.Event) -> None:
    """Tick now and then every so often, until `stop` is set; a tick that fails is logged and the next
    one tries again. Returns after the tick in progress has ended."""
    scheduler = BackgroundScheduler(
        timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    scheduler.add_listener(_heard, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
    trigger = IntervalTrigger(seconds=max(1, int(every.total_seconds())), timezone=UTC)
    scheduler.add_job(tick, trigger, id="tick", next_run_time=datetime.now(UTC))
    scheduler.start()
    try:
        stop.wait()
    finally:
        scheduler.shutdown(wait=True)


def _heard(event: JobExecutionEvent) -> None:
    if event.code == EVENT_JOB_ERROR:
        logger.opt(exception=event.exception).error("a tick failed; the next one tries again")
    elif event.code == EVENT_JOB_MISSED:
        logger.warning("a tick was missed; the next one judges whatever is due")
    else:
        logger.info("the last tick is still at work; this one is skipped")
