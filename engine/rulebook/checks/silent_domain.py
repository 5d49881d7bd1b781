"""A domain in which no rule warns.

The centre screens four domains; one without a stable rule is silent because nobody looks, not because
nothing happens.

Right: write a rule for it, even a simple one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.grade import Domain
from engine.model.problem import Level
from engine.model.rule import Status
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "silent-domain"
LEVEL = Level.HINT


def check(sources: Sequence[Source], context: Context) -> Iterator[tuple[Source, Place, str]]:
    stable = [source for source in sources if source.written.status is Status.STABLE]
    heard = {source.written.domain for source in stable}
    silent = [domain for domain in Domain if domain not in heard]
    if stable and len(silent) > 0 and len(heard) > 1:
        sentence = f"no stable rule warns in {' and '.join(silent)}: the silence there says nothing"
        yield stable[0], ("domain",), sentence
