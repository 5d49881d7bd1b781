"""A JSON document: where its records stand, and what it says of itself above them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from connectors.source import Source
from engine.errors import FeedError, brief
from engine.model.feed import Broken
from engine.model.reason import Reason
from engine.model.text import numbered

Scalar = bool | int | float | str
#: What documents without `ok` say of an answer that is none, by names without their signs and capitals.
_NO, _FAILED = ("false", "0", "no", "n", "f"), ("error", "err", "fail", "failed", "failure")
_REFUSALS = {
    **dict.fromkeys(("success", "issuccess", "successful", "succeeded", "ok", "response"), _NO),
    **dict.fromkeys(("status", "state", "result", "returncode", "resultcode"), _FAILED),
}
#: By which they say that some of it could not be had: an answer that is none, whatever it holds.
_TORN = ("timedout", "partial", "incompleteresults", "incomplete")
#: Beside an empty list they are a failure; beside records they say that some of these could not be had.
_COMPLAINTS = ("error", "errors", "fault", "exception", "odataerror")
#: So many parts of an index did not answer (Elasticsearch and OpenSearch: `_shards.failed`).
_SHARDS, _SHARDS_LOST = "shards", ("failed", "failures")
#: The source ceased to write before its list had ended: what follows is nowhere. (That more lies on a next
#: page, as a `next` says, is another thing: whoever asks for the newest first has them.)
_CUT = ("exceededtransferlimit", "truncated", "istruncated")
#: Where they say in words what is wrong, and by which words one sees that it is no greeting.
_MESSAGES = ("message", "msg", "detail", "reason", "warning")
_WRONG = re.compile(
    r"\b(?<!no )(?:error|fail(?:ed|ure)|rate limit|too many|exceed|denied|un-?authori[sz]ed|forbidden|invalid"
    r"|expired|unavailable|maintenance|log ?in|busy|timed? ?out|try again|temporar(?:y|ily))"
    r"|错误|失败|过期|无权|未授权|限流|超限|异常|拒绝|维护|登录|繁忙|频繁|超时|稍后|稍候|不可用"
)
#: Where they repeat the status of an answer, and where anything but nothing is the number of an error.
_STATUSES = ("status", "code", "statuscode")
_NUMBERS = ("errcode", "errno", "errorcode", "ret", "rc", "retcode")
#: In one of these they may say so.
_HEADS = ("meta", "head", "header", "response", "result", "status")
#: Where documents say, on top or in one of these, how many records there are, and that more follow.
_ABOUT = ("meta", "metadata", "pagination", "paging", "page", "properties")
_TOTALS = (
    "total", "totalCount", "total_count", "totalResults", "totalElements", "numberMatched", "recordsTotal"
)  # fmt: skip
#: Of these the one that counts what was not asked for too.
_ALL = "recordsTotal"
_MORE = (
    "has_more", "hasMore", "hasNext", "next", "nextPage", "next_page", "nextLink", "@odata.nextLink",
    "exceededTransferLimit", "truncated",
)  # fmt: skip
#: No list is so long that its number has more.
_DIGITS = 16
#: By these nothing follows.
_LAST = ("", "none", "null", "false", "0", "no")
#: So many fields are named of what was found instead.
_NAMED = 8


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


class Ok(BaseModel):
    """A field that says whether the answer is one, and the values with which it does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    field: str = Field(min_length=1)
    equals: Annotated[tuple[Scalar, ...], BeforeValidator(_listed), Field(min_length=1)] = (True,)


