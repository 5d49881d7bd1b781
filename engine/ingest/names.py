"""Names as they are compared, and the nearest right one for a misspelt one."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping
from difflib import get_close_matches

#: So many names are weighed, those with the rarest pairs of letters first.
_WEIGHED = 20_000
_CANDIDATES = 20
_LONGEST = 40


def folded(name: str) -> str:
    """A name as it is compared: letter case, width, accents' encoding and extra blanks aside."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _pairs(name: str) -> set[str]:
    return {name[at : at + 2] for at in range(min(len(name), _LONGEST) - 1)}


class Spelling:
    """Known names by the pairs of letters in them: a misspelt one is compared with few of many.

    names: how each is shown, by how it is compared.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._index: dict[str, list[str]] = defaultdict(list)
        for name in names:
            for pair in _pairs(name):
                self._index[pair].append(name)

    def nearest(self, name: str) -> str:
        """` (did you mean 'x'?)` for the closest known name, or the empty string."""
        shared: Counter[str] = Counter()
        room = _WEIGHED
        for having in sorted((self._index[pair] for pair in _pairs(name) if pair in self._index), key=len):
            shared.update(having[:room])
            room -= min(room, len(having))
        close = get_close_matches(name[:_LONGEST], [one for one, _ in shared.most_common(_CANDIDATES)], n=1)
        return f" (did you mean '{self._names[close[0]]}'?)" if close else ""
