"""The privacy guard: what identifies a person or a device is masked before anything is stored."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from engine.ingest.identifier import Look, suspects

#: Every decimal digit of any script as ASCII, full-width letters and signs as ASCII, and what has no
#: width as nothing: `１３９` or a zero-width space inside a number must not hide it.
_PLAIN: dict[int, int | None] = {
    **{code: 0x30 + unicodedata.decimal(chr(code)) for code in range(0x80, 0x1FFFF)
       if unicodedata.category(chr(code)) == "Nd"},
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)
       if chr(code) in "＠＋－．（）＿" or chr(code).isalpha()},
    **dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF]),
    **dict.fromkeys([*range(0x2010, 0x2016), 0x2212], ord("-")),
}  # fmt: skip

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
    """Masks texts and cleans records; `config` adds name fields, plates and patterns of its own."""

    def __init__(self, config: Config | None = None) -> None:
        config = config or BuiltIn()
        self._names = frozenset(name.casefold() for name in config.name_fields)
        plates = [("plate", pattern) for pattern in config.plates]
        self._added = [Look(kind, pattern) for kind, pattern in (*plates, *config.patterns.items())]

    def mask(self, text: str) -> str:
        """`text` with a mark such as `[phone]` for whatever identifies a person or a device.

        A text in which something is masked comes out with its digits as ASCII and without zero-width
        characters; any other stays as it is.
        """
        plain = text if text.isascii() else text.translate(_PLAIN)
        masked = plain
        for look in (*suspects(plain), *self._added):
            masked = re.sub(look.pattern, partial(_marked, look), masked)
        return text if masked == plain else masked

    def names(self, field: str) -> bool:
        """Whether a field (its last part, in a dotted path) is configured to hold names."""
        return field.rpartition(".")[2].casefold() in self._names

    def clean(self, fields: Mapping[str, Any], keep: Iterable[str] | None = None) -> dict[str, Any]:
        """A record fit to be stored as a reject: only the fields to `keep` (all by default) without
        the name fields, and every text in them masked."""
        kept = None if keep is None else frozenset(keep)
        return {
            self.mask(name): self._clean(value)
            for name, value in fields.items()
            if (kept is None or name in kept) and not self.names(name)
        }

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, Mapping):
            return self.clean({str(key): item for key, item in value.items()})
        if isinstance(value, list | tuple):
            return [self._clean(item) for item in value]
        if isinstance(value, int | float) and not isinstance(value, bool):
            masked = self.mask(str(value))
            return value if masked == str(value) else masked
        return value if value is None or isinstance(value, bool) else self.mask(str(value))

    def key(self, text: str) -> str:
        """A source's own identifier, or its digest where it identifies a person or a device: the
        incident keeps an identity, and nobody's number is stored."""
        if self.mask(text) == text:
            return text
        return "~" + hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _marked(look: Look, found: re.Match[str]) -> str:
    return f"[{look.kind}]" if look.real is None or look.real(found[0]) else found[0]
