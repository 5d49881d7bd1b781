"""Which incident a record is about: its id in its feed, and the other ids it goes by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.errors import RecordError
from engine.guard.guard import Guard
from engine.ingest.field import getter, several, storable, written
from engine.ingest.mapping import Mapping as FieldMapping

Fields = Mapping[str, Any]

#: What parts several ids in one text: `,us7000,nc7300,`.
_BETWEEN = re.compile(r"[,;|]")
#: What sources write where there is no other id; taken for one it would make all incidents the same.
_NONE = frozenset({"", "-", "0", "n/a", "na", "none", "null", "unknown", "无"})


class Identity:
    """The ids of one feed's records, as its mapping says and the guard lets them be stored."""

    def __init__(self, mapping: FieldMapping, guard: Guard) -> None:
        self._names = " ".join(mapping.source_id)
        self._source_id = [getter(name) for name in mapping.source_id]
        self._revision_of = getter(mapping.revision_of) if mapping.revision_of else None
        self._aliases = [getter(name) for name in mapping.aliases]
        self._guard = guard

    def of(self, fields: Fields) -> str:
        """The id of the incident that the record is about; RecordError where it has none."""
        if self._revision_of is not None:
            corrected = self._revision_of(fields)
            if corrected is not None:
                return self._storable(written(corrected))
        parts = [get(fields) for get in self._source_id]
        if any(isinstance(part, Mapping | list) for part in parts):
            raise RecordError(f"'{self._names}' holds no single value for a source id")
        texts = ["" if part is None else written(part) for part in parts]
        if not any(texts):
            raise RecordError(f"there is no source id: '{self._names}' is empty")
        return self._storable("/".join(texts))

    def aliases(self, fields: Fields) -> tuple[str, ...]:
        """The other ids, in a list or parted by commas, in the source's order."""
        if not self._aliases:
            return ()
        texts = [text for get in self._aliases for text in several(get(fields))]
        ids = [one.strip() for text in texts for one in _BETWEEN.split(text)]
        named = [one for one in ids if one.casefold() not in _NONE]
        return tuple(dict.fromkeys(self._storable(one) for one in named))

    def _storable(self, text: str) -> str:
        return self._guard.key(storable(text))
