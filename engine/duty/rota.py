"""Who is on duty at a moment, and over a stretch of time; where nobody is.

A shift's hours are those of the clocks on the wall: the night on which they go forward is an hour shorter,
the one on which they go back an hour longer, and between two shifts there is never a gap or an overlap of
an hour. A time that the clocks jump over is read as if they had not; of one that comes twice, the first is
meant. All that is compared is compared in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.model.message import Receiver
from engine.model.rota import Rota, Shift, Stretch, Team

_DAY = timedelta(days=1)


def on_duty(rota: Rota, at: datetime, planned: Sequence[Stretch] = ()) -> Team:
    """Who is on duty at a moment: whom an override names, else the calendar's and the shifts' teams.

    planned: what a calendar kept elsewhere says about the time around it.
    """
    return _at(rota, at.astimezone(UTC), _pieces(rota, at, at + timedelta(microseconds=1), planned)).team


def stretches(rota: Rota, begins: datetime, ends: datetime, planned: Sequence[Stretch] = ()) -> list[Stretch]:
    """The time between two moments, without a hole: each stretch with who is on duty, nobody included."""
    begins, ends = begins.astimezone(UTC), ends.astimezone(UTC)
    pieces = _pieces(rota, begins, ends, planned)
    moments = {moment for piece in (*pieces, *rota.overrides) for moment in (piece.begins, piece.ends)}
    inside = sorted(moment for moment in moments if begins < moment < ends)
    found: list[Stretch] = []
    for start, end in zip([begins, *inside], [*inside, ends], strict=True):
        here = _at(rota, start, pieces)
        if found and (found[-1].team, found[-1].cause) == (here.team, here.cause):
            found[-1] = replace(found[-1], ends=end)
        else:
            found.append(Stretch(start, end, here.team, here.cause))
    return found


def gaps(rota: Rota, begins: datetime, ends: datetime, planned: Sequence[Stretch] = ()) -> list[Stretch]:
    """When nobody is on duty."""
    return [one for one in stretches(rota, begins, ends, planned) if not one.team]


def current(rota: Rota, at: datetime, planned: Sequence[Stretch] = ()) -> Stretch:
    """The stretch of duty that holds a moment, from its beginning to its end, as far as a turn goes."""
    around = timedelta(days=1 + max((shift.every for shift in rota.shifts), default=7))
    return next(one for one in stretches(rota, at - around, at + around, planned) if one.holds(at))


def present(receivers: Mapping[str, Receiver], duty: Mapping[str, Team]) -> dict[str, Receiver]:
    """The receivers as they are reached while these are on duty, by rota: a rota by them alone.

    Where nobody is on duty, everybody who ever is hears: a gap in a plan is no reason for silence.
    """
    return {id_: _reached(receiver, duty) for id_, receiver in receivers.items()}


def joined(receiver: Receiver, members: Iterable[Receiver]) -> Receiver:
    """A receiver that is a rota, with every channel of every member of it, named by whose it is."""
    channels = [
        replace(channel, options={**channel.options, "name": f"{member.id}/{channel.name}"})
        for member in members for channel in member.channels
    ]  # fmt: skip
    return replace(receiver, channels=tuple(channels))


def _reached(receiver: Receiver, duty: Mapping[str, Team]) -> Receiver:
    team = duty.get(receiver.rota, ())
    channels = tuple(one for one in receiver.channels if one.name.partition("/")[0] in team)
    return replace(receiver, channels=channels) if channels else receiver


def _at(rota: Rota, at: datetime, pieces: Sequence[Stretch]) -> Stretch:
    """Who is on duty at a moment, and by what."""
    overriding = [one for one in rota.overrides if one.holds(at)]
    holding = overriding or [piece for piece in pieces if piece.holds(at)]
    team = dict.fromkeys(member for piece in holding for member in piece.team)
    causes = dict.fromkeys(piece.cause for piece in holding if piece.cause)
    return Stretch(at, at, tuple(team), " + ".join(causes))


def _pieces(rota: Rota, begins: datetime, ends: datetime, planned: Sequence[Stretch]) -> list[Stretch]:
    """What shifts and the calendar say about the time between two moments."""
    found = [*planned, *(piece for shift in rota.shifts for piece in _days(shift, rota.zone, begins, ends))]
    return [piece for piece in found if piece.begins < ends and begins < piece.ends]


def _days(shift: Shift, zone: ZoneInfo, begins: datetime, ends: datetime) -> Iterator[Stretch]:
    """The shift on each day on which it may touch the time between two moments."""
    day, last = begins.astimezone(zone).date() - _DAY, ends.astimezone(zone).date()
    while day <= last:
        if day >= shift.since and day.weekday() in shift.days:
            turn = (day - shift.since).days // shift.every % len(shift.teams)
            over = day if shift.ends > shift.begins else day + _DAY
            yield Stretch(
                moment(day, shift.begins, zone), moment(over, shift.ends, zone), shift.teams[turn], shift.name
            )
        day += _DAY


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the clocks on the wall show it."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return moment(day, time(), zone)
