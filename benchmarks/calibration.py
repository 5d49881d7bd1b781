"""The tables of docs/statistics.md: how often each default method cries wolf on noise without events, and
how often it sees a doubling of the mean. Prints Markdown; takes some minutes.

    python -m benchmarks.calibration
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from engine.detect import change, cusum, ears, forecast, rare, silent, trend
from engine.detect.detection import Detection
from engine.detect.farrington import rung as farrington
from engine.detect.series import Series

ALPHA = 0.01
MEANS = (0.2, 1.0, 6.0, 50.0)
#: Name and variance of a mean: Poisson, twice the mean, and mean + mean^2 / 2.
NOISES: dict[str, Callable[[float], float]] = {
    "Poisson": lambda mean: mean,
    "variance 2 m": lambda mean: 2 * mean,
    "variance m + m²/2": lambda mean: mean + mean**2 / 2,
}
#: Points before the judged ones, and how many are judged after a change.
BEFORE, AFTER = 280, 4

Alarms = np.ndarray
Method = Callable[[np.ndarray], Alarms]


def _rare(dispersion: str) -> Method:
    def judge(values: np.ndarray) -> Alarms:
        length = values.shape[1]
        found = []
        for at in range(length - AFTER, length):
            series = Series(
                cuts=np.array([739000]), window=7, gap=0, observed=values[None, :, at],
                whole=np.ones((1, values.shape[0]), bool), baseline=values[None, :, at - 26 : at],
            )  # fmt: skip
            fitted = rare.model(series, rare.Params(alpha=ALPHA, dispersion=dispersion))
            found.append(fitted.holds(series.observed)[0])
        return np.stack(found, axis=1)

    return judge


def _last(judge: Callable[..., Detection], **options: Any) -> Method:
    def run(values: np.ndarray) -> Alarms:
        times = range(values.shape[1] - AFTER, values.shape[1])
        return judge(values, times, **options).alarm

    return run


def _cusum(**options: Any) -> Method:
    """The sum runs over forty points first, so that it is in its stride."""

    def run(values: np.ndarray) -> Alarms:
        times = range(values.shape[1] - AFTER - 40, values.shape[1])
        return cusum.detect(values, times, alpha=ALPHA, **options).alarm[:, -AFTER:]

    return run


def _farrington(**options: Any) -> Method:
    params = farrington.Params(frequency=52, alpha=ALPHA, **options)
    return _last(farrington.detect, params=params)


_NOUFAILY = {"no_periods": 10, "past_weeks_not_included": 26, "p_threshold_trend": 1.0}
#: Each method with the number of series it is tried on.
METHODS: dict[str, tuple[Method, int]] = {
    "ears C1": (_last(ears.detect, method="C1", alpha=ALPHA), 4000),
    "ears C2": (_last(ears.detect, method="C2", alpha=ALPHA), 4000),
    "ears C3": (_last(ears.detect, method="C3", alpha=ALPHA), 4000),
    "ears C2, Normal counts": (_last(ears.detect, method="C2", alpha=ALPHA, dispersion="none"), 20_000),
    "ears C2, as published": (_last(ears.detect, method="C2", alpha=ALPHA, compat="surveillance"), 20_000),
    "rare": (_rare("own"), 4000),
    "rare, Poisson noise": (_rare("none"), 20_000),
    "rare, pooled dispersion": (_rare("pooled"), 20_000),
    "farrington": (_farrington(), 2000),
    "farrington, Noufaily": (_farrington(**_NOUFAILY), 2000),
    "farrington, delta": (_farrington(threshold_method="delta"), 2000),
    "farrington, nbPlugin": (_farrington(threshold_method="nbPlugin"), 2000),
    "farrington, muan": (_farrington(threshold_method="muan"), 2000),
    "cusum": (_cusum(), 2000),
    "cusum without reset": (_cusum(reset=False), 2000),
    "change, previous": (_last(change.detect), 4000),
    "change, year": (_last(change.detect, against="year"), 4000),
    "change, baseline": (_last(change.detect, against="baseline"), 4000),
    "change, previous, Poisson noise": (_last(change.detect, dispersion="none"), 20_000),
    "trend": (_last(trend.detect), 2000),
    "forecast": (_last(forecast.detect), 100),
    "silent": (_last(silent.detect), 4000),
}
#: EARS as it is used: one false alarm in a thousand points.
STRICT: dict[str, tuple[Method, int]] = {
    f"ears {method}{', as published' if compat else ''}":
        (_last(ears.detect, method=method, alpha=0.001, compat=compat), 50_000 if compat else 4000)
    for compat in ("", "surveillance") for method in ears.METHODS
}  # fmt: skip


def noise(rng: np.random.Generator, mean: float, variance: float, shape: tuple[int, int]) -> np.ndarray:
    if variance <= mean:
        return rng.poisson(mean, shape).astype(float)
    size = mean**2 / (variance - mean)
    return rng.negative_binomial(size, size / (size + mean), shape).astype(float)


def table(
    title: str, factor: float, judge: Callable[[Alarms], float], spread: Callable[[float], float],
    methods: dict[str, tuple[Method, int]] = METHODS,
) -> None:  # fmt: skip
    """One row per method, one column per mean; the last points have `factor` times the mean."""
    print(f"\n**{title}**\n\n| method | " + " | ".join(f"{mean:g}" for mean in MEANS) + " |")
    print("|--|" + "--|" * len(MEANS))
    for name, (method, series) in methods.items():
        cells = []
        for mean in MEANS:
            rng = np.random.default_rng([7, int(mean * 10)])
            quiet = noise(rng, mean, spread(mean), (series, BEFORE))
            now = noise(rng, mean * factor, spread(mean * factor), (series, AFTER))
            cells.append(judge(method(np.concatenate([quiet, now], axis=1))))
        print(f"| {name} | " + " | ".join(f"{cell:.2%}" for cell in cells) + " |", flush=True)


#: What is used without being asked for, as it is judged on counts as they really come.
DEFAULTS: dict[str, Callable[..., Detection]] = {
    "rare": rare.detect,
    "ears C1": partial(ears.detect, method="C1"),
    "ears C2": partial(ears.detect, method="C2"),
    "ears C3": partial(ears.detect, method="C3"),
    "change, previous": change.detect,
    "change, year": partial(change.detect, against="year"),
    "change, baseline": partial(change.detect, against="baseline"),
    "farrington": lambda values, times, alpha: farrington.detect(
        values, times, farrington.Params(frequency=52, b=4, alpha=alpha)
    ),
    "cusum": partial(cusum.detect, reset=False),
    "trend": trend.detect,
    "silent": silent.detect,
}


def real() -> None:
    """What the defaults do on counts as they really come, at 0.01 and at 0.001: means of 0.2 to 50 in one
    pool, each mean by itself."""
    shape = (4 * 800, 225)
    level = np.repeat(MEANS, 800)[:, None]
    rng = np.random.default_rng(17)
    kinds: dict[str, np.ndarray] = {
        "half of the blocks empty": rng.poisson(2 * level, shape) * (rng.random(shape) < 0.5),
        "four in five empty": rng.poisson(5 * level, shape) * (rng.random(shape) < 0.2),
        "skewed (log-normal levels)": rng.poisson(level * np.exp(rng.normal(-0.32, 0.8, shape))),
    }
    print("\n| counts | method | " + " | ".join(f"{mean:g}" for mean in MEANS) + " |")
    print("|--|--|" + "--|" * len(MEANS))
    for name, values in kinds.items():
        for method, judge in DEFAULTS.items():
            found = [judge(values.astype(float), range(219, 225), alpha=alpha) for alpha in (0.01, 0.001)]
            cells = [
                " / ".join(f"{one.alarm[rows][one.known[rows]].mean():.2%}" for one in found)
                for rows in np.split(np.arange(len(values)), len(MEANS))
            ]
            print(f"| {name} | {method} | " + " | ".join(cells) + " |", flush=True)


def every(found: Alarms) -> float:
    return float(found.mean())


def first(found: Alarms) -> float:
    return float(found[:, 0].mean())


def within_four(found: Alarms) -> float:
    return float(found.any(axis=1).mean())


def main() -> None:
    for name, spread in NOISES.items():
        table(f"False alarms of EARS at alpha 0.001, {name}", 1.0, every, spread, STRICT)
    for name, spread in NOISES.items():
        table(f"False alarms at alpha 0.01, {name}", 1.0, every, spread)
    real()
    poisson = NOISES["Poisson"]
    table("A doubling, seen on its first point", 2.0, first, poisson)
    table("A doubling, seen within four points", 2.0, within_four, poisson)
    table("A halving, seen within four points", 0.5, within_four, poisson)


if __name__ == "__main__":
    main()
