"""What the charter refuses in a feed: it may tell of places and harms, never of persons or opinions.

Each check gives (where in the feed's entry, sentence) pairs; the settings turn them into problems.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.ingest import lexicon
from engine.ingest.mapping import Category, Mapping
from engine.model.feed import Subject
from engine.model.grade import Domain
from engine.model.taxonomy import Taxonomy
from engine.model.text import Text

Where = tuple[str | int, ...]
Refusal = tuple[Where, str]

#: Facilities that may be areas. There is no kind for places of worship, media, associations, parties
#: or petition offices.
FACILITIES = frozenset({
    "airport", "bridge", "care-home", "chemical-plant", "clinic", "courthouse", "dam", "factory",
    "fire-station", "hospital", "information-system", "kindergarten", "mall", "market", "mine", "park",
    "police-station", "port", "power-plant", "prison", "residential-area", "school", "stadium", "station",
    "substation", "town-hall", "tunnel", "university", "water-works",
})  # fmt: skip

#: Fewer residents than this are people, not a place.
LEAST_RESIDENTS = 500

#: Event codebooks that code speech and assembly beside violence, with the beginnings of the codes
#: that count as harm: violence, and force used against assemblies.
CODEBOOKS = {
    "cameo": ("18", "19", "20"),
    "acled": (
        "battles", "explosions", "violence against civilians", "mob violence",
        "excessive force against protesters",
    ),
}  # fmt: skip

#: Columns of the event databases coded by CAMEO: such a feed must be classified by that scheme.
_CAMEO_COLUMNS = frozenset({"eventcode", "eventbasecode", "eventrootcode"})

_PROMISE = "forewarn judges places and harms, never persons or opinions"


def check_feed(
    feed_id: str, title: Text | str, subject: str, mapping: Mapping, headers: Iterable[str] = (),
    taxonomy: Taxonomy | None = None,
) -> list[Refusal]:  # fmt: skip
    """Everything in one feed's entry that the charter refuses; `headers` are the columns that the
    connector's options name."""
    refusals = list(_subject(subject))
    refusals += _texts(feed_id, title)
    refusals += _fields(mapping)
    refusals += [refusal for index, one in enumerate(mapping.category) for refusal in _keywords(index, one)]
    refusals += _targets(mapping, taxonomy)
    refusals += _codebooks(mapping, taxonomy)
    refusals += [(("options",), sentence) for sentence in check_columns(headers)]
    return refusals


def check_columns(columns: Iterable[str]) -> list[str]:
    """Why a source with these columns is no feed: it lists persons, or sorts them by what they are."""
    sentences, traits = [], []
    for column in columns:
        refused = lexicon.refused(column)
        if refused:
            sentences.append(f"the column '{column}' holds {_of(refused)}; {_PROMISE}: leave it out")
        elif next(lexicon.found(column, lexicon.TRAITS), None):
            traits.append(f"'{column}'")
    if len(traits) > 1:
        sentences.append(f"the columns {' and '.join(traits)} make this a list of persons; {_PROMISE}")
    return sentences


def _of(refused: tuple[str, str]) -> str:
    kind, term = refused
    return f"{kind} ('{term}')"


def _subject(subject: str) -> Iterator[Refusal]:
    if subject not in set(Subject):
        known = ", ".join(Subject)
        yield ("subject",), f"'{subject}' is no subject of a feed (known: {known}); {_PROMISE}"


def _texts(feed_id: str, title: Text | str) -> Iterator[Refusal]:
    spoken = (title.en, title.zh) if isinstance(title, Text) else (title,)
    for key, text in (("id", feed_id), *(("title", text) for text in spoken)):
        refused = lexicon.refused(text)
        if refused:
            yield (key,), f"'{text}' is about {_of(refused)}, which is no subject of a feed; {_PROMISE}"


def _fields(mapping: Mapping) -> Iterator[Refusal]:
    for where, field in mapping.reads():
        refused = lexicon.refused(field)
        if refused:
            yield ("map", *where), f"the field '{field}' holds {_of(refused)}; {_PROMISE}: do not read it"
    for name in mapping.measures:
        if lexicon.refused(name) or next(lexicon.found(name, lexicon.TRAITS), None):
            sentence = f"'{name}' measures persons; a measure is a number of the incident itself"
            yield ("map", "measures", name), sentence
    for value in mapping.severity.table if mapping.severity else ():
        refused = lexicon.refused(value)
        if refused:
            yield ("map", "severity", "table", value), f"no severity follows from {_of(refused)}; {_PROMISE}"


def _keywords(index: int, category: Category) -> Iterator[Refusal]:
    for entry, keywords in enumerate(category.keywords):
        for key in ("any", "all", "none"):
            for place, word in enumerate(getattr(keywords, key)):
                refused = lexicon.refused(word) or next(
                    (("lawful assembly", term) for term in lexicon.found(word, lexicon.ASSEMBLY)), None
                )
                if refused:
                    where = ("map", "category", index, "keywords", entry, key, place)
                    yield where, f"the keyword '{word}' sorts texts by {_of(refused)}; {_PROMISE}"


def _targets(mapping: Mapping, taxonomy: Taxonomy | None) -> Iterator[Refusal]:
    """Words in a text decide nothing political and nothing protected."""
    for index, attempt in enumerate(mapping.category):
        for entry, keywords in enumerate(attempt.keywords):
            code = keywords.category
            known = taxonomy[code] if taxonomy is not None and code in taxonomy else None
            domain = known.domain if known else code.partition(".")[0]
            where = ("map", "category", index, "keywords", entry, "category")
            if domain == Domain.POLITICAL:
                yield where, f"keywords may not feed the political category '{code}'; use a published code"
            elif known and known.protected:
                yield where, f"keywords may not feed the protected category '{code}'; use a published code"


def _codebooks(mapping: Mapping, taxonomy: Taxonomy | None) -> Iterator[Refusal]:
    cameo = any(field.rpartition(".")[2].casefold() in _CAMEO_COLUMNS for _, field in mapping.reads())
    for index, attempt in enumerate(mapping.category):
        where = ("map", "category", index)
        if cameo and attempt.scheme != "cameo":
            yield where, "this feed is coded by CAMEO: classify it with scheme: cameo, whose harms are listed"
        if taxonomy is not None and attempt.scheme in CODEBOOKS:
            yield from _allowed(where, attempt.scheme, taxonomy)


def _allowed(where: Where, scheme: str, taxonomy: Taxonomy) -> Iterator[Refusal]:
    allowed = CODEBOOKS[scheme]
    for category in taxonomy.categories.values():
        if category.protected or not category.judged:
            continue
        for code in category.codes.get(scheme, ()):
            if not code.casefold().startswith(allowed):
                yield (*where, "scheme"), (
                    f"the {scheme} code '{code}' of '{category.code}' is no violence; allowed are codes that"
                    f" begin with {', '.join(allowed)}, and any in protected or unjudged categories"
                )
