"""Planning every message of a tick: 5,000 open warnings and 300 receivers, beside 50 and 30."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from benchmarks.measuring import peak, processor
from engine.duty.answer import Asking, Terms, Told, due
from engine.duty.situation import Fold, situations
from engine.model.act import Act, ActKind
from engine.model.area import Area, AreaTree
from engine.model.grade import Confidence, Domain, Grade
from engine.model.message import Route
from engine.model.text import Text
from engine.model.warning import Change, RiskWarning, Step
from engine.notify.audience import hearings

#: How many times the pairs of a warning and a receiver are planned in how many times the time, at most.
ROUNDS, PAIRS, LIMIT = 5, 1000, 300
AT = datetime(2026, 3, 3, 8, tzinfo=UTC)
TOPICS = 10


@dataclass(frozen=True)
class Load:
    """A country whose every county has a desk, with warnings in all its towns."""

    tree: AreaTree
    warnings: dict[str, RiskWarning]
    changes: list[Change]
    routes: list[Route]
    terms: Terms

    @classmethod
    def of(cls, warnings: int, receivers: int) -> Load:
        desks = receivers - 1
        towns = max(1, warnings // (desks * TOPICS)) + 1
        tree = AreaTree.of(["country", "county", "town"], [
            Area("S", Text("S"), "country"),
            *(Area(f"{c}", Text(f"{c}"), "county", "S") for c in range(desks)),
            *(Area(f"{c}.{t}", Text(f"{c}.{t}"), "town", f"{c}",
                   neighbours=frozenset({f"{c}.{t - 1}"} if t else ()))
              for c in range(desks) for t in range(towns)),
        ])  # fmt: skip
        places = [
            (f"{c}.{t}", f"topic-{n}") for t in range(towns) for n in range(TOPICS) for c in range(desks)
        ]
        made = [_warning(number, *place) for number, place in enumerate(places[:warnings])]
        routes = [Route(id=f"r{c}", areas=(f"{c}",), receivers=(f"desk-{c}",)) for c in range(desks)]
        routes.append(Route(id="nation", grade=Grade.ORANGE, receivers=("nation",)))
        chains = {f"desk-{c}": (f"desk-{(c + 1) % desks}", "nation") for c in range(desks)}
        asking = {grade: Asking(timedelta(minutes=20), timedelta(minutes=5)) for grade in Grade}
        return cls(tree, {one.id: one for one in made}, [_rise(one) for one in made], routes,
                   Terms(asking, chains=chains))  # fmt: skip

    def silences(self) -> list[Act]:
        """Two of five places were silenced for an hour."""
        return [_silence(one) for number, one in enumerate(self.warnings.values()) if number % 5 < 2]

    def plan(self) -> int:
        """First messages of all, but for what silences and graver warnings above mute and what folds into a
        situation, and all that is due half an hour later."""
        found = situations(self.warnings.values(), self.tree)
        told: dict[str, set[str]] = {}
        sent: list[Told] = []
        fold = Fold.over(found, self.tree.lineage, {})
        for change, hearing in hearings(
            self.changes, self.warnings, self.routes, self.tree.lineage, told, acts=self.silences(),
            inhibit=True, fold=fold,
        ):  # fmt: skip
            sent += (Told(change.key, name, change.at) for name in hearing)
        acts = [_ack(one) for one in list(self.warnings.values())[::3]]
        rises = {change.warning: change for change in self.changes}
        asked = due(self.warnings.values(), rises, sent, acts, self.terms, AT + timedelta(minutes=30))
        return len(sent) + len(asked)


def _warning(number: int, area: str, topic: str) -> RiskWarning:
    grade = Grade.ORANGE if number % 5 == 0 else Grade.YELLOW
    return RiskWarning(
        id=f"{area}.{topic}", area=area, topic=topic, domain=Domain.SAFETY, grade=grade, score=0.0,
        confidence=Confidence.HIGH, title_en="", since=AT, judged_at=AT,
    )  # fmt: skip


def _rise(one: RiskWarning) -> Change:
    return Change(warning=one.id, step=Step.ISSUED, at=AT, before=Grade.NONE, after=one.grade, reason="",
                  by="daily/2026-03-02")  # fmt: skip


def _ack(one: RiskWarning) -> Act:
    return Act(id=one.id, kind=ActKind.ACKNOWLEDGE, area=one.area, topic=one.topic, warning=one.id,
               at=AT + timedelta(minutes=3), receiver=f"desk-{one.area.partition('.')[0]}")  # fmt: skip


def _silence(one: RiskWarning) -> Act:
    return Act(id=one.id, kind=ActKind.SILENCE, area=one.area, topic=one.topic, at=AT,
               until=AT + timedelta(hours=1), grade=Grade.BLUE)  # fmt: skip


def main() -> None:
    """Print the processor time of both; exit with 1 where the large one is over its limit."""
    small, large = Load.of(50, 30), Load.of(5000, 300)
    times = [median(processor(load.plan) for _ in range(ROUNDS)) for load in (small, large)]
    print(f"duty: planning every message of a tick, processor time, medians of {ROUNDS}")
    for name, load, time in zip(("50 x 30", "5,000 x 300"), (small, large), times, strict=True):
        print(f"  {name:12} {time * 1000:8.1f} ms  {load.plan()} messages")
    ratio = times[1] / times[0]
    print(f"  {ratio:.0f}x for {PAIRS:,} times as many pairs; limit {LIMIT}x; {peak()}")
    if ratio > LIMIT:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
