"""A change for machines: canonical JSON, the same bytes for the same change in every history."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from engine.model.chance import Chance
from engine.model.indicator import Take
from engine.model.text import Text
from engine.notify.evidence import Evidence, Task
from engine.notify.message import Story
from engine.notify.reference import SMALL

#: Rises when a key changes its meaning or goes; new keys may come at any time.
FORMAT = "forewarn.notification/1"


def payload(story: Story, envelope: Mapping[str, Any]) -> str:
    """The change, its warning, evidence and measures, with `envelope` (key, receiver, texts) on top."""
    return canonical(
        {
            "format": FORMAT,
            **envelope,
            "change": _change(story),
            "warning": _warning(story),
            "evidence": [_evidence(one) for one in story.evidence],
            "measures": [_task(task) for task in story.tasks],
        }
    )


def canonical(value: Any) -> str:
    """JSON with sorted keys and no blanks; numbers with 12 significant digits, moments in UTC."""
    plain = _plain(value)
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return int(value) if value.is_integer() else float(f"{value:.12g}")
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Text):
        return {"en": value.en, "zh": value.say("zh")}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _change(story: Story) -> dict[str, Any]:
    change = story.change
    return {
        "key": change.key,
        "step": change.step.value,
        "at": change.at,
        "before": change.before.word,
        "after": change.after.word,
        "reason": story.reason,
        "by": change.by,
        "issuer": change.issuer.value,
    }


def _warning(story: Story) -> dict[str, Any]:
    warning, reference = story.warning, story.reference
    return {
        "id": warning.id,
        "area": warning.area,
        "area_name": reference.area(warning.area),
        "topic": warning.topic,
        "topic_title": reference.topic(warning),
        "domain": warning.domain.value,
        "grade": story.change.after.word,
        "advisory": story.advisory,
        "title": story.title,
        "score": warning.score,
        "confidence": warning.confidence.word,
        "confidence_cause": story.cause,
        "since": warning.since,
        "judged_at": warning.judged_at,
        "blind_since": warning.blind_since,
        "lifted_at": warning.lifted_at,
        "rules": warning.rules,
        "chance": _chance(warning.chance),
    }


def _chance(chance: Chance | None) -> dict[str, Any] | None:
    """The learned chance with the counts it comes from."""
    return None if chance is None else asdict(chance)


def _evidence(one: Evidence) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "rule_hash": one.rule_hash,
        "grade": one.grade.word,
        "unit": one.unit,
        **({} if one.take is Take.SUM else {"take": one.take.value}),
        "first": one.first,
        "last": one.last,
        "observed": f"<{SMALL}" if one.small else one.observed,
        "expected": one.expected,
        "rung": one.rung.word,
        "needed": one.needed,
        "missing": one.missing,
        "next_grade": one.next_grade.word if one.next_grade else None,
        "matches": [{"pattern": pattern, "areas": areas} for pattern, areas in one.matches],
        "before": [None if math.isnan(value) else value for value in one.before],
        "starts": [{"grade": of.word, "from": start, "holds": holds} for of, start, holds in one.starts],
        "places": [{"area": area, "incidents": many} for area, many in one.happened.places],
        "days": [{"day": day, "incidents": many} for day, many in one.happened.days],
        "also_told_by": [{"feed": feed, "incidents": many} for feed, many in one.happened.also],
    }


def _task(task: Task) -> dict[str, Any]:
    return {
        "code": task.measure.code,
        "what": task.measure.what,
        "department": task.measure.department,
        "due": task.due,
        "again": task.again,
    }
