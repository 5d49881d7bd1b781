"""How a source gives its records in pages, as a feed says it: counted, by a token, or by addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, model_validator

from connectors.paging.statement import Stated
from engine.model.later import Later

if TYPE_CHECKING:
    import httpx
else:
    httpx = Later("httpx")

_COUNTED = ("page", "offset")
NAMED = ("next", "cursor", "link")
_WAYS = (*NAMED, *_COUNTED)
#: Parameters that count records and not pages, whatever the option is called.
_OFFSETS = frozenset({"offset", "$offset", "record_offset", "resultoffset", "skip", "$skip"})
#: Parameters that say how many records a page may hold.
_LIMITS = ("limit", "$limit", "per_page", "page_size", "pagesize", "rows", "size", "count", "$top",
           "resultrecordcount")  # fmt: skip


class Token(BaseModel):
    """`field` of a page holds what goes into the query's `parameter` to get the next."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    field: str = Field(min_length=1)
    parameter: str = Field(min_length=1)
    #: A field that is false on the last page, where that has a token too.
    more: str = ""


class Paged(Stated):
    """The options of a source that gives its records in pages. See docs/feeds.md."""

    #: The dotted path to the address of the next page.
    next: str = ""
    #: The parameter that counts the pages.
    page: str = ""
    #: The parameter that counts the records before a page.
    offset: str = ""
    #: The field whose value goes into the query of the next page, and the parameter.
    cursor: Token | None = None
    #: The address of the next page stands in the header `Link`.
    link: bool = False
    #: What the first page, or record, is counted by.
    first_page: int | None = Field(default=None, ge=0)
    #: By how much the count rises.
    step: int | None = Field(default=None, ge=1)
    #: An empty page is the last, also where it names a further one.
    empty_ends: bool = False
    #: The statuses with which the source answers for a page beyond the last.
    beyond: tuple[int, ...] = (404,)
    #: At most so many pages a poll.
    pages: int = Field(default=50, ge=1, le=10_000)

    @model_validator(mode="after")
    def _one_way(self) -> Paged:
        ways = [way for way in _WAYS if getattr(self, way)]
        if ways and self.url is None:
            raise ValueError(f"only an address has pages: '{ways[0]}' goes with url")
        if len(ways) > 1:
            raise ValueError(f"pages are found in one way: either by {' or by '.join(map(repr, ways))}")
        for key, fit in (
            ("first_page", _COUNTED), ("step", _COUNTED), ("beyond", _COUNTED), ("empty_ends", NAMED),
        ):  # fmt: skip
            if key in self.model_fields_set and not {*ways} & {*fit}:
                raise ValueError(f"'{key}' goes only with {' or '.join(map(repr, fit))}")
        return self

    @property
    def paged(self) -> bool:
        """Whether there is more than the one answer (a file read in its stead has no pages)."""
        return self.url is not None and any(getattr(self, way) for way in _WAYS)

    @property
    def counted(self) -> str:
        """The parameter that counts pages or records."""
        return self.page or self.offset

    @property
    def by_records(self) -> bool:
        """Whether it is records that are counted."""
        return bool(self.offset) or self.counted.lower() in _OFFSETS or (self.step or 1) > 1

    @property
    def first(self) -> int:
        """What the first page is counted by."""
        if self.first_page is not None:
            return self.first_page
        return 0 if self.by_records else 1

    @property
    def limit(self) -> int | None:
        """How many records a page may hold, as the address says it."""
        asked = {name.lower(): value for name, value in httpx.URL(self.url or "").params.items()}
        found = [asked[name] for name in _LIMITS if asked.get(name, "").isdecimal()]
        return int(found[0]) if found else None
