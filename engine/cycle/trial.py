"""How long a rule has been on trial: as it reads now, since any change begins another trial."""

from __future__ import annotations

import json
from datetime import timedelta

from engine.model.rule import Rule
from engine.store import configuration, runs
from engine.store.database import Tx


def tried(tx: Tx, rule: Rule) -> timedelta:
    """From the first run in which it was judged so to the last; nothing where there is none."""
    spans = [span for hash_, span in runs.spans(tx).items() if _holds(tx, hash_, rule)]
    if not spans:
        return timedelta(0)
    return max(last for _, last in spans) - min(first for first, _ in spans)


def _holds(tx: Tx, hash_: str, rule: Rule) -> bool:
    kept = configuration.get(tx, hash_)
    return kept is not None and json.loads(kept).get(rule.id) == rule.hash
