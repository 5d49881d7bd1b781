"""Warnings against truth, twice: day by day in each place, and event by event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from engine.backtest.asked import Days, asked, within
from engine.backtest.history import Place, Span, Spell, grades
from engine.detect.series import Bools, Floats
from engine.ingest.truth import Event, Truth
from engine.model.area import AreaTree
from engine.model.grade import Grade

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Against:
    """What a backtest is measured by: the truth, the area tree, and each topic's domain."""

    truth: Truth
    tree: AreaTree
    domains: Mapping[str, str]

    def about(self, subject: str, span: Span) -> list[Event]:
        """The events of a topic or domain that touch the span."""
        return [
            event for event in self.truth.about(subject, self.domains)
            if event.end >= span.first and event.start <= span.last
        ]  # fmt: skip

    def places(self, subject: str, areas: Iterable[str]) -> list[Place]:
        """The areas whose level the truth on a subject can speak of: not those that lie below all its
        events, for what it knows of a county it does not know of a town."""
        events = list(self.truth.about(subject, self.domains))
        levels = {self.tree[area].level for event in events for area in self.tree.lineage(event.area)}
        return [(area, subject) for area in areas if not events or self.tree[area].level in levels]

    def says(self, event: Event, area: str) -> bool | None:
        """Whether an event is one of this area: it is one of its own area and of every area above.
        None: it lies somewhere below the event's area, or elsewhere in it; nobody knows."""
        if area in self.tree.lineage(event.area):
            return True
        return None if event.area in self.tree.lineage(area) else False


@dataclass(frozen=True)
class Track:
    """What was warned of in a set of places: one row a place, one column a watch day.

    grades: (P, D) of `Grade`; ahead: (P,) how many days ahead a warning speaks.
    """

    places: tuple[Place, ...]
    spells: tuple[Spell, ...]
    grades: NDArray[np.int8]
    ahead: Days

    @classmethod
    def of(cls, places: Sequence[Place], spells: Iterable[Spell], span: Span, ahead: int = 1) -> Track:
        rows = {place: row for row, place in enumerate(places)}
        kept = tuple(spell for spell in spells if spell.place in rows)
        return cls(tuple(places), kept, grades(kept, rows, span), np.full(len(places), ahead))

    def above(self, floor: Grade) -> Track:
        """What was warned of at `floor` or above."""
        parts = tuple(part for spell in self.spells for part in spell.above(floor))
        kept = np.where(self.grades >= int(floor), self.grades, 0).astype(np.int8)
        return replace(self, spells=parts, grades=kept)


@dataclass(frozen=True)
class Marks:
    """What happened, on the same grid as a track.

    event: (P, D) an event is under way on a day of the horizon that begins here; before: (P, D) one was in
    the horizon that ends here; counts: (P, D) True where a judgement is made and proves something: not on the
    day after an event, whose first judgement may only come then, nor where nobody knows; known: (P, D) where
    one is made and it is known whether the horizon held an event, on the day after one as well.
    """

    event: Bools
    before: Bools
    counts: Bools
    known: Bools


def mark(track: Track, against: Against, span: Span) -> Marks:
    """Lay the truth over a track."""
    far = int(track.ahead.max(initial=1))
    under_way, unsure = laid(track, against, span.first - far * _DAY, span.days + 2 * far)
    event = within(under_way, far, track.ahead, span.days)
    before = within(under_way[:, ::-1], far, track.ahead, span.days + 1)[:, :0:-1]
    late = under_way[:, far - 1 : far - 1 + span.days]
    known = asked(track.grades, track.ahead) & (event | ~within(unsure, far, track.ahead, span.days))
    return Marks(event, before, known & (event | ~late), known)


def laid(track: Track, against: Against, first: date, days: int) -> tuple[Bools, Bools]:
    """(P, days) from `first` on: where an event is under way, and where nobody knows."""
    under_way = np.zeros((len(track.places), days), bool)
    unsure = np.zeros_like(under_way)
    rows: dict[str, list[tuple[int, str]]] = {}
    for row, (area, subject) in enumerate(track.places):
        rows.setdefault(subject, []).append((row, area))
    for subject, own in rows.items():
        for one in against.truth.about(subject, against.domains):
            start = max((one.start - first).days, 0)
            stop = max((one.end - first).days + 1, 0)
            for row, area in own:
                says = against.says(one, area)
                if says:
                    under_way[row, start:stop] = True
                elif says is None:
                    unsure[row, start : stop + 1] = True
        for row, area in own:
            for start, stop in _unknown(against, subject, area, first, days):
                unsure[row, start:stop] = True
    return under_way, unsure


