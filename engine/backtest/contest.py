"""A rule beside its rivals on time that none of them has learned from: beats, ties or loses, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

import numpy as np

from engine.backtest.bootstrap import Interval, over_days, ratio
from engine.backtest.chances import Chances
from engine.backtest.ground import ground, spoken
from engine.backtest.rivals import Forecast, Ground, forecasts, learned_forecast, split
from engine.backtest.skill import Row
from engine.chance.learn import Learned
from engine.detect.series import Floats
from engine.judge import Panels


class Verdict(StrEnum):
    """How a rule does beside one rival, by the Brier score."""

    BEATS = "beats"
    TIES = "ties"
    LOSES = "loses"
    #: Nothing happened, or the time is too short for an interval.
    UNTOLD = "untold"


#: The keys of a row, in order.
COLUMNS = (
    "rule", "rival", "verdict", "judgements", "events", "brier_rule", "brier", "gain", "gain_low",
    "gain_high", "skill", "csi_rule", "csi", "csi_gain", "csi_gain_low", "csi_gain_high",
)  # fmt: skip


def contests(chances: Chances, panels: Panels) -> Iterator[Row]:
    """Every rule of which the truth can speak beside all its rivals."""
    span = chances.span
    learned = chances.by(span.first + timedelta(days=split(span.days)))
    for rule, track in chances.tracks():
        made = ground(rule, track, chances.against, span, panels)
        yield from contest(rule.id, made, learned.get(rule.id), spoken(rule, track, span, panels))


def contest(
    rule: str, made: Ground, learned: Learned | None, spoken: Floats | None = None
) -> Iterator[Row]:
    """A row for each rival: both Brier scores and critical success indices on the last third, and what the
    rule gains (above 0 it is better) with a paired interval: the same blocks of days are drawn for both.
    spoken: the chances that the rule itself told, of which it is held to the word."""
    own = learned_forecast(made, learned)
    if spoken is not None:
        own = replace(own, chance=np.where(np.isnan(spoken), own.chance, spoken))
    for rival in forecasts(made):
        yield {"rule": rule, "rival": rival.name, **_compared(own, rival, made)}


def _compared(own: Forecast, rival: Forecast, made: Ground) -> Row:
    sums = np.concatenate([_daily(own, made), _daily(rival, made)], axis=1)[split(made.event.shape[1]) :]
    total = sums.sum(axis=0)[None, :]
    events, n = int(total[0, 1] + total[0, 2]), int(total[0, 4])
    gain = over_days(sums, _gain) if events else (None, None)
    csi = over_days(sums, _csi_gain) if events else (None, None)
    brier = [float(value) for value in (total[0, 0], total[0, 5])]
    return {
        "verdict": _verdict(gain).value, "judgements": n, "events": events,
        "brier_rule": brier[0] / n if n else None, "brier": brier[1] / n if n else None,
        "gain": _one(_gain(total)), "gain_low": gain[0], "gain_high": gain[1],
        "skill": 1 - brier[0] / brier[1] if events else None,
        "csi_rule": _one(_csi(total[:, :5])), "csi": _one(_csi(total[:, 5:])),
        "csi_gain": _one(_csi_gain(total)), "csi_gain_low": csi[0], "csi_gain_high": csi[1],
    }  # fmt: skip


def _daily(forecast: Forecast, made: Ground) -> Floats:
    """(D, 5) squared error, hits, misses, false alarms and judgements of each day."""
    yes, event, counts = forecast.yes, made.event, made.late
    parts = ((forecast.chance - event) ** 2, yes & event, ~yes & event, yes & ~event, np.ones_like(event))
    return np.stack([(part * counts).sum(axis=0).astype(float) for part in parts], axis=1)


def _gain(sums: Floats) -> Floats:
    return ratio(sums[:, 5] - sums[:, 0], sums[:, 4])


def _csi(sums: Floats) -> Floats:
    return ratio(sums[:, 1], sums[:, 1:4].sum(axis=1))


def _csi_gain(sums: Floats) -> Floats:
    return _csi(sums[:, :5]) - _csi(sums[:, 5:])


def _one(values: Floats) -> float | None:
    return None if np.isnan(values[0]) else float(values[0])


def _verdict(gain: Interval) -> Verdict:
    low, high = gain
    if low is None or high is None:
        return Verdict.UNTOLD
    return Verdict.BEATS if low > 0 else Verdict.LOSES if high < 0 else Verdict.TIES


def in_words(rows: Iterable[Row]) -> str:
    """`beats climatology and persistence; ties with EWMA; loses to one fixed number`."""
    names = _by_verdict(rows)
    return "; ".join(f"{said} {_and(names[verdict])}" for verdict, said in _SAID.items() if verdict in names)


def in_chinese(rows: Iterable[Row]) -> str:
    names = _by_verdict(rows)
    told = {verdict: rivals_in_chinese(names[verdict]) for verdict in names}
    return "；".join(f"{said}{told[verdict]}" for verdict, said in _SAID_ZH.items() if verdict in told)


def _by_verdict(rows: Iterable[Row]) -> dict[Verdict, list[str]]:
    names: dict[Verdict, list[str]] = {}
    for row in rows:
        names.setdefault(Verdict(str(row["verdict"])), []).append(str(row["rival"]))
    return names


def lost(rows: Iterable[Row]) -> list[str]:
    """The rivals that do better."""
    return [str(row["rival"]) for row in rows if row["verdict"] == Verdict.LOSES]


def rivals_in_chinese(names: Iterable[str]) -> str:
    """What the rivals are called, one after another."""
    return "、".join(_ZH[name] for name in names)


_SAID = {
    Verdict.BEATS: "beats", Verdict.TIES: "ties with", Verdict.LOSES: "loses to",
    Verdict.UNTOLD: "cannot be told from",
}  # fmt: skip
_SAID_ZH = {
    Verdict.BEATS: "优于", Verdict.TIES: "不分上下：", Verdict.LOSES: "不及", Verdict.UNTOLD: "无从比较：",
}  # fmt: skip
_ZH = {
    "climatology": "常年频率", "persistence": "持续性预报", "fitted persistence": "校准后的持续性预报",
    "mean + 3 sd": "均值加三倍标准差", "EWMA": "指数加权移动平均", "one fixed number": "固定阈值",
}  # fmt: skip


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