class Stated(Source):
    """The options for documents that say above their records whether they are whole."""

    #: The field above the records that says whether the answer is one.
    ok: Ok | None = None
    #: The field with the number of records that there are.
    total: str = ""

    def approve(
        self, document: Any, records: Sequence[Any], name: str, *, paged: bool = False
    ) -> None:
        """Raises FeedError where the document says that it is no answer, or that there is something where it
        ends before its first record. paged: what lies beyond its end is asked for."""
        if self.ok is not None:
            said = at(document, self.ok.field)
            if said is None or _word(said) not in map(_word, self.ok.equals):
                found = "is not there" if said is None else f"is not {_word(self.ok.equals[0])}"
                raise FeedError(f"{name}: no good answer: '{self.ok.field}' {found}; {described(document)}")
        elif field := _refusal(document, empty=not records) or ("" if records else _lost(document)):
            beside = "" if records else "an empty list, and "
            raise FeedError(f"{name}: no good answer: {beside}'{field}' tells of a failure; ask the source")
        if not records and not paged and (field := self._ends(document)):
            raise _empty(name, field)

    def note(self, notices: list[str], document: Any, records: Sequence[Any], name: str) -> None:
        """Notes, once, a document that says that it is a part, where no option says of what. One that by its
        own words lacks something is no mere part: its poll has failed, and says so. Raises FeedError where
        there is nothing at all of what there is."""
        if not records and (field := self._promised(document)):
            raise _empty(name, field)
        if self.total or self._lacks(document, records, paged=False):
            return
        if field := _partial(document, len(records)):
            notice = f"{name}: by '{field}' it is a part of a list; see 'Pages' in docs/feeds.md"
            notices += [notice] if notice not in notices else []

    def part(
        self, document: Any, records: Sequence[Any], name: str, *, paged: bool = False
    ) -> Iterator[Broken]:
        """What stands in for the part that a document with records says it lacks: these count, and the poll
        does not. paged: what lies beyond its end is asked for."""
        if told := self._lacks(document, records, paged):
            said = f"by '{told}' a part of the answer could not be had; ask the source"
            yield Broken(name, Reason(f"{name}: {said}").without(name), whole=True)

    def _lacks(self, document: Any, records: Sequence[Any], paged: bool) -> str:
        """The field by which a document with records says that it lacks some; or nothing."""
        if not records:
            return ""
        lost = _lost(document) if self.ok is None else ""
        return lost or ("" if paged else self._ends(document))

    def _ends(self, document: Any) -> str:
        """The field by which a document says that its list ends early, where no `total` says how long it is;
        or nothing."""
        return "" if self.total else _cut(document)

    def _promised(self, document: Any) -> str:
        """The field on top by which there are records although none is here, where no `total` is named."""
        told = document if isinstance(document, dict) and not self.total else {}
        return next((name for name in _TOTALS if name != _ALL and _count(told.get(name))), "")

    def complete(self, documents: Sequence[Any], count: int, name: str) -> None:
        """Raises FeedError where the documents hold fewer records than any of them says there are: a list
        that shrinks between two pages moves records up, past the page that is asked for next."""
        if not self.total:
            return
        said = [found for one in documents if (found := at(one, self.total)) is not None]
        if not said:
            raise FeedError(f"{name}: there is no '{self.total}' to compare the {count} records with")
        counts = [_count(one) for one in said]
        if None in counts:
            raise FeedError(f"{name}: '{self.total}' holds no number of records")
        wanted = max(one for one in counts if one is not None)
        if count < wanted:
            raise FeedError(
                f"{name}: {numbered(count, 'record')} of the {wanted} that '{self.total}' says there are; see"
                " 'Pages' in docs/feeds.md"
            )


def _empty(name: str, field: str) -> FeedError:
    said = f"no good answer: an empty list, and by '{field}' there is more"
    return FeedError(f"{name}: {said}; ask the source")


def _partial(document: Any, count: int) -> str:
    """The field by which a document says that it holds only a part, of which no option speaks; or nothing."""
    if not isinstance(document, dict):
        return ""
    inner = {name: document[name] for name in _ABOUT if isinstance(document.get(name), dict)}
    for where, told in {"": document, **inner}.items():
        for name in (*_TOTALS, *_MORE):
            value = told.get(name)
            partial = (_count(value) or 0) > count if name in _TOTALS else _word(value) not in _LAST
            if partial:
                return f"{where}.{name}".lstrip(".")
    return ""


