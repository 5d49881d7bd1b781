"""Every check of a message's sense, by the name that it is told under. See docs/cap.md."""

from __future__ import annotations

from engine.notify.cap.validate import area, head, reference, resource, when, words
from engine.notify.cap.validate.mistake import Check

CHECKS: dict[str, Check] = {
    "signs": head.signs,
    "kind": head.kind,
    "scope": head.scope,
    "status": head.status,
    "empty": head.filled,
    "repeated": head.repeated,
    "references": reference.present,
    "reference": reference.readable,
    "moment": when.written,
    "offset": when.offsets,
    "order": when.order,
    "expires": when.ends,
    "future": when.future,
    "told": words.told,
    "headline": words.headlines,
    "unknown": words.known,
    "html": words.plain,
    "web": words.web,
    "language": words.language,
    "alike": words.alike,
    "translated": words.translated,
    "event": words.one_event,
    "area": area.named,
    "polygon": area.polygons,
    "overlap": area.overlaps,
    "circle": area.circles,
    "ceiling": area.heights,
    "resource": resource.resources,
}
