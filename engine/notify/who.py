"""Who would hear of a change and why, and who would not and why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from engine.model.act import Act
from engine.model.message import Receiver, Route
from engine.model.text import Text
from engine.model.warning import Change, RiskWarning
from engine.notify.audience import FALLS, carries, covers, inhibited, silenced

_HEARD = Text("it heard it rise", "此前已获通知")
_WORSE = Text(
    "it knows of a worse warning of the topic in an area above", "已知上级区域同类预警级别更高"
)
_MUTE = Text("it has no channel", "没有可用渠道")
_SILENCED = Text("silenced{until}: {reason}", "静默{until}：{reason}")
_UNTIL = Text(" until {until}", "至{until}")


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
    warnings: Iterable[RiskWarning] = (), inhibit: bool = False, language: str = "en",
) -> list[Reason]:  # fmt: skip
    """Everybody who is led to by a route or has heard of it: those who hear first, then by id."""
    led: dict[str, list[str]] = {}
    for route in routes:
        if carries(route, change, warning, lineage):
            for name in route.receivers:
                led.setdefault(name, []).append(route.id)
    if change.step in FALLS:
        for name in told.get(warning.id, ()):
            led.setdefault(name, []).append(_HEARD.say(language))
    quiet = _silence(change, warning, acts, language)
    spared = inhibited(change, warning, warnings, lineage, told) if inhibit else frozenset()
    worse = dict.fromkeys(spared, _WORSE.say(language))
    found = [
        _reason(receivers.get(name), name, why, quiet or worse.get(name, ""), language)
        for name, why in led.items()
    ]
    return sorted(found, key=lambda one: (not one.hears, one.receiver))


def _reason(
    one: Receiver | None, name: str, why: Sequence[str], against: str, language: str
) -> Reason:  # fmt: skip
    channels = tuple(channel.name for channel in one.channels) if one else ()
    against = against or ("" if channels else _MUTE.say(language))
    if against:
        return Reason(name, False, against, channels)
    return Reason(name, True, ", ".join(why), channels)


def _silence(change: Change, warning: RiskWarning, acts: Sequence[Act], language: str) -> str:
    if not silenced(change, warning, acts):
        return ""
    act = next(act for act in acts if covers(act, warning, change.at, acts))
    until = _UNTIL.say(language).format(until=f"{act.until:%Y-%m-%d %H:%M %Z}") if act.until else ""
    return _SILENCED.say(language).format(until=until, reason=act.reason)
