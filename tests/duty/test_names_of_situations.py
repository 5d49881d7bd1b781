"""A situation that goes on keeps its name, and no name is given twice, whatever opens, ends and passes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.duty.situation import OVERLAP, belonging, situations
from engine.model.grade import Grade
from engine.model.situation import Belonging
from engine.model.warning import RiskWarning
from tests.duty.test_situation import AT, TREE, line

Step = tuple[str, str | float]


@dataclass
class Record:
    """What a service keeps: lines as they are, and every row of the record."""

    now: datetime = AT
    lines: list[RiskWarning] = field(default_factory=list)
    rows: list[Belonging] = field(default_factory=list)

    @property
    def present(self) -> list[RiskWarning]:
        since = self.now - OVERLAP
        return [one for one in self.lines if one.lifted_at is None or one.lifted_at >= since]

    @property
    def past(self) -> list[Belonging]:
        known = {one.id for one in self.present}
        return [row for row in self.rows if row.warning in known]

    def do(self, step: Step) -> dict[str, Belonging]:
        """Open a line (`open T1`), end the last of an area (`end T1`), or let hours pass (`wait 5`)."""
        what, which = step
        if what == "open":
            days = (self.now - AT) / timedelta(days=1)
            self.lines.append(replace(line(str(which), days=days), id=f"{which}.{len(self.lines)}"))
        elif what == "end":
            number = next((n for n, one in enumerate(self.lines) if one.open and one.area == which), None)
            if number is not None:
                self.lines[number] = replace(self.lines[number], lifted_at=self.now)
        else:
            self.now += timedelta(hours=float(which))
        return self.keep()

    def keep(self) -> dict[str, Belonging]:
        last = {row.warning: row for row in self.rows}
        found = belonging(self.present, TREE, self.past, self.now)
        self.rows += [row for row in found.values() if row != last.get(row.warning)]
        return found

    def told(self) -> dict[str, str]:
        """The open situations: the areas of each, by its name."""
        found = situations(self.present, TREE, self.past)
        return {one.id: " ".join(sorted(w.area for w in one.lines if w.open)) for one in found}


def steps(text: str) -> list[Step]:
    words = (step.split() for step in text.split(", "))
    return [(what, float(which) if what == "wait" else which) for what, which in words]


@pytest.mark.parametrize(
    ("happened", "told"),
    [
        # the line it began with has ended more than a day ago, and it goes on
        ("open T1, wait 1, open T2, end T1, wait 25", {"T1.0": "T2"}),
        ("open T1, open T2, end T1, wait 25, open T3, end T2, wait 25, open T4", {"T1.0": "T3 T4"}),
        # a bridge ends: the part with the earliest open line keeps the name
        ("open T1, wait 1, open T3, wait 1, open T2, end T2, wait 25", {"T1.0": "T1", "T3.1~2": "T3"}),
        ("open C, open T1, wait 1, open T3, end C, wait 25", {"C.0": "T1", "T3.2": "T3"}),
        # an older event joins on: its name stays, and the other's never comes back
        ("open T1, wait 1, open T3, wait 1, open T2", {"T1.0": "T1 T2 T3"}),
        (
            "open T3, wait 1, open T1, open T2, end T2, wait 25, open T2, end T2, wait 25",
            {"T3.0": "T3", "T1.1~3": "T1"},
        ),
        # what is over keeps a name from nobody who goes on
        ("open T1, open T2, open T3, end T1, end T2, wait 25", {"T1.0": "T3"}),
        # what begins within a day goes on; what begins later is new
        ("open T1, end T1, wait 20, open T2, wait 30", {"T1.0": "T2"}),
        ("open T1, end T1, wait 25, open T2", {"T2.1": "T2"}),
    ],
)
def test_what_a_situation_is_called(happened: str, told: dict[str, str]) -> None:
    record = Record()
    for step in steps(happened):
        record.do(step)
    assert record.told() == told


AREAS = st.sampled_from(["C", "T1", "T2", "T3", "T4", "T5"])
STEPS = st.lists(
    st.tuples(st.just("open"), AREAS)
    | st.tuples(st.just("end"), AREAS)
    | st.tuples(st.just("wait"), st.sampled_from([0.0, 1.0, 13.0, 25.0])),
    max_size=40,
)


@given(STEPS)
@example(steps("open T3, wait 1, open T1, open T2, end T2, wait 25, open T2, end T2, wait 25"))
@example(steps("open T1, open T2, open T4, open T3, end T3, wait 25, end T2, open T3, end T3, wait 25"))
def test_a_name_means_one_event_for_as_long_as_it_goes_on(happened: Sequence[Step]) -> None:
    record, was, over = Record(), dict[str, Belonging](), set[str]()
    for step in happened:
        found = record.do(step)
        names = {row.situation for row in found.values()}
        assert not names & over, "a name comes back"
        assert parts(found) == hanging(record.present), "one name means one event"
        for row in set(was.values()):
            went_on(row, [one for one in was if was[one].situation == row.situation], found)
        over |= {row.situation for row in was.values()} - names
        was = found
        seen = list(record.rows)
        assert record.keep() == found and record.rows == seen, "twice is once"


def went_on(row: Belonging, lines: Iterable[str], found: dict[str, Belonging]) -> None:
    """What a situation was called, somebody is called now, or all that goes on has joined what is older."""
    after = {found[one] for one in lines if one in found}
    names = {one.situation for one in after}
    older = all((one.born, one.situation) < (row.born, row.situation) for one in after)
    assert not names or row.situation in names or older


def parts(found: dict[str, Belonging]) -> set[frozenset[str]]:
    names = {row.situation for row in found.values()}
    return {frozenset(one for one, row in found.items() if row.situation == name) for name in names}


def hanging(lines: Sequence[RiskWarning]) -> set[frozenset[str]]:
    """What hangs together, slowly: grown from each line until nothing more is near."""
    whole = set[frozenset[str]]()
    for start in lines:
        group, grown = {start.id}, True
        while grown:
            near = {one.id for one in lines for other in lines if other.id in group and _near(one, other)}
            grown, group = not near <= group, group | near
        whole.add(frozenset(group))
    return whole


def _near(one: RiskWarning, other: RiskWarning) -> bool:
    above = one.area in TREE.lineage(other.area) or other.area in TREE.lineage(one.area)
    return above or other.area in TREE[one.area].neighbours


@given(STEPS, st.integers(0, 40))
def test_who_reads_sees_what_was_recorded(happened: Sequence[Step], gone: int) -> None:
    """Between two looks of the service nothing is called anew; and a map without neighbours parts nothing
    that is recorded until the service looks again."""
    record = Record()
    for step in happened:
        record.do(step)
    before = record.told()
    record.now += timedelta(hours=gone)
    assert set(record.told()) <= set(before)


def test_a_grade_that_moves_or_a_proposal_names_nothing() -> None:
    record = Record()
    record.do(("open", "T1"))
    record.lines.append(replace(line("T2", Grade.NONE, days=-1), id="T2.1"))
    record.lines[0] = replace(record.lines[0], grade=Grade.RED)
    assert [row.warning for row in record.keep().values()] == ["T1.0"]
    # Approved later than what began after it: the name of the situation stays.
    record.lines[1] = replace(record.lines[1], grade=Grade.ORANGE)
    record.keep()
    assert record.told() == {"T1.0": "T1 T2"}
