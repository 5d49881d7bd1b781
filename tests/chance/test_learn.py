"""Chances by hand, and on made-up histories whose true chances are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta, betabinom

from engine.chance.learn import ALONE, LEAST, Learned, Past, _quantile, chances, learn
from engine.model.grade import RUNGS, Grade


def past(*seen: tuple[int, int, int]) -> Past:
    """(grade, how often it came true, of how many), all in blocks of their own."""
    said = np.concatenate([np.full(told, grade) for grade, _, told in seen])
    came = np.concatenate([np.arange(told) < true for _, true, told in seen])
    return Past(said.astype(np.int64), came, np.arange(len(said)))


def alone(*seen: tuple[int, int, int]) -> Learned:
    return learn({"r": past(*seen)})["r"]


def test_a_rule_alone_is_drawn_a_little_toward_its_own_base_rate():
    found = alone((1, 12, 31), (2, 30, 40))
    base = (42 + 0.5) / (71 + 1)
    blue, yellow = (12 + base) / 32, (30 + base) / 41
    assert found.chance[0] == pytest.approx((12 + ALONE * blue) / (31 + ALONE))
    assert found.chance[1] == pytest.approx((30 + ALONE * yellow) / (40 + ALONE))
    claim = found.claim(Grade.BLUE, 7)
    assert claim is not None and (claim.came, claim.told, claim.days) == (12, 31, 7)
    assert claim.sentence == "12 of 31 such warnings came true within 7 days"
    weight = 31 + ALONE
    assert (claim.low, claim.high) == pytest.approx(
        beta.ppf((0.025, 0.975), claim.chance * weight, (1 - claim.chance) * weight)
    )


def test_too_few_judgements_claim_nothing():
    found = alone((1, 3, LEAST - 1), (2, 4, LEAST))
    assert found.claim(Grade.BLUE, 7) is None and found.claim(Grade.YELLOW, 7) is not None
    assert found.claim(Grade.NONE, 7) is None and set(chances(found, 7)) == {Grade.YELLOW}
    assert learn({}) == {}


def test_no_grade_claims_less_than_a_lesser_one():
    found = alone((1, 20, 40), (2, 5, 40), (4, 30, 40))
    assert found.chance[0] == pytest.approx(found.chance[1]) == pytest.approx(0.3, abs=0.03)
    assert found.chance[3] > found.chance[1]
    yellow, red = (found.claim(grade, 7) for grade in (Grade.YELLOW, Grade.RED))
    assert yellow and red and (yellow.came, yellow.told) == (5, 40)
    assert found.weight[0] == pytest.approx(2 * found.weight[3]), "what was pooled knows as much as both"


def test_a_grade_never_said_says_nothing_of_the_others():
    assert alone((3, 15, 100)).chance[2] == pytest.approx(alone((2, 15, 100)).chance[1])


def test_a_young_rule_is_drawn_toward_its_pack_and_an_old_one_is_not():
    pack = {f"old{n}": past((1, 300, 1000)) for n in range(4)} | {"young": past((1, 9, 10))}
    found = learn(pack)
    assert 0.3 < found["young"].chance[0] < 0.6 < 0.9
    assert found["old1"].chance[0] == pytest.approx(0.3, abs=0.01)
    unlike = learn({f"r{n}": past((1, 10 * n, 100)) for n in range(10)} | {"young": past((1, 9, 10))})
    assert unlike["young"].chance[0] > found["young"].chance[0], "a pack that differs tells less"


def test_judgements_that_share_their_causes_tell_less():
    same = np.repeat([True, False, True, False], 25)
    in_months = learn({"r": Past(np.ones(100, np.int64), same, np.repeat(np.arange(4), 25))})["r"]
    apart = learn({"r": Past(np.ones(100, np.int64), same, np.arange(100))})["r"]
    wide, narrow = in_months.claim(Grade.BLUE, 7), apart.claim(Grade.BLUE, 7)
    assert wide and narrow and wide.high - wide.low > 3 * (narrow.high - narrow.low)
    assert in_months.chance[0] == apart.chance[0] and apart.spread == pytest.approx(1, abs=0.05)


def test_claims_bear_out_where_the_chances_hold_and_not_where_they_do_not():
    """Two thirds learned, one third judged, a thousand times: about 95 of 100 lie within."""
    random, truth = np.random.default_rng(1), (0.05, 0.2, 0.5, 0.9)
    held = broken = tried = 0
    for _ in range(250):
        came = [int(random.binomial(60, chance)) for chance in truth]
        found = alone(*((grade, came[grade - 1], 60) for grade in range(1, 5)))
        for grade in RUNGS:
            tried += 1
            held += found.bears(grade, int(random.binomial(30, truth[grade - 1])), 30)
            broken += found.bears(grade, int(random.binomial(30, truth[::-1][grade - 1])), 30)
    assert held / tried > 0.93 and broken / tried < 0.2


def test_the_chances_of_many_rules_are_those_that_made_them():
    """Brier skill of what was learned against what was not: never worse than the base rate."""
    random = np.random.default_rng(2)
    for _ in range(20):
        true = np.sort(random.beta(1, 3, 4))
        said = random.integers(1, 5, 300)
        came = random.random(300) < true[said - 1]
        found = learn({"r": Past(said[:200], came[:200], np.arange(200))})["r"]
        late, event = said[200:], came[200:]
        brier = ((found.chance[late - 1] - event) ** 2).mean()
        assert 1 - brier / ((came[:200].mean() - event) ** 2).mean() > -0.02


@pytest.mark.parametrize(("a", "b"), [(0.3, 5.0), (1.0, 1.0), (2.5, 40.0), (300.0, 20.0), (1e-3, 4.0)])
def test_counts_to_expect_are_those_of_scipy(a: float, b: float) -> None:
    for n in (1, 2, 7, 60, 2_000):
        for share in (0.025, 0.5, 0.975):
            assert _quantile(share, n, a, b) == betabinom.ppf(share, n, a, b)
