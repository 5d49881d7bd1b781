"""Short names that durable_rules can tell apart.

The library compares property names and fact ids by their 32-bit FNV-1a hash alone: of two names
with one hash, the wrong rule fires or the second fact is dropped without a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import count, islice

#: Properties the library reads or adds itself.
RESERVED = ("id", "sid", "$s")


@lru_cache(maxsize=1 << 14)
def fnv1a(name: str) -> int:
    """The 32-bit FNV-1a hash of a name (Fowler, Noll, Vo)."""
    digest = 0x811C9DC5
    for byte in name.encode():
        digest = ((digest ^ byte) * 0x01000193) & 0xFFFFFFFF
    return digest


def apart(candidates: Iterable[str], reserved: Iterable[str] = RESERVED) -> Iterator[str]:
    """The candidates whose hash is neither that of an earlier one nor that of a reserved name."""
    taken = {fnv1a(name) for name in reserved}
    for name in candidates:
        digest = fnv1a(name)
        if digest not in taken:
            taken.add(digest)
            yield name


def short(prefix: str, number: int, reserved: Iterable[str] = RESERVED) -> list[str]:
    """`number` distinct names such as a0, a1, a2."""
    return list(islice(apart((f"{prefix}{n}" for n in count()), reserved), number))
