"""For monitors: alive, ready, and figures; none of them says where a risk is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from engine.console.scene import Scene
from engine.console.sight import needs
from engine.cycle import presence
from engine.cycle.world import World
from engine.errors import EngineError
from engine.model.grade import RUNGS, Domain
from engine.model.staff import Right
from engine.model.task import TaskState
from engine.notify.notice import LASTING
from engine.store import faults, outbox

router = APIRouter()


@router.get("/healthz", include_in_schema=False)
def alive() -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


@router.get("/readyz", include_in_schema=False)
def ready(request: Request) -> Response:
    """The store answers as well."""
    world: World = request.app.state.world()
    try:
        with world.store.read() as tx:
            tx.horizon()
    except EngineError:
        return PlainTextResponse("the store does not answer\n", status_code=503)
    return PlainTextResponse("ok\n")


@router.get("/metrics", include_in_schema=False, dependencies=[Depends(needs(Right.SEE))])
def metrics(request: Request) -> Response:
    world: World = request.app.state.world()
    registry = CollectorRegistry()
    registry.register(Figures(world, request.app.state.scene(request.state.visitor.area)))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class Figures(Collector):
    """What is counted of one scene, at the moment it is asked for."""

    def __init__(self, world: World, scene: Scene) -> None:
        self.world, self.scene = world, scene

    def collect(self) -> Iterator[Metric]:
        yield from self._warnings()
        yield from self._people()
        yield from self._feeds()
        yield from self._cycles()
        yield from self._process()

    def _warnings(self) -> Iterator[Metric]:
        found = GaugeMetricFamily(
            "forewarn_warnings_open", "Open warnings.", labels=["domain", "grade"]
        )
        for domain in Domain:
            for grade in RUNGS:
                n = sum(one.domain is domain and one.grade is grade for one in self.scene.open)
                found.add_metric([domain.value, grade.word], n)
        yield found

    def _people(self) -> Iterator[Metric]:
        waiting = sum(one.proposed is not None for one in self.scene.open)
        tasks = self.scene.people.tasks
        late = sum(one.state is TaskState.OVERDUE for one in tasks)
        yield GaugeMetricFamily("forewarn_proposals_waiting", "Proposals that wait for somebody.", waiting)
        yield GaugeMetricFamily("forewarn_tasks_open", "Tasks asked and not done.", len(tasks))
        yield GaugeMetricFamily("forewarn_tasks_overdue", "Tasks whose time is over.", late)

    def _feeds(self) -> Iterator[Metric]:
        heard = GaugeMetricFamily("forewarn_feed_heard", "1 where a feed is heard well.", labels=["feed"])
        age = GaugeMetricFamily("forewarn_feed_news_age_seconds", "Since its last news.", labels=["feed"])
        for id_, one in self.scene.feeds.items():
            heard.add_metric([id_], one.state == "ok")
            if one.last_news is not None:
                age.add_metric([id_], self._since(one.last_news))
        yield from (heard, age)

    def _cycles(self) -> Iterator[Metric]:
        due = self.scene.due
        lag = max((self._since(moment) for _, _, moment in due), default=0.0)
        yield GaugeMetricFamily("forewarn_periods_due", "Periods due and not judged.", len(due))
        yield GaugeMetricFamily("forewarn_judgement_lag_seconds", "Since the oldest of them was due.", lag)
        failed = sum(run.state.value == "failed" for run in self.scene.judged)
        yield GaugeMetricFamily("forewarn_runs_failed", "Failed among the latest judgements.", failed)
        if (last := self.scene.last_run) is not None:
            stamp = last.due_at.timestamp()
            yield GaugeMetricFamily("forewarn_last_judged_timestamp_seconds", "What was judged last.", stamp)

    def _process(self) -> Iterator[Metric]:
        with self.world.store.read() as tx:
            beats = presence.beats(tx)
            pending = len(outbox.waiting(tx, self.scene.at))
            open_ = faults.listing(tx)
        beat = max((at.timestamp() for at in beats.values()), default=0.0)
        wrong = GaugeMetricFamily("forewarn_faults_open", "Faults of the engine itself.", labels=["kind"])
        kinds = Counter(one.kind for one in open_)
        for trouble in sorted(LASTING):
            wrong.add_metric([trouble.value], kinds[trouble])
        yield wrong
        yield GaugeMetricFamily("forewarn_outbox_waiting", "Receivers for whom a message is due.", pending)
        failed = len(self.scene.undelivered)
        yield GaugeMetricFamily("forewarn_messages_failed", "Not delivered, of the last seven days.", failed)
        yield GaugeMetricFamily("forewarn_service_beat_timestamp_seconds", "The service's last sign.", beat)
        now = self.scene.at.timestamp()
        yield GaugeMetricFamily("forewarn_clock_timestamp_seconds", "The clock that judges.", now)

    def _since(self, moment: datetime) -> float:
        return max((self.scene.at - moment).total_seconds(), 0.0)
