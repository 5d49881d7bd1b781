"""A small county, its rules and a burglary warning to tell of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from engine.model.area import Area, AreaTree
from engine.model.finding import Finding, Held, MatchTrace, RungTrace, Signal, Trace
from engine.model.grade import Confidence, Domain, Grade
from engine.model.indicator import Indicator
from engine.model.message import Channel, Notification, Receiver
from engine.model.period import Cycle
from engine.model.rule import Combine, Correlation, Measure, Pattern, Rule
from engine.model.taxonomy import Category, Taxonomy
from engine.model.text import Text
from engine.model.topic import Topic
from engine.model.warning import Change, RiskWarning, Step
from engine.notify.payload import canonical
from engine.notify.reference import Reference

AT = datetime(2026, 3, 8, 7, tzinfo=UTC)

TREE = AreaTree.of(
    ["country", "county", "municipality"],
    [
        Area("SE", Text("Sweden", "瑞典"), "country"),
        Area("03", Text("Uppsala County", "乌普萨拉省"), "county", "SE"),
        Area("0380", Text("Uppsala"), "municipality", "03"),
        *(Area(f"038{n}", Text(f"Town {n}"), "municipality", "03") for n in range(1, 8)),
        Area("04", Text("Södermanland County"), "county", "SE"),
    ],
)
TAXONOMY = Taxonomy.of(
    [
        Category("burglary", Text("Burglary"), Domain.SAFETY),
        Category("domestic", Text("Violence at home"), Domain.SAFETY, sensitive=True),
    ]
)
PATROL = Measure(
    "patrol", Text("Evening patrols", "加强夜间巡逻"), "police", timedelta(hours=24), Grade.YELLOW
)
CALL = Measure("call", Text("Call a meeting", "会商研判"), "duty centre", timedelta(hours=4), Grade.ORANGE)


def rule(id_: str = "burglary-surge", category: str = "burglary", topic: str = "burglary") -> Rule:
    return Rule(
        id=id_, title=Text("Burglary surge", "入室盗窃激增"), domain=Domain.SAFETY, topic=topic,
        cycle=Cycle.DAILY, level="county", indicator=Indicator(frozenset({category})),
        measures=(PATROL, CALL),
    )  # fmt: skip


def correlation(id_: str, of: Pattern) -> Rule:
    return replace(
        rule(id_), indicator=None, correlation=Correlation(combine=Combine.ALL, of=(of,))
    )  # fmt: skip


RULES = {
    one.id: one for one in (
        rule(), rule("home-violence", "domestic", "home"),
        replace(rule("burnt"), indicator=Indicator(frozenset({"fire"}), measure="hectares")),
        correlation("over-topics", Pattern("finding", topic="home")),
        correlation("over-rules", Pattern("finding", rule="over-topics")),
    )
}  # fmt: skip

LABELS = {
    Grade.BLUE: Text("Blue", "蓝色"), Grade.YELLOW: Text("Yellow", "黄色"),
    Grade.ORANGE: Text("Orange", "橙色"), Grade.RED: Text("Red", "红色"),
}  # fmt: skip

REFERENCE = Reference(
    tree=TREE, taxonomy=TAXONOMY, rules=RULES, labels=LABELS, zone=ZoneInfo("Europe/Stockholm"),
    topics={"burglary": Topic("burglary", Text("Burglary", "入室盗窃"), Domain.SAFETY)},
)  # fmt: skip


def warning(**given: object) -> RiskWarning:
    return RiskWarning(
        **{
            "id": "03.burglary.d20260305", "area": "03", "topic": "burglary", "domain": Domain.SAFETY,
            "grade": Grade.ORANGE, "score": 50.0, "confidence": Confidence.MEDIUM,
            "confidence_cause": "14% of the reports could not be placed this exactly",
            "title_en": "Burglary surge", "title_zh": "入室盗窃激增", "since": AT - timedelta(days=2),
            "judged_at": AT, "rules": ("burglary-surge",), **given,
        }  # type: ignore[arg-type]
    )  # fmt: skip


def change(
    step: Step = Step.UPGRADED, before: str = "yellow", after: str = "orange", **given: object
) -> Change:
    return Change(
        **{
            "warning": "03.burglary.d20260305", "step": step, "at": AT, "before": Grade.named(before),
            "after": Grade.named(after), "reason": "Burglary surge: 7 in 7 days", "by": "daily/2026-03-07",
            **given,
        }  # type: ignore[arg-type]
    )  # fmt: skip


def signal(test: str, needed: float, expected: float | None = None) -> Signal:
    return Signal(test, Held.HELD, 7.0, expected, needed)


def finding(**given: object) -> Finding:
    observed = given.pop("observed", 7.0)
    trace = Trace(
        rule="burglary-surge", rule_hash="0123456789abcdef", area="03", window=("2026-03-01", "2026-03-08"),
        observed=observed,  # type: ignore[arg-type]
        rungs=(
            RungTrace(Grade.YELLOW, Held.HELD, (signal("at_least", 4.0),)),
            RungTrace(Grade.ORANGE, Held.HELD, (signal("at_least", 6.0), signal("rare", 7.0, 2.146))),
            RungTrace(Grade.RED, Held.NOT, (signal("at_least", 10.0),), missing=3.0),
        ),
    )  # fmt: skip
    trace = replace(trace, **given.pop("trace", {}))  # type: ignore[arg-type]
    return Finding(
        **{
            "rule": "burglary-surge", "rule_hash": "0123456789abcdef", "area": "03", "topic": "burglary",
            "domain": Domain.SAFETY, "cycle": "daily", "period": "2026-03-07", "at": AT,
            "grade": Grade.ORANGE, "trace": trace, **given,
        }  # type: ignore[arg-type]
    )  # fmt: skip


def matched(pattern: str, *areas: str) -> MatchTrace:
    return MatchTrace(pattern, Held.HELD, areas)


def receiver(id_: str, *channels: str, language: str = "en") -> Receiver:
    kinds = channels or ("file",)
    return Receiver(
        id=id_, title=id_, language=language,
        channels=tuple(Channel(kind=kind, options={"path": "out"}) for kind in kinds),
    )  # fmt: skip


def notification(**given: object) -> Notification:
    key = str(given.get("key", "03.burglary.d20260305/daily/2026-03-07/issued/duty/file"))
    return Notification(
        **{
            "key": key, "change": "c", "warning": "w", "receiver": "duty", "channel": "file",
            "step": "issued", "planned_at": AT, "grade": Grade.ORANGE, "subject": "橙色 Orange",
            "body": "Första raden\n第二行\n",
            "payload": canonical({"key": key, "text": "第二行"}), **given,
        }  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.fixture
def make() -> SimpleNamespace:
    """The factories, and the values they agree on."""
    factories: dict[str, Callable[..., object]] = {
        "rule": rule, "warning": warning, "change": change, "finding": finding, "matched": matched,
        "receiver": receiver, "notification": notification,
    }  # fmt: skip
    return SimpleNamespace(at=AT, reference=REFERENCE, **factories)
