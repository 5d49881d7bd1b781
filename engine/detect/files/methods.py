"""Every method by its name, with its parameters, for calls from outside a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np

from engine.detect import change, cusum, ears, forecast, new, nowcast, rare, silent, trend
from engine.detect.cluster import study as cluster
from engine.detect.detection import Detection
from engine.detect.farrington import rung as farrington
from engine.detect.files.events import Events
from engine.detect.files.parameter import EventMethod, Method, Parameter, Positions, parameters
from engine.detect.files.reports import read as read_reports
from engine.detect.files.series import Table
from engine.detect.near_repeat import knox
from engine.model.panel import Deltas

_FREQUENCY = Parameter("frequency", "int", 52, "points per year: 52 weeks, 12 months, 365 days")
_NO_SEASON = Parameter("frequency", "int", 52, "points per year; this method has no season and ignores it")
_SEASON = Parameter("frequency", "int", 1, "points in a full season; 1: no season")
_WEEKDAY = Parameter("weekday", "text", "auto", "auto: a factor per weekday where t are days; or off")
_WAVE = Parameter("season", "text", "auto", "auto: a wave of the year from two years of dates on; or off")
_ALPHA = Parameter("alpha", "float", 0.01, "the chance of a false alarm per point")


def _plain(detect: Callable[..., Detection], *ignored: str) -> Callable[..., Detection]:
    def run(table: Table, positions: Positions, values: Mapping[str, Any]) -> Detection:
        return detect(table.counts, positions, **{k: v for k, v in values.items() if k not in ignored})

    return run


def _dated(detect: Callable[..., Detection], *ignored: str) -> Callable[..., Detection]:
    """With the days of the points where they lie evenly."""

    def run(table: Table, positions: Positions, values: Mapping[str, Any]) -> Detection:
        even = table.dated and np.unique(np.diff(table.times)).size == 1
        kept = {name: of for name, of in values.items() if name not in ignored}
        return detect(table.counts, positions, **kept, days=table.times if even else None)

    return run


def _farrington(table: Table, positions: Positions, values: Mapping[str, Any]) -> Detection:
    params = farrington.Params(**{"frequency": 52} | dict(values))
    days = table.times if table.dated else None
    return farrington.detect(table.counts, positions, params, population=table.population, days=days)


_MEANINGS = {
    "frequency": "points per year: 52 weeks, 12 months, 365 days; none given: 52",
    "b": "how many years back",
    "w": "half the width of the window around the same time of each year, in points",
    "no_periods": "seasonal levels; 1: none but the window (Noufaily: 10)",
    "past_weeks_not_included": "how many of the newest points are left out; none given: w (Noufaily: 26)",
    "trend": "whether to try a trend",
    "p_threshold_trend": "a trend is kept below this p-value; 1: always",
    "reweight": "whether to down-weight past outbreaks",
    "weights_threshold": "standardised Anscombe residual from which a past point is down-weighted",
    "alpha": "one-sided chance of a false alarm",
    "threshold_method": "student, delta, nbPlugin or muan; none given: student, in compat delta",
    "power_transform": "the scale of delta: 2/3, 1/2 or none",
    "limit54": "(cases, points): no alarm with fewer cases in the last points",
    "population_offset": "whether to judge rates, by the file's column population",
    "weekday": "whether each weekday has a factor; none given: for daily counts, but not in compat form",
    "compat": "surveillance: the reference's form",
}
_FARRINGTON_KINDS = {
    "frequency": "int", "past_weeks_not_included": "int", "weekday": "bool", "limit54": "pair",
    "threshold_method": "text",
}  # fmt: skip


def _cluster(events: Events, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    scan = cluster.points(
        events.days, events.coordinates, events.n, cluster.Params(**values), people=events.people,
        controls=events.controls,
    )
    return [
        {
            "rank": one.rank, "start": date.fromordinal(one.first).isoformat(),
            "end": date.fromordinal(one.last).isoformat(),
            "center": events.place(*scan.coordinates[one.center].tolist()),
            "areas": "; ".join(events.place(*scan.coordinates[place].tolist()) for place in one.places),
            "observed": one.observed, "expected": one.expected, "statistic": one.statistic,
            "pvalue": one.pvalue, "recurrence": one.recurrence,
        }
        for one in scan.clusters
    ]  # fmt: skip


def _near_repeat(events: Events, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = knox.knox(events.days, events.coordinates, events.n, knox.Params(**values))
    return [
        {
            "distance": distance, "days": days, "observed": int(found.observed[row, column]),
            "expected": float(found.expected[row, column]), "ratio": float(found.ratio[row, column]),
            "pvalue": float(found.pvalue[row, column]),
        }
        for row, distance in enumerate(found.space_bands)
        for column, days in enumerate(found.time_bands)
    ]  # fmt: skip


def _nowcast(reports: Deltas, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The last days up to the age at which a day is complete; what cannot be told is left empty."""
    chosen = dict(values)
    cut = chosen.pop("cut", int(reports.cut.max()))
    params = nowcast.Params(**chosen)
    first = cut - params.max_delay - 1
    complete = nowcast.completeness(reports, cut, params)
    found = nowcast.nowcast(np.maximum(reports.grid(first, cut - 1, cut), 0.0), complete, params)
    complete_now = np.broadcast_to(complete.fraction[:, ::-1], found.known.shape)
    told = np.stack([found.estimate, found.low, found.high, complete_now], axis=-1)
    told[~found.known] = np.nan
    return [
        {"series": name, "t": date.fromordinal(first + at).isoformat(), "reported": float(reported)}
        | dict(zip(("estimate", "low", "high", "completeness"), told[series, at].tolist(), strict=True))
        for series, name in enumerate(reports.areas)
        for at, reported in enumerate(found.reported[series])
    ]


