"""How good warnings were: the figures of one track against the truth, as one flat row.

Two units, never mixed. *Judgements* (see `asked`): one place on one watch day, warned or not, with an
event within the horizon or not; hits, misses, false alarms, correct quiet and everything computed from
them. *Events*: an event warned of or missed, a warning right or false; lead time. Definitions after
Jolliffe and Stephenson, Forecast Verification (2012), chapters 3 and 7.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.backtest import bootstrap
from engine.backtest.bootstrap import ratio
from engine.backtest.match import Marks, Matched, Track
from engine.detect.series import Bools, Floats
from engine.model.grade import RUNGS, Grade

Row = dict[str, float | int | str | None]

#: Every figure of a row, with what it says. A figure without truth to measure it by is empty.
FIGURES: Mapping[str, str] = {
    "warnings": "warnings opened",
    "areas": "areas in which it can warn",
    "warnings_per_area_week": "warnings opened for each area and week",
    "chance_warnings": "warnings that chance alone would open in the same time (mean over replicates)",
    "chance_share": "chance warnings as a share of the warnings, at most 1",
    "days": "judgements that count: one place on one day, for the horizon from there",
    "base_rate": "share of judgements with an event within the horizon",
    "hits": "judgements of a warning, with an event within the horizon",
    "misses": "judgements of no warning, with an event within the horizon",
    "false_alarms": "judgements of a warning, without an event",
    "correct_quiet": "judgements of no warning, without an event",
    "pod": "probability of detection: hits / (hits + misses), in judgements",
    "far": "false alarm ratio: false alarms / (hits + false alarms), in judgements",
    "csi": "critical success index: hits / (hits + misses + false alarms), in judgements",
    "brier": "Brier score: the mean square of (chance the grade claims - event within the horizon)",
    "skill_climatology": "Brier skill against climatology: 1 - brier / that of always saying the base rate",
    "skill_persistence": "Brier skill against persistence: 1 - brier / that of saying what was just before",
    "skill_fitted": "that against climatology, had each grade claimed the frequency that it proved to have",
    "skill_learned": "Brier skill of learned claims on the last third, against climatology as known then",
    "frequency_blue": "share of the judgements at blue with an event within the horizon",
    "frequency_yellow": "the same at yellow",
    "frequency_orange": "the same at orange",
    "frequency_red": "the same at red",
    "events": "events that touch the time and lie where it can warn",
    "events_warned": "events within the horizon of a warning that came by the first cut after them",
    "events_missed": "the other events",
    "event_pod": "events warned / events",
    "events_in_time": "events of which a warning stood by the judgement that opens the day they began on",
    "event_pod_in_time": "events warned in time / events that began within the time",
    "false_warnings": "warnings that met no event",
    "false_warning_share": "false warnings / warnings that can be told right from false",
    "lead_median": "days from the first warning that reaches it to the event's beginning; negative: late",
    "lead_q1": "its lower quartile",
    "lead_q3": "its upper quartile",
    "onset_events": "events that the truth marks as onsets",
    "onset_warned": "onsets warned of",
    "onset_pod": "onsets warned / onsets",
    "onset_in_time": "onsets warned of in time",
    "onset_lead_median": "lead time of onsets, median",
    "onset_lead_q1": "its lower quartile",
    "onset_lead_q3": "its upper quartile",
}  # fmt: skip

#: These come with the ends of a 95 % interval, as `pod_low` and `pod_high`.
INTERVALS = (
    "pod", "far", "csi", "brier", "skill_climatology", "skill_persistence", "skill_fitted", "event_pod",
    "event_pod_in_time", "false_warning_share", "lead_median",
)  # fmt: skip


def names() -> tuple[str, ...]:
    """Every name a figure can have, the ends of intervals included."""
    ends = tuple(f"{name}_{end}" for name in INTERVALS for end in ("low", "high"))
    return (*FIGURES, *ends)


def by_days(track: Track, marks: Marks, claims: Floats, warned: Bools | None = None) -> Row:
    """The figures whose unit is a judgement.

    claims: (5,) the chance of an event that each grade claims, from none to red; warned: (P, D)
    where something else than any grade at all counts as warned.
    """
    said = track.grades if warned is None else warned.astype(np.int8)
    warned = said > 0
    sums = _daily(said, marks, np.where(warned, claims[track.grades], 0.0))
    total = sums.sum(axis=0)[None, :]
    hits, misses, false_alarms, quiet = (int(value) for value in total[0, :4])
    row: Row = {
        "days": hits + misses + false_alarms + quiet, "base_rate": _one(_base_rate(total)), "hits": hits,
        "misses": misses, "false_alarms": false_alarms, "correct_quiet": quiet,
    }  # fmt: skip
    for name, measure in _BY_DAYS.items():
        row[name] = _one(measure(total))
        row[f"{name}_low"], row[f"{name}_high"] = bootstrap.over_days(sums, measure)
    return row


def calibration(track: Track, marks: Marks) -> Row:
    """What the truth was on the days of each grade."""
    row: Row = {}
    for grade in RUNGS:
        at = (track.grades == int(grade)) & marks.counts
        row[f"frequency_{grade.word}"] = float(marks.event[at].mean()) if at.any() else None
    return row


def by_events(matched: Matched) -> Row:
    """The figures whose unit is an event, or a warning."""
    events, warned = matched.warned.size, int(matched.warned.sum())
    told = matched.right[~np.isnan(matched.right)]
    lead = matched.lead[~np.isnan(matched.lead)]
    onset_lead = matched.lead[matched.onset & ~np.isnan(matched.lead)]
    onsets, begun = matched.warned[matched.onset], matched.in_time[~np.isnan(matched.in_time)]
    row: Row = {
        "events": events, "events_warned": warned, "events_missed": events - warned,
        "event_pod": warned / events if events else None, "events_in_time": int(begun.sum()),
        "event_pod_in_time": float(begun.mean()) if begun.size else None,
        "false_warnings": int((told == 0).sum()),
        "false_warning_share": float((told == 0).mean()) if told.size else None,
        "lead_median": _quantile(lead, 50), "lead_q1": _quantile(lead, 25), "lead_q3": _quantile(lead, 75),
        "onset_events": onsets.size, "onset_warned": int(onsets.sum()),
        "onset_pod": float(onsets.mean()) if onsets.size else None,
        "onset_in_time": int(np.nansum(matched.in_time[matched.onset])),
        "onset_lead_median": _quantile(onset_lead, 50), "onset_lead_q1": _quantile(onset_lead, 25),
        "onset_lead_q3": _quantile(onset_lead, 75),
    }  # fmt: skip
    for name, cases, measure in (
        ("event_pod", matched.warned.astype(float), _mean), ("event_pod_in_time", begun, _mean),
        ("false_warning_share", (told == 0).astype(float), _mean),
        ("lead_median", lead, _median),
    ):
        row[f"{name}_low"], row[f"{name}_high"] = bootstrap.over_cases(cases, measure)
    return row


def _daily(said: NDArray[np.int8], marks: Marks, chance: Floats) -> Floats:
    """(D, 16) per day, over all places: hits, misses, false alarms, correct quiet, the squared errors of
    the claimed chances and of persistence, and the days with each of the five words said, none to red:
    all of them, then those with an event."""
    counts, event, warned = marks.counts, marks.event, said > 0
    words = [said == word for word in range(len(Grade))]
    parts = (
        warned & event, ~warned & event, warned & ~event, ~warned & ~event,
        (chance - event) ** 2, marks.before != event,
        *words, *(word & event for word in words),
    )  # fmt: skip
    return np.stack([(part * counts).sum(axis=0).astype(float) for part in parts], axis=1)


def _base_rate(sums: Floats) -> Floats:
    return ratio(sums[:, 0] + sums[:, 1], sums[:, :4].sum(axis=1))


def _brier(sums: Floats) -> Floats:
    return ratio(sums[:, 4], sums[:, :4].sum(axis=1))


def _against_climatology(sums: Floats) -> Floats:
    rate = _base_rate(sums)
    return 1 - ratio(_brier(sums), rate * (1 - rate))


def _against_persistence(sums: Floats) -> Floats:
    return 1 - ratio(sums[:, 4], sums[:, 5])


def _fitted(sums: Floats) -> Floats:
    """Resolution over uncertainty, the parts of the Brier score that claims cannot change (Murphy 1973)."""
    rate, days = _base_rate(sums), sums[:, :4].sum(axis=1)
    said, events = sums[:, 6:11], sums[:, 11:]
    apart = (np.nan_to_num(ratio(events, said)) - rate[:, None]) ** 2
    return ratio((said * apart).sum(axis=1), days * rate * (1 - rate))


_BY_DAYS = {
    "pod": lambda sums: ratio(sums[:, 0], sums[:, 0] + sums[:, 1]),
    "far": lambda sums: ratio(sums[:, 2], sums[:, 0] + sums[:, 2]),
    "csi": lambda sums: ratio(sums[:, 0], sums[:, :3].sum(axis=1)),
    "brier": _brier,
    "skill_climatology": _against_climatology,
    "skill_persistence": _against_persistence, "skill_fitted": _fitted,
}


def _mean(drawn: Floats) -> Floats:
    return np.asarray(drawn.mean(axis=1), float)


def _median(drawn: Floats) -> Floats:
    return np.asarray(np.median(drawn, axis=1), float)


def _one(values: Floats) -> float | None:
    return None if np.isnan(values[0]) else float(values[0])


def _quantile(values: Floats, percent: float) -> float | None:
    return float(np.percentile(values, percent)) if values.size else None


def claimed(points: Mapping[Grade, float]) -> Floats:
    """(5,) the chance each grade claims: its points of a hundred, none for no warning."""
    return np.array([0.0, *(points[grade] / 100 for grade in RUNGS)])
