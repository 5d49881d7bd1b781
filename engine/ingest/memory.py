"""Remembers answers, refusals included: a feed asks for the same few places and codes again and again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from engine.errors import RecordError
from engine.model.reason import Reason

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

#: So many answers are kept; a feed with more distinct values is answered anew.
_ROOM = 100_000


def remembered(find: Callable[[K], V]) -> Callable[[K], V]:
    """`find` with a memory. What it refuses with RecordError is refused again with the same words."""
    answers: dict[K, V] = {}
    refusals: dict[K, Reason] = {}

    def ask(key: K) -> V:
        if key in answers:
            return answers[key]
        if key in refusals:
            raise RecordError(refusals[key])
        try:
            answer = find(key)
        except RecordError as refusal:
            if len(refusals) < _ROOM:
                refusals[key] = refusal.reason
            raise
        if len(answers) < _ROOM:
            answers[key] = answer
        return answer

    return ask
