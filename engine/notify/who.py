"""Who would hear of a change and why, and who would not and why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from engine.model.act import Act
from engine.model.message import Receiver, Route
from engine.model.warning import Change, RiskWarning
from engine.notify.audience import FALLS, carries, covers, inhibited, silenced


@dataclass(frozen=True)
class Reason:
    """One receiver: whether it hears, why or why not, and by which channels it is reached now."""

    receiver: str
    hears: bool
    why: str
    channels: tuple[str, ...]


def reasons(
    change: Change, warning: RiskWarning, routes: Sequence[Route], lineage: Sequence[str],
    receivers: Mapping[str, Receiver], told: Mapping[str, Set[str]], *, acts: Sequence[Act] = (),
    warnings: Iterable[RiskWarning] = (), inhibit: bool = False,
) -> list[Reason]:  # fmt: skip
    """Everybody who is led to by a route or has heard of it: those who hear first, then by id."""
    led: dict[str, list[str]] = {}
    for route in routes:
        if carries(route, change, warning, lineage):
            for name in route.receivers:
                led.setdefault(name, []).append(route.id)
    if change.step in FALLS:
        for name in told.get(warning.id, ()):
            led.setdefault(name, []).append("it heard it rise")
    quiet = _silence(change, warning, acts)
    spared = inhibited(change, warning, warnings, lineage, told) if inhibit else frozenset()
    found = [
        _reason(receivers.get(name), name, why, quiet, spared=name in spared) for name, why in led.items()
    ]
    return sorted(found, key=lambda one: (not one.hears, one.receiver))


def _reason(one: Receiver | None, name: str, why: Sequence[str], quiet: str, *, spared: bool) -> Reason:
    channels = tuple(channel.name for channel in one.channels) if one else ()
    if quiet:
        return Reason(name, False, quiet, channels)
    if spared:
        return Reason(name, False, "it knows of a worse warning of the topic in an area above", channels)
    if not channels:
        return Reason(name, False, "it has no channel", channels)
    return Reason(name, True, ", ".join(why), channels)


def _silence(change: Change, warning: RiskWarning, acts: Sequence[Act]) -> str:
    if not silenced(change, warning, acts):
        return ""
    act = next(act for act in acts if covers(act, warning, change.at, acts))
    until = f" until {act.until:%Y-%m-%d %H:%M %Z}" if act.until else ""
    return f"silenced{until}: {act.reason}"