_METRIC = "plane, or degrees (x longitude, y latitude)"
_SHUFFLES = "how often the dates are shuffled; p is at least 1 / (replicates + 1)"

METHODS: dict[str, Method] = {
    "ears": Method(
        "the last points against a short moving baseline (C1, C2, C3)",
        _plain(ears.detect, "frequency"),
        (
            Parameter("method", "text", "C1", "C1, C2 or C3"),
            Parameter("baseline", "int", 7, "points in the baseline, at least 3"),
            Parameter("dispersion", "text", "own", "own (each series'), or none (Normal counts)"),
            Parameter("history", "int", 26, "points that tell the dispersion, or as many as there are"),
            Parameter("min_sigma", "float", None,
                      "the least standard deviation, with dispersion none; none given: 1, in compat 0"),
            Parameter("alpha", "float", None, "false alarms per point; none given: 0.001, for C3 0.025"),
            Parameter("compat", "text", "", "surveillance: the reference's earsC"),
            _NO_SEASON,
        ),
        chunk=0,
    ),
    "farrington": Method(
        "the same season of the years before, by a quasi-Poisson regression (flexible, Noufaily)",
        _farrington,
        parameters(farrington.Params, _MEANINGS, _FARRINGTON_KINDS),
    ),
    "cusum": Method(
        "evidence for a raised mean, added up over points",
        _plain(cusum.detect),
        (
            Parameter("shift", "float", 2.0, "the rise looked for, as a factor"),
            Parameter("alpha", "float", None, "false alarms per point; none given: 0.01. In compat form the "
                      "reference's negative-binomial alpha; none given: 0.1"),
            Parameter("baseline", "int", 52, "points that the usual mean is taken from"),
            Parameter("gap", "int", 8, "points between them and the judged one"),
            Parameter("noise", "text", "negbin", "negbin (over-dispersion estimated) or poisson"),
            Parameter("reset", "bool", None, "start again after an alarm; none given: true, in compat false"),
            Parameter("compat", "text", "", "surveillance: the reference's cusum; needs a range"),
            Parameter("k", "float", 1.04, "compat: the reference value"),
            Parameter("h", "float", 2.26, "compat: the decision limit"),
            Parameter("m", "level", None, "compat: the usual mean, or glm; none given: that of before"),
            Parameter("trans", "text", "standard",
                      "compat: standard, rossi, anscombe, anscombe2nd, pearsonNegBin or none"),
            _FREQUENCY,
        ),
    ),
    "change": Method(
        "a rate ratio against an earlier window, exact for small counts",
        _dated(change.detect),
        (
            Parameter("against", "text", "previous", "previous, year (ago) or baseline"),
            _ALPHA,
            Parameter("ratio", "float", 1.0, "a rise up to this factor is no change"),
            Parameter("relative_to", "text", "", "all: with the other series' movement removed"),
            Parameter("interval", "float", 0.95, "coverage of the ratio's interval"),
            Parameter("window", "int", 1, "points in the judged window"),
            Parameter("baseline", "int", 26, "earlier windows pooled for against=baseline"),
            _FREQUENCY,
            Parameter("dispersion", "text", "own", "own (each series'), or none (Poisson noise)"),
            Parameter("history", "int", 26, "windows that tell the dispersion, or as many as there are"),
            _WEEKDAY,
            _WAVE,
        ),
        chunk=0,
    ),
    "trend": Method(
        "Mann-Kendall's test for a rise or fall, with Sen's slope",
        _plain(trend.detect),
        (
            Parameter("baseline", "int", None, "points before the judged one; none given: 26 (4 seasons)"),
            _SEASON,
            _ALPHA,
            Parameter("direction", "text", "up", "up or down"),
        ),
    ),
    "forecast": Method(
        "the next point's expected count with an interval, by exponential smoothing",
        _plain(forecast.detect),
        (
            Parameter("baseline", "int", None, "points it is fitted on; none given: 52, or three seasons"),
            _SEASON,
            Parameter("alpha", "float", 0.01, "the chance beyond either end of the interval"),
        ),
        chunk=1,
    ),
    "new": Method(
        "seen now and never within the baseline",
        _plain(new.detect, "frequency"),
        (
            Parameter("baseline", "int", 52, "points that must be empty"),
            Parameter("at_least", "float", 1.0, "how many it takes"),
            _NO_SEASON,
        ),
    ),
    "rare": Method(
        "a rare count, given the series' own past and what all series share (gamma-Poisson predictive)",
        _dated(rare.detect),
        (
            Parameter("baseline", "int", 26, "points of a series' own past"),
            Parameter("gap", "int", 0, "points between them and the judged one"),
            _ALPHA,
            Parameter("dispersion", "text", "own", "own (each series'), pooled or none (Poisson noise)"),
            _WEEKDAY,
            _WAVE,
        ),
        chunk=0,
    ),
    "silent": Method(
        "fewer than the baseline leads to expect",
        _dated(silent.detect, "frequency"),
        (
            Parameter("baseline", "int", 26, "points the expectation rests on"),
            Parameter("gap", "int", 0, "points between them and the judged one"),
            _ALPHA,
            Parameter("noise", "text", "negbin", "negbin (over-dispersion estimated) or poisson"),
            _WEEKDAY,
            _WAVE,
            _NO_SEASON,
        ),
    ),
}  # fmt: skip

