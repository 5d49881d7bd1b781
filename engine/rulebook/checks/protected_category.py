"""A protected category where it may not stand.

Lawful assembly, petitioning, speech, worship and migration status are protected: no parent, sum or score
includes them. Only a crowd-safety rule may name one, by its full code and alone: its topic is
`crowd-safety` and every measure is traffic, medical, facilitation or mediation.

Wrong: `category: civic` or `category: civic.petition`. Right: count the harm; or, for a large gathering,
`topic: crowd-safety` with `category: civic.assembly` and `measures: [crowd-medical]`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.model.topic import CROWD_SAFETY, CROWD_TOPIC
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "protected-category"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    taxonomy = context.taxonomy
    named = [(place, code) for place, code in source.selectors() if code in taxonomy]
    for place, code in named:
        if taxonomy[code].protected:
            yield from ((place, sentence) for sentence in _refusals(source, context, code))
        elif _only_protected(context, code):
            yield place, f"everything below '{code}' is protected: no rule may count it through its parent"
    for place, alert in source.alerts():
        for code in alert.categories:
            if code in taxonomy and (taxonomy[code].protected or _only_protected(context, code)):
                yield place, f"'{code}' is protected: no rule may ask for an alert of it"


def _refusals(source: Source, context: Context, code: str) -> Iterator[str]:
    if source.written.topic != CROWD_TOPIC:
        ours = f"only a rule of the topic '{CROWD_TOPIC}' may name it"
        yield f"'{code}' is protected: {ours}; count the harm instead"
    elif _beside_harm(source, context, code):
        yield f"'{code}' is protected and stands beside what is not: a rule counts the one or the other"
    elif len(context.taxonomy.below(code)) > 1:
        yield f"'{code}' is protected and a parent: name the one leaf that is meant by its full code"
    else:
        yield from _measures(source, context)


def _beside_harm(source: Source, context: Context, code: str) -> bool:
    beside = [where.categories() for _, where in source.wheres() if code in where.categories()]
    others = [other for codes in beside for other in codes if other in context.taxonomy]
    return not all(context.taxonomy[other].protected for other in others)


def _measures(source: Source, context: Context) -> Iterator[str]:
    aims = ", ".join(sorted(CROWD_SAFETY))
    chosen = [choice.code for choice in source.written.measures]
    unfit = [c for c in chosen if c in context.catalogue and context.catalogue[c].aim not in CROWD_SAFETY]
    if not chosen:
        yield f"a crowd-safety rule needs measures, and only of these aims: {aims}"
    if unfit:
        yield f"a crowd-safety rule may not ask for {', '.join(unfit)}: only for {aims}"


def _only_protected(context: Context, code: str) -> bool:
    below = [context.taxonomy[child] for child in context.taxonomy.below(code) if child != code]
    return bool(below) and all(child.protected for child in below)
