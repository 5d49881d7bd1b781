"""What speaks against promoting a rule: its own tests, as far as they can say it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.period import Calendar
from engine.rulebook.context import Context
from engine.rulebook.load import Loaded
from engine.rulebook.mutate.examine import examine
from engine.rulebook.trial.coverage import coverage
from engine.rulebook.trial.trial import run


def shortcomings(
    loaded: Loaded, rule: str, context: Context, calendar: Calendar, *, covered: float, noticed: float
) -> Iterator[str]:
    """Tests that fail; else less coverage or fewer mutants noticed than are asked for, in percent.

    Raises ValueError as `trial.run` does.
    """
    verdicts = run(loaded, context, calendar=calendar, rules=[rule])
    failed = [one.name for one in verdicts if not one.passed]
    if failed:
        more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
        yield f"its test '{failed[0]}'{more} fails"
        return
    (shown,) = coverage(loaded, context, calendar=calendar, only=[rule])
    if shown.percent < covered:
        yield f"its tests cover {shown.percent:.0f} % of it, under {covered:g} (rules coverage says what not)"
    if noticed and loaded.book is not None:
        source = next(source for source in loaded.sources if source.id == rule)
        score = examine(source, loaded.book, context, calendar).score
        if score is not None and score < noticed:
            found = f"its tests notice {score:.0f} % of its mutants"
            yield f"{found}, under {noticed:g} (rules mutate says which not)"
