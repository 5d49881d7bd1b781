"""Chances of more to come: learned as known then, told with what raised them, cleared by no lower bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta

import numpy as np
import pytest

from engine.backtest.match import Against
from engine.backtest.models import Known, Relearned
from engine.chance.model import Lack
from engine.detect import chance
from engine.ingest.truth import Event, Stretch, Truth
from engine.judge import find, trace_of
from engine.judge.asked import Asked, Kept
from engine.judge.chance import GROUPS, PLACE, learn, told
from engine.judge.ladder import ladder
from engine.model.chance import raised
from engine.model.finding import Held
from engine.model.grade import Grade
from engine.model.incident import Incident
from engine.model.rule import Rung, Test
from engine.notify.factor import FACTORS
from engine.rulebook.trial.draft import DraftPanels
from tests.judge.conftest import CUT, TOWNS, TREE, Count, panels, report, reports, rule

DAYS = 420
MARCH = date(2026, 3, 1)
PARAMS = chance.Params(at_least=0.3, within="3d", of=2)


def bursts(seed: int = 4) -> list[Count]:
    """Ten days of many fires now and then, and else hardly any, in each town by itself."""
    draw, counts = np.random.default_rng(seed), []
    for town in TOWNS:
        burning = 0
        for back in range(DAYS, 0, -1):
            burning = 10 if draw.random() < 0.03 else burning - 1
            many = int(draw.poisson(1.2 if burning > 0 else 0.03))
            counts += [(town, back, many)] if many else []
    return counts


FIRES = tuple(reports(bursts()))
#: A quiet month, but for three days in one town.
BURNING = (
    *(one for one in FIRES if one.occurred_at.date() < CUT - timedelta(days=25)),
    *reports([("A1", back, 3) for back in (1, 2, 3)]),
)
RULE = rule(
    Rung(Grade.BLUE, (Test.of("chance", at_least=0.3, within="3d", of=2),)),
    Rung(Grade.ORANGE, (Test.of("chance", at_least=0.6, within="3d", of=2),)),
)  # fmt: skip


def learned(given: Sequence[Incident], morning: date = MARCH, **more: object) -> Kept:
    found = learn(Asked.by(RULE, PARAMS), panels(given, **more), Known(None), morning)
    assert isinstance(found, Kept)
    return found


def ready(given: Sequence[Incident], **more: object) -> DraftPanels:
    """Panels that learn from what they count."""
    of = panels(given, **more)
    of.models = Relearned(of, None)
    return of


def test_where_it_burned_lately_it_is_likelier_to_burn() -> None:
    found = told(RULE, PARAMS, ready(BURNING), [CUT])
    said = dict(zip(TOWNS, found.chance[0], strict=True))
    assert said["A1"] > 0.4 and said["A1"] > 3 * found.ordinary[0]
    assert said["A1"] > max(of for town, of in said.items() if town != "A1")
    assert found.factors[0, TOWNS.index("A1"), list(GROUPS).index("the last days here")] > 3


def test_claims_come_true_later() -> None:
    """Over many worlds made alike; the days judged are none that was learned from."""
    claimed, came = [], []
    for seed in range(3):
        given = reports(bursts(seed))
        of, cut = ready(given), CUT - timedelta(days=90)
        cuts = [cut + timedelta(days=3 * n) for n in range(29)]
        for one in cuts:
            counts = dict.fromkeys(TOWNS, 0)
            for incident in given:
                if one <= incident.occurred_at.date() < one + timedelta(days=3):
                    counts[incident.areas[0]] += 1
            came += [counts[town] >= 2 for town in TOWNS]
        claimed.append(told(RULE, PARAMS, of, cuts).chance.reshape(-1))
    said, true = np.concatenate(claimed), np.array(came, float)
    assert np.isfinite(said).all()
    assert said.mean() == pytest.approx(true.mean(), abs=0.07)
    high = said > 0.3
    assert true[high].mean() == pytest.approx(said[high].mean(), abs=0.1)
    usual = np.full(said.size, true.mean())
    assert ((said - true) ** 2).mean() < 0.85 * ((usual - true) ** 2).mean()


def test_nothing_that_became_known_later_changes_a_model_or_a_chance() -> None:
    day = MARCH - timedelta(days=100)
    before = [one for one in FIRES if one.known_at.date() < day]
    later = [one for one in FIRES if one.known_at.date() >= day]
    late = reports([("B1", 150 + n, 3) for n in range(20)], late=120)
    draw = np.random.default_rng(1)
    shuffled = [replace(one, areas=(str(draw.choice(TOWNS)),)) for one in later if draw.random() < 0.7]
    found = [
        (asdict(learned(given, day)), told(RULE, PARAMS, ready(given), [day]))
        for given in ([*before, *later], [*before, *shuffled], [*before, *late], before)
    ]
    for model, said in found[1:]:
        assert model == found[0][0]
        assert said.chance.tobytes() == found[0][1].chance.tobytes()
        assert said.factors.tobytes() == found[0][1].factors.tobytes()
    assert asdict(learned([*before, *reports([("B1", 200, 9)])], day)) != found[0][0]


def test_an_outcome_that_becomes_known_late_is_learned_late() -> None:
    events = [
        Event("A1", "fire", day, day, "much burnt", True, day, known=day + timedelta(days=20))
        for n in range(80) for day in [CUT - timedelta(days=5 * n + 1)]
    ]  # fmt: skip
    stated = (Stretch("X", "fire", CUT - timedelta(days=500), CUT + timedelta(days=400)),)
    asked = Asked.by(RULE, chance.Params(at_least=0.3, within="3d"))

    def by(told_: Sequence[Event], morning: date) -> Kept | Lack:
        against = Against(Truth(tuple(told_), frozenset({"fire"}), stated), TREE, {"fire": "public-safety"})
        return learn(asked, panels(FIRES), Known(against), morning)

    morning = CUT - timedelta(days=40)
    early = [one for one in events if one.known and one.known <= morning]
    assert isinstance(by(events, morning), Kept) and len(early) < len(events)
    assert by(events, morning) == by(early, morning)
    assert by(early, morning) != by(early[5:], morning)
    assert learn(asked, panels(FIRES), Known(None), morning) == Lack(0, 0)


def test_many_cuts_at_once_are_judged_as_each_alone() -> None:
    late = reports([("A2", back, 1) for back in range(3, 60, 4)], late=5)
    of = ready((*FIRES, *late), down=[("", CUT - timedelta(days=45), CUT - timedelta(days=40))])
    cuts = [CUT - timedelta(days=n) for n in range(50, 0, -1)]
    together = told(RULE, PARAMS, of, cuts)
    for at in (0, 7, 20, 49):
        alone = told(RULE, PARAMS, of, [cuts[at]])
        assert alone.chance[0] == pytest.approx(together.chance[at], nan_ok=True)
        assert alone.sure[0].tolist() == together.sure[at].tolist()


def states(of: DraftPanels, cut: date = CUT) -> dict[str, tuple[int, ...]]:
    held = ladder(RULE, of, [cut]).held[:, 0]
    return {town: tuple(int(state) for state in held[:, at]) for at, town in enumerate(TOWNS)}


def test_a_lower_bound_raises_and_never_clears() -> None:
    yesterday = CUT - timedelta(days=1)
    whole = states(ready(BURNING))
    assert whole["A1"][0] == Held.HELD and whole["B2"] == (Held.NOT, Held.NOT)
    half = states(ready(BURNING, down=[("", yesterday, yesterday)]))
    assert half["A1"][0] == Held.HELD and half["B2"] == (Held.UNKNOWN, Held.UNKNOWN)
    dark = states(ready(BURNING, unmonitored={"A1": None}))
    assert dark["A1"] == (Held.UNKNOWN, Held.UNKNOWN)


def test_without_a_model_nobody_can_tell_and_why_says_so() -> None:
    few = reports([("A1", 5, 2), ("A1", 90, 3), ("B1", 200, 1)])
    of = ready(few)
    assert set(states(of).values()) == {(Held.UNKNOWN, Held.UNKNOWN)}
    (found,) = find([RULE], of, [CUT])
    assert len(found.outcomes) == len(TOWNS)
    assert all(one.doubt.startswith("no chance can be learned yet: of ") for one in found.outcomes)
    (unlearned,) = find([RULE], panels(FIRES), [CUT])
    assert {one.doubt for one in unlearned.outcomes} == {chance.UNLEARNED}


def test_why_tells_what_raised_it_and_by_how_much() -> None:
    trace = trace_of(RULE, ready(BURNING), CUT, "A1")
    (signal,) = trace.rungs[0].signals
    most, by = raised(signal.facts)[0]
    assert (signal.held, most) == (Held.HELD, "the last days here") and by > 2
    assert signal.facts["within"] == "3d" and signal.facts["learned"] == "2026-03-01"
    assert float(signal.facts["usual"]) < float(signal.facts["chance"])
    assert signal.needed is None and trace.rungs[0].missing is None


def test_a_model_is_for_what_it_was_learned_for() -> None:
    asked = Asked.by(RULE, PARAMS)
    assert Asked.by(RULE, replace(PARAMS, at_least=0.9)).key == asked.key
    for other in (replace(PARAMS, within="4d"), replace(PARAMS, of=3), replace(PARAMS, alert="storm")):
        assert Asked.by(RULE, other).key != asked.key
    assert Asked.by(replace(RULE, level="county"), PARAMS).key != asked.key


def test_everything_looked_at_has_a_name_in_chinese() -> None:
    assert set(FACTORS) == {*GROUPS, PLACE}


def test_a_report_of_another_kind_says_nothing() -> None:
    thefts = [report("A1", CUT - timedelta(days=n), f"t{n}", "theft") for n in range(1, 60)]
    assert asdict(learned((*FIRES, *thefts))) == asdict(learned(FIRES))
