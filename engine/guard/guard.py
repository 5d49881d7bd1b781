"""The guard itself: what identifies a person or a device is masked, whatever the text is on its way to."""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Protocol

from engine.guard import number
from engine.guard.digits import Span, runs
from engine.guard.fold import Folded, fold, without_markup
from engine.guard.innocent import innocents
from engine.guard.introduced import introduced
from engine.guard.label import labelled, leads
from engine.guard.pattern import looked
from engine.guard.spoken import told
from engine.guard.suspicion import suspicious

#: What is masked may leave something beside it that is only then seen to be one more.
_ROUNDS = 4
#: No identifier is longer, however it is written.
_LONGEST = 200
#: So much of a field's text is kept of a record that is refused.
_LONGEST_VALUE = 4_000
#: An id of a source's that is longer is kept as a hash.
_LONGEST_ID = 128
#: Letters, digits and the signs that part them; a word of letters alone says a name sooner than a number.
_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9][-A-Za-z0-9_.:/+=#~|&?,;]*|[A-Za-z]{1,3}")
_DIGEST = re.compile(r"~[0-9a-f]{24}")
_JSON_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')

Found = tuple[str, Span]


class Config(Protocol):
    """What config/privacy.yaml adds to the built-in guard; it never takes away from it."""

    @property
    def name_fields(self) -> Iterable[str]: ...
    @property
    def plates(self) -> Iterable[str]: ...
    @property
    def patterns(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class BuiltIn:
    """Nothing beyond the built-in guard."""

    name_fields: tuple[str, ...] = ()
    plates: tuple[str, ...] = ()
    patterns: Mapping[str, str] = field(default_factory=dict)


class Guard:
    """Masks texts and cleans records; `config` adds name fields, plates and patterns of its own.

    secret: what ids are hashed with, so that nobody without it finds a number out by trying all of them.
    """

    def __init__(
        self, config: Config | None = None, secret: bytes = b"", hidden: Mapping[str, str] | None = None
    ) -> None:
        self._config = config or BuiltIn()
        self._secret = secret
        #: Secrets of the configuration, and what is said in their stead wherever this guard is in force.
        self.hidden = dict(hidden or {})
        self._names = frozenset(name.casefold() for name in self._config.name_fields)
        plates = [("plate", pattern) for pattern in self._config.plates]
        self._added = [(kind, re.compile(look)) for kind, look in (*plates, *self._config.patterns.items())]

    def keyed(self, secret: bytes) -> Guard:
        """The same guard, hashing with `secret`."""
        return Guard(self._config, secret, self.hidden)

    def hiding(self, secrets: Mapping[str, str]) -> Guard:
        """The same guard, which also hides these."""
        return Guard(self._config, self._secret, {**self.hidden, **secrets})

    def mask(self, text: str) -> str:
        """`text` with a mark such as `[phone]` for whatever identifies a person or a device."""
        if not suspicious(text) and not any(look.search(text) for _, look in self._added):
            return text
        for _ in range(_ROUNDS):
            before, text = text, self._once(text)
            if text == before:
                break
        return text

    def shorten(self, text: str, most: int) -> str:
        """The first marks of a text, masked before it is cut: half a number would pass for none."""
        part = text[: 4 * most + _LONGEST]
        masked = self.mask(part)
        if len(part) < len(text):
            masked = masked[:-_LONGEST]
        return masked if len(masked) <= most else masked[:most] + "…"

    def mask_json(self, text: str) -> str:
        """The same for a text that may be JSON: then each text in it for itself, so that it stays JSON."""
        if not _is_json(text):
            return self.mask(text)
        return _JSON_TEXT.sub(lambda found: self.mask(found[0]), text)

    def kinds(self, text: str) -> list[str]:
        """Of what kinds the identifiers in a text are, in their order; of JSON, in each text in it."""
        if _is_json(text):
            return [kind for one in _JSON_TEXT.findall(text) for kind in self.kinds(one)]
        if not suspicious(text) and not any(look.search(text) for _, look in self._added):
            return []
        return [kind for found, _ in self._read(text) for kind, _ in found]

    def _once(self, text: str) -> str:
        *_, (_, masked) = self._read(text)
        return masked

    def _read(self, text: str) -> Iterator[tuple[list[Found], str]]:
        """What is found, and `text` without it: as it is read with its markup, then as it is read without."""
        folded = fold(text)
        found = self._found(folded.plain)
        masked = _masked(text, folded, found)
        yield found, masked
        bare = without_markup(folded if masked == text else fold(masked))
        if bare is not None:
            found = self._found(bare.plain)
            yield found, _masked(masked, bare, found)

    def _found(self, plain: str) -> list[Found]:
        """Every identifier in a plain text, in their order, none overlapping another."""
        named = [(kind, found.span()) for kind, look in self._added for found in look.finditer(plain)]
        sure = [
            *named,
            *looked(plain),
            *told(plain),
            *introduced(plain),
            *_numbers(plain, [span for _, span in named], number.SURE),
        ]
        shown = sorted(innocents(plain))
        reach = list(accumulate((end for _, end in shown), max))
        sure += [one for one in labelled(plain) if not _within(one[1], shown, reach)]
        return _apart([*sure, *_numbers(plain, [*(span for _, span in sure), *shown], number.LIKELY)])

    def names(self, field: str) -> bool:
        """Whether a field (its last part, in a dotted path) is configured to hold names."""
        return field.rpartition(".")[2].casefold() in self._names

    def clean(self, fields: Mapping[str, Any], keep: Iterable[str] | None = None) -> dict[str, Any]:
        """A record fit to be stored as a reject: only the fields to `keep` (all by default) without
        the name fields, and every text in them masked."""
        kept = None if keep is None else frozenset(keep)
        return {
            self.mask(name): self._clean(value, name)
            for name, value in fields.items()
            if (kept is None or name in kept) and not self.names(name)
        }

    def _clean(self, value: Any, name: str = "") -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, Mapping):
            return self.clean({str(key): item for key, item in value.items()})
        if isinstance(value, list | tuple):
            return [self._clean(item, name) for item in value]
        if isinstance(value, float) and not (value.is_integer() and abs(value) < 1e19):
            return value
        text = str(int(value)) if isinstance(value, float) else str(value)
        masked = self._behind(name, text)
        return value if masked == text and isinstance(value, int | float) else masked

    def _behind(self, name: str, text: str) -> str:
        """A field's text, masked as what stands behind its name."""
        if leads(name):
            lead = f"{name.rpartition('.')[2]}: "
            masked = self.shorten(lead + text, _LONGEST_VALUE)
            if masked.startswith(lead):
                text = masked[len(lead) :]
        return self.shorten(text, _LONGEST_VALUE)

    def key(self, text: str) -> str:
        """A source's own identifier where it is plainly one, else its keyed hash: the incident keeps an
        identity, and neither a number nor a name nor a sentence is stored."""
        return text if self.plain_id(text) else self.hashed(text)

    def plain_id(self, text: str) -> bool:
        """Whether a text is a code by its form, and identifies nobody; a hash of ours is one."""
        if _DIGEST.fullmatch(text):
            return True
        return len(text) <= _LONGEST_ID and _CODE.fullmatch(text) is not None and self.mask(text) == text

    def hashed(self, text: str) -> str:
        """The hash of an id: of its digest, so that one kept as a plain digest can still be keyed."""
        return self._keyed(_mark(text, b""))

    def rekeyed(self, kept: str) -> str:
        """What an id that was kept without a secret is kept as with one."""
        return self._keyed(kept) if _DIGEST.fullmatch(kept) else self.key(kept)

    def _keyed(self, digest: str) -> str:
        return _mark(digest, self._secret)


def _masked(text: str, folded: Folded, found: Iterable[Found]) -> str:
    """`text` with a mark for each that was found in its folded form."""
    pieces, at = [], 0
    for kind, (start, end) in found:
        begin, over = folded.piece(start, end)
        pieces += [text[at:begin], f"[{kind}]"]
        at = over
    return "".join(pieces) + text[at:]


def _is_json(text: str) -> bool:
    try:
        return text[:1] in ("{", "[") and json.loads(text) is not None
    except (ValueError, RecursionError):
        return False


def _mark(text: str, key: bytes) -> str:
    return "~" + hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12, key=key).hexdigest()


def _numbers(plain: str, taken: Sequence[Span], table: number.Table) -> Iterator[Found]:
    """The numbers outside of what is taken; of those that overlap, the first one, as long as it can be."""
    for run in runs(plain, taken):
        at = 0
        while at < len(run.places):
            over = at + 1
            for after, window in run.windows(at, table):
                kind = number.kind_of(window, table)
                if kind is not None:
                    yield kind, window.span
                    over = after
                    break
            at = over


def _within(inner: Span, outer: Sequence[Span], reach: Sequence[int]) -> bool:
    """Whether it lies within one of these, which are in their order; reach: how far those up to each come."""
    before = bisect_right(outer, inner[0], key=lambda span: span[0])
    return before > 0 and reach[before - 1] >= inner[1]


def _apart(found: list[Found]) -> list[Found]:
    """In their order; what overlaps is one, of the kind that begins first."""
    apart: list[Found] = []
    for kind, (start, end) in sorted(found, key=lambda one: (one[1][0], -one[1][1])):
        if apart and start < apart[-1][1][1]:
            before, (begin, over) = apart[-1]
            apart[-1] = before, (begin, max(over, end))
        else:
            apart.append((kind, (start, end)))
    return apart
