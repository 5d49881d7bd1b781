"""config/truth.csv: what really happened, from which the monthly cycle learns what warnings are worth."""

from __future__ import annotations

from collections.abc import Mapping

from engine.cycle.config.reading import Reading
from engine.errors import ConfigError
from engine.ingest.truth import Truth, read
from engine.model.area import AreaTree

NAME = "config/truth.csv"


def load(reading: Reading, tree: AreaTree | None, domains: Mapping[str, str]) -> Truth | None:
    """The truth of this root; None where there is no file, or (its mistakes noted) it cannot be used."""
    path = reading.root / NAME
    if not path.exists() or tree is None:
        return None
    reading.bytes(NAME)
    try:
        return read(path, tree, domains, shown=NAME)
    except ConfigError as error:
        reading.problems += error.problems
        return None
