"""What each thing looks like as JSON: plain words and moments, nothing that a page would not show."""

from __future__ import annotations

from typing import Any

from engine.console.scene import Scene
from engine.cycle.hearing import Hearing
from engine.model.act import Act
from engine.model.fault import Fault
from engine.model.feed import Feed
from engine.model.grade import Grade
from engine.model.run import Run
from engine.model.staff import Entry
from engine.model.task import Task
from engine.model.text import Text
from engine.model.warning import Change, RiskWarning


def text(of: Text) -> dict[str, str]:
    return {"en": of.en, "zh": of.say("zh")}


def grade(of: Grade | None) -> str | None:
    return None if of is None else of.word


def warning(scene: Scene, of: RiskWarning) -> dict[str, Any]:
    changes = scene.changes.get(of.id, ())
    return {
        "id": of.id, "area": of.area, "place": text(scene.reference.area(of.area)), "topic": of.topic,
        "risk": text(scene.reference.topic(of)), "domain": of.domain.value, "grade": grade(of.grade),
        "proposed": grade(of.proposed), "proposed_at": of.proposed_at, "issuer": of.issuer.value,
        "score": round(of.score, 1), "confidence": of.confidence.word, "since": of.since,
        "judged_at": of.judged_at, "blind_since": of.blind_since, "lifted_at": of.lifted_at,
        "rules": list(of.rules), "title": {"en": of.title_en, "zh": of.title_zh},
        "change": changes[-1].key if changes else None,
        "unanswered": scene.unanswered(of) if of.id in scene.warnings else [],
    }  # fmt: skip


def change(scene: Scene, of: Change) -> dict[str, Any]:
    return {
        "key": of.key, "warning": of.warning, "step": of.step.value, "at": of.at, "before": grade(of.before),
        "after": grade(of.after), "issuer": of.issuer.value,
    }  # fmt: skip


def act(of: Act) -> dict[str, Any]:
    return {
        "id": of.id, "kind": of.kind.value, "at": of.at, "by": of.by, "role": of.role.value, "via": of.via,
        "area": of.area, "topic": of.topic, "warning": of.warning, "target": of.target,
        "receiver": of.receiver, "grade": grade(of.grade), "seen": grade(of.seen), "until": of.until,
        "verdict": of.verdict.value if of.verdict else None, "outcome": of.outcome, "why": of.reason,
    }  # fmt: skip


def task(of: Task) -> dict[str, Any]:
    return {
        "id": of.id, "state": of.state.value, "what": text(of.what), "department": of.department,
        "receivers": list(of.receivers), "area": of.area, "topic": of.topic, "warning": of.warning,
        "grade": grade(of.grade), "asked_at": of.asked_at, "due_at": of.due_at,
        "accepted_at": of.accepted_at, "exercise": of.exercise,
    }  # fmt: skip


def feed(of: Feed, heard: Hearing) -> dict[str, Any]:
    return {
        "id": of.id, "title": text(of.title), "state": heard.state, "since": heard.since,
        "last_poll": heard.last_poll, "last_news": heard.last_news,
    }  # fmt: skip


def fault(of: Fault) -> dict[str, Any]:
    return {
        "id": of.id, "kind": of.kind, "name": of.name, "state": of.state, "since": of.since,
        "detail": of.detail, "known_by": of.read_by,
    }  # fmt: skip


def run(of: Run) -> dict[str, Any]:
    return {
        "cycle": of.cycle, "period": of.period, "due_at": of.due_at, "state": of.state.value,
        "late": of.late, "findings": of.findings, "changes": of.changes,
    }  # fmt: skip


def entry(of: Entry) -> dict[str, Any]:
    return {
        "id": of.id, "at": of.at, "who": of.who, "what": of.what, "via": of.via, "about": of.about,
        "refused": of.refused,
    }  # fmt: skip