def _unknown(against: Against, subject: str, area: str, first: date, days: int) -> Iterator[tuple[int, int]]:
    """The stretches, as positions from `first` on, of which nobody knows: beyond what the truth states, and
    where it says so of the area, of one above it, or of one below: it cannot be known to be quiet then."""
    truth, lineage = against.truth, against.tree.lineage
    if (reach := truth.reach(subject, against.domains)) is not None:
        yield 0, min(max((reach[0] - first).days, 0), days)
        yield max((reach[1] - first).days + 1, 0), days
    for one in truth.blanks(subject, against.domains):
        if one.area in lineage(area) or area in lineage(one.area):
            yield max((one.start - first).days, 0), max((one.end - first).days + 1, 0)


@dataclass(frozen=True)
class Matched:
    """Events and warnings matched with each other.

    warned: (E,) whether the event was warned of; in_time: (E,) 1 where that was by the judgement that
    opens the day on which it began, 0 where not, NaN where it began before the backtest; lead: (E,)
    days from the first thing said that reached it to the event's beginning, negative where it came late,
    NaN where none came or the event began before the backtest; onset: (E,) as the truth says; right: (W,)
    1 where a warning met an event, 0 where it met none, NaN where nobody knows or it opened before the span;
    late: (W,) whether all that it met was over when it spoke.
    """

    warned: Bools
    in_time: Floats
    lead: Floats
    onset: Bools
    right: Floats
    late: Bools


def match(track: Track, against: Against, span: Span) -> Matched:
    """A warning meets an event of its place if the horizon of anything it says reaches the event's first
    day, and it was said by the first cut after the last day: the first judgement that can know the whole
    of it. An event is warned of by warnings of the smallest area around it that is judged at all."""
    ahead = {place: int(days) for place, days in zip(track.places, track.ahead, strict=True)}
    areas: dict[str, set[str]] = {}
    for area, subject in track.places:
        areas.setdefault(subject, set()).add(area)
    told = [_told(spell, ahead[spell.place], against, span) for spell in track.spells]
    right = np.where(told, 0.0, np.nan)
    late = np.ones(len(track.spells), bool)
    warned, in_time, lead, onset = [], [], [], []
    for subject in sorted(areas):
        spells = [(at, spell) for at, spell in enumerate(track.spells) if spell.place[1] == subject]
        for event in against.about(subject, span):
            met = [
                (at, spell, first) for at, spell in spells
                if (first := _first(spell, event, ahead[spell.place], span)) is not None
            ]  # fmt: skip
            over = span.calendar.midnight(event.end + _DAY)
            for at, spell, first in met:
                says = against.says(event, spell.place[0])
                late[at] &= first >= over
                if spell.opened <= span.since:
                    continue
                right[at] = 1 if says else right[at] if says is False or right[at] == 1 else np.nan
            around = [area for area in against.tree.lineage(event.area) if area in areas[subject]]
            if not around:
                continue
            own = [first for _, spell, first in met if spell.place[0] == around[0]]
            begun, first = event.began >= span.first, min(own, default=None)
            soon = first is not None and first <= span.calendar.cut_at(event.began)
            before = (span.calendar.midnight(event.began) - first) / _DAY if begun and first else np.nan
            warned.append(bool(own))
            in_time.append(float(soon) if begun else np.nan)
            lead.append(before)
            onset.append(event.onset)
    return Matched(
        warned=np.array(warned, bool), in_time=np.array(in_time, float), lead=np.array(lead, float),
        onset=np.array(onset, bool), right=right, late=late & (right == 1),
    )  # fmt: skip


def _first(spell: Spell, event: Event, ahead: int, span: Span) -> datetime | None:
    """When the warning first said something that the event is met by; None where it never did."""
    begins, ends = span.calendar.midnight(event.start), span.calendar.cut_at(event.end + _DAY)
    if spell.opened > ends:
        return None
    reaches = (at for at in spell.said(ahead, span.until) if at <= ends)
    return next((at for at in reaches if at + ahead * _DAY > begins), None)


def _told(spell: Spell, ahead: int, against: Against, span: Span) -> bool:
    """Whether it opened within the span, and the truth tells of every day of which it spoke."""
    if spell.opened <= span.since:
        return False
    said = [span.calendar.local_day(at) for at in spell.said(ahead, span.until)]
    days = (said[-1] - said[0]).days + ahead
    unknown = _unknown(against, spell.place[1], spell.place[0], said[0], days)
    return not any(start < min(stop, days) for start, stop in unknown)
