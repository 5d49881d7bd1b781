"""Why something could not be read, said so that what is alike can be counted together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest

#: Where a sentence leaves room for what one record has of its own.
GAP = "…"


class Reason(str):
    """A sentence filled with what one record has of its own; `kind` is the sentence with its gaps. A reason
    within a reason brings its own kind."""

    kind: str

    def __new__(cls, sentence: str, *own: object) -> Reason:
        if not own:
            return cls._of(sentence, kind_of(sentence))
        parts = sentence.split(GAP, len(own))
        kinds = [one.kind if isinstance(one, Reason) else GAP for one in own]
        return cls._of(_filled(parts, list(map(str, own))), _filled(parts, kinds))

    @classmethod
    def _of(cls, text: str, kind: str) -> Reason:
        made = super().__new__(cls, text)
        made.kind = kind
        return made

    @classmethod
    def joined(cls, reasons: Iterable[str]) -> Reason:
        """Several as one, each once."""
        each = list(dict.fromkeys(reasons))
        return cls._of("; ".join(each), "; ".join(dict.fromkeys(map(kind_of, each))))

    def without(self, own: str) -> Reason:
        """The same reason, of whose words some more are this record's own."""
        return self._of(str(self), self.kind.replace(own, GAP)) if own else self


def kind_of(reason: str) -> str:
    """The sentence with its gaps; a plain text has none."""
    return reason.kind if isinstance(reason, Reason) else reason


def _filled(parts: Sequence[str], gaps: Sequence[str]) -> str:
    return "".join(chain.from_iterable(zip_longest(parts, gaps, fillvalue="")))
