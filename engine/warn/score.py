"""0-100 per area and domain: it sorts lists and shades the map, and is never a colour by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod

from engine.model.grade import Domain, Grade
from engine.model.topic import CROWD_TOPIC
from engine.model.warning import Score, Standing


def scores(standing: Iterable[Standing], points: Mapping[Grade, float]) -> dict[tuple[str, Domain], Score]:
    """100 * (1 - prod(1 - p/100)) over the points of the findings that stand; trial rules never
    enter, nor what is protected (the topic of crowd safety). More findings, or higher ones, never lower
    it."""
    parts: dict[tuple[str, Domain], list[tuple[str, str, str, float]]] = {}
    for one in standing:
        if one.grade is not Grade.NONE and not one.trial and one.topic != CROWD_TOPIC:
            part = (one.rule, one.area, one.grade.word, points[one.grade])
            parts.setdefault((one.area, one.domain), []).append(part)
    return {
        (area, domain): Score(
            area=area, domain=domain, parts=tuple(sorted(of)),
            value=100 * (1 - prod(1 - part[3] / 100 for part in sorted(of))),
        )
        for (area, domain), of in sorted(parts.items())
    }  # fmt: skip
