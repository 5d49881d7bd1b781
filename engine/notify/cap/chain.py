"""One warning's messages in one CAP feed: Alert, Update, ..., Cancel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.model.alert import Kind
from engine.model.grade import Grade

#: So many earlier messages are named in any case.
REACH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A message that was planned: from then on nothing of it changes."""

    number: int
    identifier: str
    kind: Kind
    sent: datetime
    expires: datetime
    grade: Grade
    #: What it says, without when.
    digest: str


def unexpired(chain: Sequence[Published], at: datetime) -> tuple[Published, ...]:
    """What a message sent at `at` must name: everything that readers may still hold. Nothing, where the
    chain has ended or lapsed: then the next message begins anew."""
    if not chain or chain[-1].kind is Kind.CANCEL:
        return ()
    return tuple(one for one in _since_alert(chain) if one.expires > at)


def named(chain: Sequence[Published], at: datetime) -> tuple[Published, ...]:
    """What the next message of a chain that holds names: all that has not expired, and the last of what has,
    so that whoever missed some in between still finds the way back to what they know."""
    holds = unexpired(chain, at)
    return holds if len(holds) > REACH else tuple(_since_alert(chain)[-REACH:])


def following(
    chain: Sequence[Published], at: datetime, *, stands: bool, digest: str, expires: datetime
) -> Kind | None:
    """The kind of the next message; None where there is nothing to tell.

    stands: whether the warning does; digest: what would be said of it now; expires: how long that would hold.
    """
    holds = unexpired(chain, at)
    if not stands:
        return Kind.CANCEL if holds else None
    if not holds:
        return Kind.ALERT
    return Kind.UPDATE if digest != chain[-1].digest or expires > chain[-1].expires else None


def _since_alert(chain: Sequence[Published]) -> Sequence[Published]:
    return chain[max(nth for nth, one in enumerate(chain) if one.kind is Kind.ALERT) :]
