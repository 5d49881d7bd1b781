"""The models of chances that monthly runs learned: kept by their hashes, and in force until the next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from engine.chance.model import Lack, Model
from engine.judge.asked import Asked, Kept
from engine.model.period import Calendar
from engine.store import configuration, runs
from engine.store.database import Tx

#: Where among what a monthly run learned the hashes of models stand, by what each is learned for; no rule is
#: called so.
MODELS = "models"


class InForce:
    """What was learned by the last monthly run due before a cut is judged; of a rule that has changed since
    what it counts, nothing is."""

    def __init__(self, tx: Tx, calendar: Calendar) -> None:
        self._tx, self._calendar = tx, calendar
        self._hashes: dict[date, Mapping[str, str]] = {}
        self._kept: dict[str, Kept | Lack] = {}

    def of(self, asked: Asked, cut: date) -> Kept | Lack | None:
        if cut not in self._hashes:
            learned = runs.learned(self._tx, self._calendar.cut_at(cut))
            text = configuration.get(self._tx, learned) if learned else None
            self._hashes[cut] = json.loads(text or "{}").get(MODELS, {})
        hash_ = self._hashes[cut].get(asked.key)
        if hash_ is None:
            return None
        if hash_ not in self._kept:
            self._kept[hash_] = read(json.loads(configuration.get(self._tx, hash_) or "{}"))
        return self._kept[hash_]


def keep(tx: Tx, learned: Mapping[str, Kept | Lack]) -> dict[str, str]:
    """Keep what was learned, each as a configuration of its own; the hashes, by what each is learned for."""
    return {key: configuration.put(tx, written(one)) for key, one in sorted(learned.items())}


def written(one: Kept | Lack) -> dict[str, Any]:
    """As plain values."""
    if isinstance(one, Lack):
        return asdict(one)
    return {**asdict(one), "morning": one.morning.isoformat()}


def read(plain: Mapping[str, Any]) -> Kept | Lack:
    """The same again, to the last digit."""
    if "model" not in plain:
        return Lack(**plain)
    model: dict[str, Any] = {
        name: tuple(of) if isinstance(of, list) else of for name, of in plain["model"].items()
    }
    return Kept(Model(**model), date.fromisoformat(plain["morning"]), plain["pace"])
