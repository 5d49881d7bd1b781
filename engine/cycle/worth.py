"""What warnings are worth, as the last monthly run learned it (`engine.cycle.learning`)."""

from __future__ import annotations

import json
from datetime import datetime

from engine.cycle.modelled import MODELS
from engine.model.chance import Chance
from engine.model.grade import Grade
from engine.store import configuration, runs
from engine.store.database import Tx


def in_force(tx: Tx, at: datetime) -> dict[tuple[str, Grade], Chance]:
    """What is claimed at each grade of each rule by a run due at a moment."""
    hash_ = runs.learned(tx, at)
    kept = json.loads((configuration.get(tx, hash_) if hash_ else None) or "{}")
    return {
        (rule, Grade.named(word)): Chance(**one) for rule, of in kept.items() if rule != MODELS
        for word, one in of.items()
    }
