"""Says what an incident is: by the code of a published classification, or by words in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.errors import RecordError
from engine.guard.exit import quoted
from engine.ingest.field import getter, written
from engine.ingest.mapping import Category, Keywords
from engine.ingest.memory import remembered
from engine.ingest.names import Spelling, folded
from engine.model.taxonomy import Taxonomy

#: From a record's fields to a category's code; None where the fields are empty.
Classify = Callable[[Mapping[str, Any]], str | None]

#: Words are looked for in so many characters of a text; short texts come again and are remembered.
_LOOKED_AT = 20_000
_REMEMBERED = 200


def classifier(attempt: Category, taxonomy: Taxonomy) -> Classify:
    """A function that makes one attempt; it raises RecordError with the reason where it fails."""
    if attempt.fixed is not None:
        fixed = attempt.fixed
        return lambda fields: fixed
    if attempt.keywords:
        return _by_keywords(attempt.keywords, attempt.fields)
    assert attempt.field is not None
    if attempt.scheme is None:
        return _by_table(attempt.field, attempt.table, attempt.otherwise)
    return _by_code(attempt.field, attempt.scheme, taxonomy)


def strays(attempts: Sequence[Category], taxonomy: Taxonomy) -> Callable[[Mapping[str, Any]], str]:
    """A function that gives the value by which no attempt tells what it is but the last resort (`otherwise`,
    or `fixed` after the others): empty where there is none, or another attempt tells it."""
    strict = [classifier(one.model_copy(update={"otherwise": None}), taxonomy)
              for one in attempts if one.fixed is None]  # fmt: skip
    gets = [getter(one.field) for one in attempts if one.field is not None]

    def stray(fields: Mapping[str, Any]) -> str:
        values = [value for get in gets if (value := get(fields)) is not None]
        if not values or any(_tells(attempt, fields) for attempt in strict):
            return ""
        return written(values[0])

    return stray


def _tells(attempt: Classify, fields: Mapping[str, Any]) -> bool:
    try:
        return attempt(fields) is not None
    except RecordError:
        return False


def _by_code(field: str, scheme: str, taxonomy: Taxonomy) -> Classify:
    get = getter(field)
    means = {
        code: category.code
        for category in taxonomy.categories.values()
        for code in category.codes.get(scheme, ())
    }
    codes = {folded(code): category for code, category in means.items()}
    spelling = Spelling({folded(code): code for code in means})

    @remembered
    def find(code: str) -> str:
        found = codes.get(folded(code))
        if found is None:
            near = spelling.nearest(folded(code))
            raise RecordError(f"'{field}' holds …, no {scheme} code of the taxonomy…", quoted(code), near)
        return found

    def classify(fields: Mapping[str, Any]) -> str | None:
        value = get(fields)
        return None if value is None else find(value if type(value) is str else written(value))

    return classify


def _by_table(field: str, table: Mapping[str, str], otherwise: str | None) -> Classify:
    get = getter(field)
    means = {folded(value): category for value, category in table.items()}
    spelling = Spelling({folded(value): value for value in table})

    @remembered
    def find(value: str) -> str:
        found = means.get(folded(value), otherwise)
        if found is None:
            near = spelling.nearest(folded(value))
            raise RecordError(f"'{field}' holds {quoted(value)}, which is not in the mapping's table{near}")
        return found

    def classify(fields: Mapping[str, Any]) -> str | None:
        value = get(fields)
        return otherwise if value is None else find(written(value))

    return classify


def _by_keywords(entries: Sequence[Keywords], names: Sequence[str]) -> Classify:
    gets = [getter(name) for name in names]
    rules = [
        (_any(entry.any), [re.compile(_word(word)) for word in entry.all], _any(entry.none), entry.category)
        for entry in entries
    ]

    def find(joined: str) -> str:
        text = folded(joined[:_LOOKED_AT])
        for some, every, none, category in rules:
            if (
                (some is None or some.search(text))
                and all(word.search(text) for word in every)
                and not (none is not None and none.search(text))
            ):
                return category
        raise RecordError(f"none of the keywords stands in {' or '.join(names)}")

    find_again = remembered(find)

    def classify(fields: Mapping[str, Any]) -> str | None:
        texts = [str(value) for get in gets if (value := get(fields)) is not None]
        if not texts:
            return None
        joined = " ".join(texts)
        return find_again(joined) if len(joined) <= _REMEMBERED else find(joined)

    return classify


def _any(words: Sequence[str]) -> re.Pattern[str] | None:
    """A pattern that finds any of the words; None for no words."""
    return re.compile("|".join(map(_word, words))) if words else None


def _word(word: str) -> str:
    """Whole words; `fire*` is a beginning; Chinese has no blanks and matches wherever it stands."""
    stem = folded(word.rstrip("*"))
    look = re.escape(stem)
    if "\u3400" <= stem[:1] <= "\u9fff":
        return look
    return rf"(?<!\w){look}" + ("" if word.endswith("*") else r"(?!\w)")