#: Methods whose file has a row per event or report.
EVENT_METHODS: dict[str, EventMethod] = {
    "cluster": EventMethod(
        "where and since when too much happens at once (space-time scan up to the last day)",
        _cluster,
        parameters(
            cluster.Params,
            {
                "max_days": "the longest cluster, at most half of all days",
                "max_share": "the largest share of all places, and of all events, in one cluster",
                "replicates": _SHUFFLES,
                "min_cases": "fewer are no cluster",
                "clusters": "how many are reported at most",
                "every": "days between two scans, for the recurrence interval",
                "metric": _METRIC,
                "seed": "of the shuffling",
                "model": "permutation, poisson (column population) or bernoulli (column controls)",
                "max_radius": "how far a circle reaches: a number, in degrees a distance such as 50km",
                "clumps": "of one place and a few days: shuffled together, or apart (every case by itself)",
            },
            {},
        ),
        (
            "rank", "start", "end", "center", "areas", "observed", "expected", "statistic", "pvalue",
            "recurrence",
        ),
    ),
    "near_repeat": EventMethod(
        "whether events near in space are near in time more often than chance (Knox)",
        _near_repeat,
        parameters(
            knox.Params,
            {
                "space_bands": "rising upper edges of distance, in units of x and y (degrees: metres)",
                "time_bands": "rising upper edges of time, in days",
                "replicates": _SHUFFLES,
                "metric": _METRIC,
                "seed": "of the shuffling",
            },
            {"space_bands": "list", "time_bands": "list"},
        ),
        ("distance", "days", "observed", "expected", "ratio", "pvalue"),
    ),
    "nowcast": EventMethod(
        "what the last days will hold once all reports have come in, from the delays of earlier days",
        _nowcast,
        (
            Parameter("cut", "day", None, "the morning it is told on; none given: after the last report"),
            *parameters(
                nowcast.Params,
                {
                    "max_delay": "days after which a day is complete",
                    "history": "days looked back on",
                    "confidence": "coverage of the interval",
                    "least": "with fewer cases to learn a delay from, nothing is said",
                    "pull": "cases of its own that outweigh what a weekday or series shares with the others",
                    "by_area": "whether each series has its own delays",
                },
                {},
            ),
        ),
        ("series", "t", "reported", "estimate", "low", "high", "completeness"),
        read_reports,
    ),
}  # fmt: skip
