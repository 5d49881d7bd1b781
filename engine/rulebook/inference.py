"""What the inference engine says of the correlations, brought back to the lines they stand on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.infer import limits
from engine.rulebook.context import Context
from engine.rulebook.language.resolve import resolve
from engine.rulebook.language.source import Place, Source

#: What `limits` says and is found before: by the schema, which refuses an empty list of patterns, and by
#: the check of ids, because the inference engine names its clauses after the rules.
ELSEWHERE = {"correlation-empty": "schema", "correlation-name": "duplicate-id"}


def found(sources: Sequence[Source], context: Context, name: str) -> Iterator[tuple[Source, Place, str]]:
    """The sentences of one kind about the correlations whose every name is known."""
    sound = [source for source in sources if source.correlate and nameable(source, context)]
    by_id = {source.id: source for source in sound}
    for rule, sentence, kind in limits.check([resolve(source, context) for source in by_id.values()]):
        if kind == name:
            yield by_id[rule], ("correlate",), sentence


def nameable(source: Source, context: Context) -> bool:
    """Whether every name that resolving the rule looks up is known."""
    return all(code in context.taxonomy for _, code in source.selectors()) and all(
        choice.code in context.catalogue for choice in source.written.measures
    )
