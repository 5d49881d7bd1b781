"""What becomes of a call: the grade that passes, by whom, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.model.act import Act
from engine.model.grade import Domain, Grade
from engine.model.warning import Issuer, RiskWarning
from engine.warn.call import Call


@dataclass(frozen=True)
class Passage:
    """The grade at which the place stands, who lets it pass, and which grade waits beside it."""

    grade: Grade
    issuer: Issuer = Issuer.ITSELF
    #: The act that let it pass; empty where none did.
    by: str = ""
    proposed: Grade | None = None
    #: Whose approval the proposal needs.
    needs: Issuer = Issuer.ITSELF


class Authorise(Protocol):
    """Stands between what is called for and what is issued: `engine.duty.authority`."""

    def __call__(
        self, open_: RiskWarning | None, called: Call, acts: Sequence[Act], domain: Domain, at: datetime
    ) -> Passage: ...


def at_once(
    open_: RiskWarning | None, called: Call, acts: Sequence[Act], domain: Domain, at: datetime
) -> Passage:
    """Every call passes: what a backtest lives by, and whoever asks nobody."""
    return Passage(called.grade, Issuer.ITSELF, called.act.id if called.act else "")
