"""config/budget.yaml: how many warnings a week each receiver can take in and act upon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import Field

from engine.cycle.config.reading import Reading
from engine.cycle.config.written import Name, Strict

Weekly = Annotated[float, Field(gt=0)]


class BudgetFile(Strict):
    """The whole file."""

    #: For every receiver that is not named; absent, those have no limit.
    default: Weekly | None = None
    receivers: dict[Name, Weekly] = Field(default_factory=dict)


def load(reading: Reading, receivers: Iterable[str] | None) -> Mapping[str, float]:
    """Warnings a week by receiver; one without a limit is not in it. None: the receivers are not known."""
    read = reading.file("budget.yaml", BudgetFile, required=False)
    if read is None or receivers is None:
        return {}
    document, file = read
    known = list(receivers)
    for name in file.receivers:
        reading.known(document, ("receivers", name), "receiver", name, known)
    every = {} if file.default is None else dict.fromkeys(known, file.default)
    return every | file.receivers