def _lost(document: Any) -> str:
    """The field by which a document says that some of it could not be had; or nothing."""
    for where, told in _tops(document):
        for field, value in told.items():
            bare = _bare(field)
            if bare in _COMPLAINTS and isinstance(value, dict | list) and value:
                return f"{where}.{field}".lstrip(".")
            if bare == _SHARDS and isinstance(value, dict):
                for lost in _SHARDS_LOST:
                    if value.get(lost) if isinstance(value.get(lost), list) else _number(value.get(lost)):
                        return f"{where}.{field}.{lost}".lstrip(".")
    return ""


def _cut(document: Any) -> str:
    """The field by which a document says that its list ends early; or nothing."""
    inner = document if isinstance(document, dict) else {}
    about = [(name, inner[name]) for name in inner if name in _ABOUT and isinstance(inner[name], dict)]
    for where, told in [*_tops(document), *about]:
        for field, value in told.items():
            if _bare(field) in _CUT and _word(value) not in _LAST:
                return f"{where}.{field}".lstrip(".")
    return ""


def at(document: Any, path: str) -> Any:
    """What stands at a dotted path; None where there is nothing."""
    for key in path.split(".") if path else ():
        document = document.get(key) if isinstance(document, dict) else None
    return document


def described(document: Any) -> str:
    """What a document is, by the names of its fields: their values may hold anything."""
    if isinstance(document, dict):
        named = ", ".join(sorted(brief(str(key)) for key in document)[:_NAMED])
        return f"found an object with {named}" if named else "found an empty object"
    if isinstance(document, list):
        return f"found a list of {len(document)}"
    return f"found {type(document).__name__}"


def _word(value: Any) -> str:
    """A value as it is compared: `true`, `200`, `ok`, whatever its type and letter case."""
    if isinstance(value, dict | list):
        return ""
    return str(value).strip().casefold()


def _refusal(document: Any, *, empty: bool) -> str:
    """The field by which a document says that it is no answer; empty where none does. Beside records only a
    plain word counts."""
    for head, told in _tops(document):
        for field, value in told.items():
            if _refuses(_bare(field), value) or (empty and _complains(_bare(field), value)):
                return f"{head}.{field}".lstrip(".")
    return ""


def _tops(document: Any) -> list[tuple[str, dict[Any, Any]]]:
    """Where a document may say something of itself, by name: on top, and in what it calls its head."""
    if not isinstance(document, dict):
        return []
    heads = [name for name in document if _bare(name) in _HEADS and isinstance(document[name], dict)]
    return [("", document), *((name, document[name]) for name in heads)]


def _refuses(field: str, value: Any) -> bool:
    word = _word(value)
    return word in _REFUSALS.get(field, ()) or (field in _TORN and word not in ("", *_LAST))


def _complains(field: str, value: Any) -> bool:
    return bool(
        (field in _COMPLAINTS and value)
        or (field in _STATUSES and _number(value) in range(400, 600))
        or (field in _NUMBERS and _number(value))
        or (field in _MESSAGES and _WRONG.search(_word(value)))
    )


def _bare(name: Any) -> str:
    """`isSuccess`, `is_success` and `is-success` are one name."""
    return re.sub(r"[^a-z]", "", str(name).casefold())


def _count(value: Any) -> int | None:
    """How many, if as a text; None for what counts nothing: a yes, a part, less than none."""
    text = _word(int(value) if isinstance(value, float) and value.is_integer() else value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS else None


def _number(value: Any) -> int:
    """A whole number, if as a text; 0 for what is none."""
    word = _word(value)
    return int(word) if word.lstrip("-").isascii() and word.lstrip("-").isdigit() and len(word) < 10 else 0
