"""What a source tells again under new ids: the same moments, places and kinds, and not one of the old ids
beside them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from engine.model.incident import Incident, Precision

#: So seldom may as many equal reports come about by chance.
_CHANCE = 0.002
_TIMED = (Precision.MINUTE, Precision.DAY)
Signature = tuple[object, ...]


def signature(one: Incident) -> Signature:
    """All that is told of an incident but its ids, its words and when it became known."""
    return one.occurred_at, one.precision, one.areas, one.category, one.severity, one.point


def comparable(one: Incident) -> bool:
    """Whether it says by itself when, where and what."""
    return not one.withdrawn and one.precision in _TIMED and bool(one.areas and one.category)


def pairs(fresh: Sequence[Incident], stored: Sequence[Incident]) -> dict[str, str]:
    """By the ids of fresh incidents, those of stored ones that equal them; each is taken once."""
    old: dict[Signature, list[str]] = {}
    for one in sorted(stored, key=lambda each: each.source_id, reverse=True):
        old.setdefault(signature(one), []).append(one.source_id)
    found = {}
    for one in fresh:
        if waiting := old.get(signature(one)):
            found[one.source_id] = waiting.pop()
    return found


def telling(many: int, fresh: int, usual: Sequence[Incident]) -> bool:
    """Whether so many of the fresh incidents equal stored ones because the source numbers anew: by how often
    two of its incidents are equal as it is. usual: what it told of the weeks before."""
    counts = Counter(map(signature, usual))
    alike = sum(n for n in counts.values() if n > 1)
    return _bound(many, fresh, (alike + 0.5) / (len(usual) + 1)) < _CHANCE


def _bound(many: int, of: int, each: float) -> float:
    """No less than the chance that so many, or more, of some equal others (Chernoff)."""
    share = many / of
    if share <= each:
        return 1.0
    rest = (1 - share) * math.log((1 - share) / (1 - each)) if share < 1 else 0.0
    return math.exp(-of * (share * math.log(share / each) + rest))
