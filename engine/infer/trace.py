"""Why a correlation came out as it did: the outcome with what each pattern showed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from engine.infer.resolve import View, absent, counted
from engine.infer.strata import correlation_of
from engine.model.finding import Held, MatchTrace, Outcome, RungTrace, Trace
from engine.model.grade import Confidence, Grade
from engine.model.rule import Combine, Correlation, Pattern, Rule

#: How many categories of an incident pattern are named before "and n more".
NAMED = 3


def wording(pattern: Pattern) -> str:
    """A pattern in words: `finding on burglary, yellow or worse`."""
    if pattern.kind == "finding":
        raw = "" if pattern.standing or pattern.tests else "raw "
        subject = f"{raw}finding of {pattern.rule}" if pattern.rule else f"{raw}finding on {pattern.topic}"
        if pattern.tests:
            subject += f" (raw tests {', '.join(test.name for test in pattern.tests)})"
        elif pattern.grade > Grade.BLUE:
            subject += f", {pattern.grade.word} or worse"
    else:
        categories = sorted(pattern.indicator.categories) if pattern.indicator else []
        more = f" and {len(categories) - NAMED} more" if len(categories) > NAMED else ""
        subject = f"incident of {', '.join(categories[:NAMED])}{more}"
        if pattern.count > 1:
            subject += f", {pattern.count} or more"
    return f"{subject}, by {pattern.level}" if pattern.level else subject


def outcome(
    rule: Rule, area: str, held: tuple[Held, ...], views: Sequence[View], at: datetime
) -> Outcome:
    """The outcome of one rule in one area; `views` has what each pattern showed there."""
    correlation = correlation_of(rule)
    wanted, unwanted = views[: len(correlation.of)], views[len(correlation.of) :]
    cause = _blindness(correlation, views)
    trace = Trace(
        rule=rule.id,
        rule_hash=rule.hash,
        area=area,
        window=(_moment(at - correlation.within), _moment(at)),
        observed=float(counted(wanted)[0]),
        rungs=tuple(
            RungTrace(grade, rung_held, (), _missing(correlation, number, rung_held, wanted, unwanted))
            for (grade, number), rung_held in zip(correlation.rungs, held, strict=True)
        ),
        matches=(
            *(_match(told, view.held, view)
              for told, view in zip(_in_turn(correlation), wanted, strict=True)),
            *(_match(f"no {wording(p)}", absent(view), view)
              for p, view in zip(correlation.none, unwanted, strict=True)),
        ),
        confidence=Confidence.LOW if cause else Confidence.HIGH,
        confidence_cause=cause,
    )  # fmt: skip
    return Outcome(rule.id, rule.hash, area, held, trace)


def _in_turn(correlation: Correlation) -> Iterator[str]:
    """The patterns in words; of those that follow soon how soon."""
    soon = f", within {correlation.after // timedelta(hours=1)}h after" if correlation.after else ""
    yield from (wording(pattern) + (soon if at else "") for at, pattern in enumerate(correlation.of))


def _match(text: str, held: Held, view: View) -> MatchTrace:
    found = sorted((moment, area) for area, moments in view.at.items() for moment in moments)
    return MatchTrace(text, held, tuple(sorted(view.at)), tuple((area, _moment(at)) for at, area in found))


def _missing(
    correlation: Correlation, number: int, held: Held, wanted: Sequence[View], unwanted: Sequence[View]
) -> float | None:
    """How many more matches would make the rung hold; None where it holds or none would help."""
    vetoed = any(absent(view) is Held.NOT for view in unwanted)
    if correlation.combine is not Combine.AT_LEAST or held is Held.HELD or vetoed:
        return None
    short = number - counted(wanted)[0]
    return float(short) if short > 0 else None


def _blindness(correlation: Correlation, views: Sequence[View]) -> str:
    blind = [
        f"{wording(pattern)}: blind in {len(view.blind)} of the areas looked at"
        for pattern, view in zip((*correlation.of, *correlation.none), views, strict=True)
        if view.blind
    ]
    return "; ".join(blind)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
