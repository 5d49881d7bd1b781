"""What one alert says: of each area in one language, and what it says alike of several areas as one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.errors import RecordError
from engine.guard.exit import shortened
from engine.ingest.normalise import Normaliser
from engine.ingest.shape import read_shapes
from engine.model.alert import Alert, Info
from engine.model.feed import Broken
from engine.model.reason import Reason

Fields = Mapping[str, Any]

#: What is said in the words of a language; everything else says whether two infos say the same.
_WORDS = frozenset({"language", "headline", "description", "instruction", "senderName", "web"})
_LISTS = ("areaDesc", "polygon", "circle")
_SHAPES = ("polygon", "circle")


@dataclass(frozen=True)
class Said:
    """One incident that a message tells: its fields, those of each area, and a digest of what and where."""

    fields: Fields
    areas: tuple[Fields, ...]
    digest: str


def said(alert: Alert, normaliser: Normaliser) -> list[Said]:
    """The incidents that the alert tells, in its order."""
    if not alert.infos:
        return [_said(alert, Info("", {}))]
    alike: dict[str, Info] = {}
    for info in _spoken(alert, normaliser):
        facts = json.dumps({name: info.fields[name] for name in info.fields.keys() - _WORDS}, sort_keys=True)
        first = alike.get(facts)
        if first is None:
            alike[facts] = info
        else:
            more = tuple(area for area in info.areas if area not in first.areas)
            alike[facts] = replace(first, areas=first.areas + more)
    return [_said(alert, info) for info in alike.values()]


def _said(alert: Alert, info: Info) -> Said:
    fields = {**alert.head, **info.fields}
    for name in _LISTS:
        fields[name] = [text for area in info.areas for text in area.get(name, ())]
    fields["geocode"] = _joined(info)
    what = json.dumps([fields.get("event", ""), sorted(json.dumps(area) for area in info.areas)])
    return Said(fields, info.areas, hashlib.sha256(what.encode()).hexdigest()[:16])


def _joined(info: Info) -> dict[str, list[str]]:
    codes: dict[str, list[str]] = {}
    for area in info.areas:
        for name, values in area.get("geocode", {}).items():
            codes.setdefault(name, []).extend(values)
    return codes


def _spoken(alert: Alert, normaliser: Normaliser) -> Iterator[Info]:
    """The infos, each with the areas of which no better language tells: the one asked for comes first,
    then the alert's own order. An area without another language is kept, whatever its language."""
    asked = alert.asked.casefold()
    infos = sorted(alert.infos, key=lambda info: not info.language.casefold().startswith(asked))
    tongues = list(dict.fromkeys(_tongue(info.language) for info in infos))
    if len(tongues) == 1:
        yield from infos
        return
    told: set[Hashable] = set()
    for tongue in sorted(tongues, key=lambda one: one != _tongue(asked)):
        telling: set[Hashable] = set()
        for nth, info in enumerate(info for info in infos if _tongue(info.language) == tongue):
            kept = []
            for at, area in enumerate(info.areas or ({},)):
                places = _places({**alert.head, **info.fields, **area}, normaliser)
                # The same place in the list is the same area where its translated name says nothing.
                if not (places or {(nth, at)}) <= told:
                    kept.append(area)
                telling |= places | {(nth, at)}
            if kept:
                yield replace(info, areas=tuple(kept) if info.areas else ())
        told |= telling


def _places(fields: Fields, normaliser: Normaliser) -> set[Hashable]:
    try:
        return set(normaliser.placed(fields))
    except RecordError:
        return set()


def _tongue(language: str) -> str:
    return language.casefold().replace("_", "-").partition("-")[0]


def legible(alert: Alert, normaliser: Normaliser) -> tuple[Alert, list[Broken], int]:
    """The alert without the polygons and circles that cannot be read; each area that cannot be placed without
    them; and how many more there are, of areas that can."""
    broken: list[Broken] = []
    lost = 0

    def whole(info: Info, area: Fields) -> Fields:
        nonlocal lost
        good, reasons = _readable(area)
        fields = {**alert.head, **info.fields, **good}
        if reasons and _places(fields, normaliser):
            lost += len(reasons)
        else:
            broken.extend(Broken(alert.place, reason, fields=fields) for reason in reasons)
        return good

    infos = tuple(
        replace(info, areas=tuple(whole(info, area) for area in info.areas)) for info in alert.infos
    )
    return replace(alert, infos=infos), list(dict.fromkeys(broken)), lost


def _readable(area: Fields) -> tuple[Fields, list[Reason]]:
    """The area with the shapes that can be read, and why others cannot."""
    good: dict[str, list[str]] = {name: [] for name in _SHAPES}
    reasons: list[Reason] = []
    for name in _SHAPES:
        for text in area.get(name, ()):
            try:
                list(read_shapes(text))
                good[name].append(text)
            except RecordError as error:
                of = ", ".join(area.get("areaDesc", ())) or "an area"
                said = f"a {name} of … is left out: …"
                reasons.append(Reason(said, shortened(of, 80), error.reason))
    return {**area, **good}, reasons
