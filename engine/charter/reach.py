"""Where in a file the charter reaches: every key and value of every file is a text of some kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from engine.charter import address
from engine.charter.judgement import ACTS, Kind, refusals
from engine.charter.lexicon import says
from engine.model.topic import CROWD_SAFETY, CROWD_TOPIC

Where = tuple[str | int, ...]

#: What is no word of a template's own.
_FILLED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
_STEPS = {"*": "/[^/]+", "**": "(?:/.*)?"}

#: What gathers crowds: the only acts that a feed may be about, and only where it reports nothing else.
CROWDS = ("assembly", "worship")


class Held(NamedTuple):
    """One text, where it stands, as what it is judged, and which meanings it may have there."""

    where: Where
    kind: Kind
    text: str
    allowed: Collection[str] = ()


#: For each file: which paths are texts of which kind; None: a reference, judged where it is declared, or a
#: word of the engine's own. The first that fits counts; what fits none is a title.
_PATHS: Mapping[str, tuple[tuple[str, Kind | None], ...]] = {
    "feeds": (
        ("feeds/*/covers/**", None),
        ("feeds/*/connector", None),
        ("feeds/*/map/**/(fixed|scheme|level|zone|at|format|precision)/**", None),
        ("feeds/*/map/accuracy/within", None),
        ("feeds/*/map/accuracy", None),
        ("feeds/*/map/**/keywords/*/category", None),
        ("feeds/*/map/category/**/(table|otherwise)/**", None),
        ("feeds/*/map/**/(any|all|none)/**", Kind.KEYWORD),
        ("feeds/*/map/**/equals/**", Kind.VALUE),
        ("feeds/*/map/**/starts/**", Kind.BEGINNING),
        ("feeds/*/map/**/prefix", Kind.BEGINNING),
        ("feeds/*/map/**/pattern", Kind.EXPRESSION),
        ("feeds/*/map/**", Kind.READ),
        ("feeds/*/options/**/(token|key|password|secret|user|auth|encoding|delimiter)/**", None),
        ("feeds/*/options/**", Kind.COLUMN),
    ),
    "areas": (("levels/*", Kind.LEVEL), ("**", None)),
    "routes": (
        ("receivers/*/(id|title|department)/**", Kind.OFFICE),
        ("(routes|templates|reports)/*/id", Kind.TITLE),
        ("templates/*/(subject|text)/**", Kind.TOLD),
        ("**", None),
    ),
    "plan": (
        ("(id|title)/**", Kind.TITLE),
        ("stand_down/when/**", Kind.TOLD),
        ("owner", Kind.OFFICE),
        ("roles/*/department", Kind.OFFICE),
        ("roles/*/(id|title)/**", Kind.MEASURE),
        ("(steps|resources)/*/department", Kind.OFFICE),
        ("stand_down/steps/*/department", Kind.OFFICE),
        ("steps/*/(id|note)/**", Kind.MEASURE),
        ("stand_down/steps/*/(id|note)/**", Kind.MEASURE),
        ("resources/*/what/**", Kind.MEASURE),
        ("**", None),
    ),
    "form": (
        ("questions/*/(id|ask)/**", Kind.READ),
        ("questions/*/choices/**", Kind.VALUE),
        ("questions/*/kind", None),
        ("places/**", None),
        ("back", None),
    ),
    "rota": (("rotas/*/(id|title)/**", Kind.OFFICE), ("**", None)),
    "rule": (
        ("(id|topic)", Kind.TITLE),
        ("(title|why|false_alarms|references)/**", Kind.TITLE),
        ("owner", Kind.OFFICE),
        ("tests/*/name", Kind.TITLE),
        ("**", None),
    ),
    "calendars": (("calendars/*/(id|title)/**", Kind.TITLE), ("**", None)),
    "watch": (("periods/*/(id|title)/**", Kind.TITLE), ("**", None)),
    "packs": (
        ("packs/*/off/**", Kind.TITLE),
        ("packs/*/tune/*/owner", Kind.OFFICE),
        ("packs/*/tune/*/tests/*/name", Kind.TITLE),
        ("**", None),
    ),
    "cycles": (("**", None),),
    "privacy": (("**", None),),
    "engine": (("**", None),),
    "budget": (("**", None),),
    "scoring": (("**", None),),
    "topics": (("topics/*/domain", None),),
    "grades": (("issues/**", None), ("grades/*/colour", None)),
}
#: Options that say what is asked for; in others a filled-in name is a secret, and any word in it is chance.
_ASKED = frozenset({"url", "path", "records", "columns", "sheet", "query", "params", "body", "polls"})
#: Where the keys of a mapping are words of the operator's.
_KEYS: Mapping[str, tuple[tuple[str, Kind], ...]] = {
    "feeds": (
        ("feeds/*/map/measures/*", Kind.READ),
        ("feeds/*/map/severity/table/*", Kind.VALUE),
        ("feeds/*/map/category/**/table/*", Kind.VALUE),
        ("feeds/*/options/*/**", Kind.COLUMN),
    ),
    "form": (("questions/*/choices/*", Kind.VALUE),),
}


def refused(name: str, data: Any, protected: Collection[str] = ()) -> Iterator[tuple[Where, str]]:
    """Where in the data of a file the charter refuses something, and the sentence on it.

    name: the file's without its ending, or `rule`; protected: the categories known to be so.
    """
    for held in _READERS.get(name, _plain)(name, data, protected):
        for sentence in refusals(held.kind, held.text, held.allowed):
            yield held.where, sentence


def expanded(written: Any, data: Any) -> Iterator[tuple[Where, str]]:
    """The same for options whose `${NAME}`s have been filled in; sentences quote them as they are written."""
    shown = {where: text for where, text, is_key in _texts(written, ()) if not is_key}
    for where, text, is_key in _texts(data, ()):
        if not is_key and shown.get(where, text) != text and where[0] in _ASKED:
            for sentence in refusals(Kind.COLUMN, text, shown=shown[where]):
                yield where, sentence


def _plain(name: str, data: Any, protected: Collection[str]) -> Iterator[Held]:
    """Every text of a file by its path."""
    for where, text, is_key in _texts(data, ()):
        kind = _kind(name, _path(where), is_key)
        if kind is not None:
            yield Held(where, kind, text)


def _texts(data: Any, where: Where) -> Iterator[tuple[Where, str, bool]]:
    if isinstance(data, str):
        yield where, data, False
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield (*where, key), str(key), True
            yield from _texts(value, (*where, key))
    elif isinstance(data, list | tuple):
        for index, value in enumerate(data):
            yield from _texts(value, (*where, index))


def _path(where: Where) -> str:
    """A place as it is held against the shapes, none of which asks for which item of a list it is."""
    return "/".join("0" if isinstance(part, int) else str(part).replace("/", "|") for part in where)


@lru_cache(maxsize=16_384)
def _kind(name: str, path: str, is_key: bool) -> Kind | None:
    """What kind of text stands at a path, or a key there; None where none does."""
    table: Mapping[str, tuple[tuple[str, Kind | None], ...]] = _KEYS if is_key else _PATHS
    fits = (kind for shape, kind in table.get(name, ()) if _shape(shape).fullmatch(path))
    return next(fits, None if is_key else Kind.TITLE)


@cache
def _shape(written: str) -> re.Pattern[str]:
    """A path as a pattern: `*` is one step, `**` any number of them, `(a|b)` either."""
    steps = "".join(_STEPS.get(step, f"/{step}") for step in written.split("/"))
    return re.compile(steps.replace("/", "", 1) if not written.startswith("**") else ".*")


def _feeds(name: str, data: Any, protected: Collection[str]) -> Iterator[Held]:
    """A feed that reports nothing but what is protected may say that it is about crowds."""
    feeds = data.get("feeds") if isinstance(data, Mapping) else None
    lawful = {index for index, feed in enumerate(_listed(feeds)) if _only(feed, protected)}
    for plain in _plain(name, data, protected):
        inside = len(plain.where) > 1 and plain.where[1] in lawful and plain.kind is not Kind.KEYWORD
        held = plain._replace(allowed=CROWDS) if inside else plain
        yield held
        if "options" in held.where:
            yield from (held._replace(kind=kind, text=text) for kind, text in address.asked(held.text))


def _only(feed: Any, protected: Collection[str]) -> bool:
    covers = feed.get("covers") if isinstance(feed, Mapping) else None
    categories = covers.get("categories") if isinstance(covers, Mapping) else None
    named = [str(code) for code in _listed(categories)]
    return bool(named) and all(code in protected for code in named)


def _taxonomy(name: str, data: Any, protected: Collection[str]) -> Iterator[Held]:
    """A protected category may be about the lawful, a sensitive one about what is sensitive; so may what lies
    below it."""
    entries = data.get("categories") if isinstance(data, Mapping) else None
    yield from _categories(entries, ("categories",), frozenset())


def _categories(entries: Any, at: Where, above: frozenset[str]) -> Iterator[Held]:
    for index, entry in enumerate(_listed(entries)):
        if not isinstance(entry, Mapping):
            continue
        allowed = above | (frozenset(ACTS) if entry.get("protected") is True else frozenset())
        allowed |= {"sensitive"} if entry.get("sensitive") is True else frozenset()
        where = (*at, index)
        for key in ("code", "title", "codes"):
            for place, text, is_key in _texts(entry.get(key), (*where, key)):
                kind = Kind.COLUMN if is_key else Kind.CATEGORY
                if not (is_key and key == "title"):
                    yield Held(place, kind, _last(text) if key == "code" else text, allowed)
        yield from _categories(entry.get("children"), (*where, "children"), allowed)


def _last(code: str) -> str:
    return code.rpartition(".")[2]


def _topics(name: str, data: Any, protected: Collection[str]) -> Iterator[Held]:
    """The topic of crowd safety may say whose."""
    entries = _listed(data.get("topics") if isinstance(data, Mapping) else None)
    for held in _plain(name, data, protected):
        entry = entries[held.where[1]] if len(held.where) > 1 and isinstance(held.where[1], int) else None
        yield held._replace(allowed=lawful(entry.get("id")) if isinstance(entry, Mapping) else ())


def _measures(name: str, data: Any, protected: Collection[str]) -> Iterator[Held]:
    """A measure that eases an assembly, by its aim and in so many words, may name it."""
    for index, entry in enumerate(_listed(data.get("measures") if isinstance(data, Mapping) else None)):
        if not isinstance(entry, Mapping):
            continue
        what = " ".join(text for _, text, is_key in _texts(entry.get("what"), ()) if not is_key)
        eases = str(entry.get("aim")) in CROWD_SAFETY and says(what, ("help",))
        allowed = (*ACTS, "object") if eases else ()
        for key, kind in (("code", Kind.MEASURE), ("what", Kind.MEASURE), ("department", Kind.OFFICE)):
            for place, text, is_key in _texts(entry.get(key), ("measures", index, key)):
                if not is_key:
                    yield Held(place, kind, text, allowed if kind is Kind.MEASURE else ())


def _routes(name: str, data: Any, protected: Collection[str]) -> Iterator[Held]:
    """What a template says is read as it is written, and as it reads where nothing is filled in."""
    for held in _plain(name, data, protected):
        yield held
        if held.where[0] == "templates" and next(refusals(held.kind, held.text), None) is None:
            yield held._replace(text=_FILLED.sub("", held.text))


def _rule(name: str, data: Any, protected: Collection[str]) -> Iterator[Held]:
    """A rule on crowd safety may say whose."""
    allowed = lawful(data.get("topic")) if isinstance(data, Mapping) else ()
    for held in _plain(name, data, protected):
        yield held._replace(allowed=allowed) if held.kind is Kind.TITLE else held


def lawful(topic: Any) -> Collection[str]:
    """The meanings that texts of a rule of this topic may have."""
    return ACTS if topic == CROWD_TOPIC else ()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


_READERS: Mapping[str, Callable[[str, Any, Collection[str]], Iterator[Held]]] = {
    "feeds": _feeds,
    "taxonomy": _taxonomy,
    "topics": _topics,
    "measures": _measures,
    "routes": _routes,
    "rule": _rule,
}
