"""config/taxonomy.yaml: the tree of categories and the codes that published classifications use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from engine.charter import codebook, judgement
from engine.cycle.config.packs import Brought
from engine.cycle.config.reading import Reading
from engine.cycle.config.written import Bilingual, Code, Strict
from engine.model.grade import Domain
from engine.model.taxonomy import Category, Measures, Taxonomy
from engine.yamlfile import Document, Path_


class CategoryEntry(Strict):
    """One node as written; what is absent is inherited from the parent."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$")]
    title: Bilingual
    domain: Domain | None = None
    measures: Measures | None = None
    protected: bool = False
    sensitive: bool = False
    judged: bool = True
    codes: dict[str, tuple[Code, ...]] = Field(default_factory=dict)
    children: tuple[CategoryEntry, ...] = ()


class TaxonomyFile(Strict):
    """The whole file."""

    categories: tuple[CategoryEntry, ...]


def load(reading: Reading, more: Iterable[Brought] = ()) -> Taxonomy | None:
    """The taxonomy, or None where the file cannot be read; more: what packs bring, where the file has no
    category of that code."""
    read = reading.file("taxonomy.yaml", TaxonomyFile, required=True)
    if read is None:
        return None
    document, file = read
    categories: dict[str, Category] = {}
    places: dict[str, Path_] = {}
    for where, category in _flat(file.categories, ("categories",), None):
        code = category.code
        if code in categories:
            line = document.line(*places[code])
            sentence = f"the category '{code}' stands here again; it is already on line {line}"
            reading.note(document, where, sentence, "duplicate-category")
        _check(reading, document, where, category)
        categories.setdefault(code, category)
        places.setdefault(code, where)
    _one_meaning(reading, document, categories, places)
    own = frozenset(categories)
    for one in more:
        if one.name == "taxonomy.yaml":
            _add(reading, categories, one.read(reading, TaxonomyFile))
    reading.protected = frozenset(code for code, category in categories.items() if category.protected)
    return Taxonomy(categories, frozenset(categories) - own)


def _add(
    reading: Reading, categories: dict[str, Category], read: tuple[Document, TaxonomyFile] | None
) -> None:
    """What a pack brings and the centre lacks; a parent is the centre's own where it has one, with all that
    is inherited from it, and a published code means what it means there."""
    if read is None:
        return
    document, file = read
    means = {
        (scheme, code.casefold()) for category in categories.values()
        for scheme, codes in category.codes.items() for code in codes
    }  # fmt: skip
    for where, category in _flat(file.categories, ("categories",), None, categories):
        if category.code not in categories:
            _check(reading, document, where, category)
            codes = {
                scheme: tuple(code for code in listed if (scheme, code.casefold()) not in means)
                for scheme, listed in category.codes.items()
            }  # fmt: skip
            categories[category.code] = replace(category, codes=codes)


def _flat(
    entries: tuple[CategoryEntry, ...], listing: Path_, parent: Category | None,
    known: Mapping[str, Category] | None = None,
) -> Iterator[tuple[Path_, Category]]:  # fmt: skip
    """Every node with its place in the file, parents first, inheritance resolved; known: categories that
    stand for those of the file with their codes."""
    for index, entry in enumerate(entries):
        where = (*listing, index)
        category = Category(
            code=entry.code,
            title=entry.title.text,
            domain=entry.domain or (parent.domain if parent else None),
            measures=entry.measures or (parent.measures if parent else Measures.HARM),
            protected=entry.protected or bool(parent and parent.protected),
            sensitive=entry.sensitive or bool(parent and parent.sensitive),
            judged=entry.judged and (parent is None or parent.judged),
            parent=parent.code if parent else None,
            codes=entry.codes,
        )
        category = (known or {}).get(entry.code, category)
        yield where, category
        yield from _flat(entry.children, (*where, "children"), category, known)


def _check(reading: Reading, document: Document, where: Path_, category: Category) -> None:
    code, parent = category.code, category.parent
    if parent is None and "." in code:
        reading.note(document, where, f"'{code}' stands at the top, so its code has no dot", "category-code")
    if parent is not None and code.rpartition(".")[0] != parent:
        sentence = f"'{code}' stands below '{parent}', so its code is '{parent}.' and one more word"
        reading.note(document, where, sentence, "category-code")
    if category.judged and category.domain is None:
        reading.note(document, where, f"'{code}' needs a domain, or judged: false", "category-domain")
    if not category.protected:
        reading.charter(document, _refused(where, category))


def _refused(where: Path_, category: Category) -> Iterator[tuple[Path_, str]]:
    """Codes that mean speech, assembly or migration, and a category near to people that names no harm."""
    if category.judged and category.measures is Measures.HARM and category.domain is not None:
        said = (category.code.replace(".", " "), category.title.en, category.title.zh)
        yield from (((*where, "title"), why) for why in judgement.undecided(category.domain, said))
    for scheme, codes in category.codes.items():
        for index, code in enumerate(codes):
            sentence = codebook.refusal(scheme, code)
            if sentence is not None:
                yield (*where, "codes", scheme, index), f"{sentence}; '{category.code}' is neither"


def _one_meaning(
    reading: Reading, document: Document, categories: dict[str, Category], places: dict[str, Path_]
) -> None:
    """A published code means one category only."""
    means: dict[tuple[str, str], str] = {}
    for category in categories.values():
        for scheme, codes in category.codes.items():
            for code in codes:
                first = means.setdefault((scheme, code.casefold()), category.code)
                if first != category.code:
                    sentence = f"the {scheme} code '{code}' means '{first}' already"
                    reading.note(document, places[category.code], sentence, "duplicate-code")
