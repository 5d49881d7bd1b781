"""Which column says what happened, and which category of the centre's each of its values may mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources

from engine.charter import codebook
from engine.charter.judgement import Kind, refusals
from engine.ingest.guess.column import Column, unparted
from engine.ingest.guess.headings import headings, unaccented
from engine.ingest.guess.part import Part, share
from engine.ingest.names import folded
from engine.model.grade import Domain
from engine.model.taxonomy import Category, Measures, Taxonomy

_SURE = headings()["sure"]
_NAMED = headings()["kind"] | _SURE
_NOT = frozenset(
    {"id", "url", "link", "geometry", "code", "mag", "detail", "status", "msg", "@type", "magtype", "source"}
)
#: Words of a column's name that say what every record is about.
_TELLING = frozenset({"cve", "magnitude", "magtype"})
#: No classification has more values, and a table of more is no help to anybody.
_MOST, _LISTED, _FEW = 400, 60, 200
_WORD = re.compile(r"[^\W\d_]+")
#: A word of so many letters may end a compound, and is one without its accents: shorter ones may be others.
_LONG = 5


def proposed(
    columns: Sequence[Column], taxonomy: Taxonomy, said: Iterable[str], plain: Callable[[str], bool]
) -> Part:
    """`category`: by a classification of the taxonomy, by a table of values, or one for all of them.

    said: what is known of the source beside (its file's name); plain: whether a value is nobody's.
    """
    aside, named_ = unjudged(taxonomy), tuple(said)
    if any(why for text in named_ for why in refusals(Kind.COLUMN, text)):
        return _lawful(named_, taxonomy, aside)
    said = (*named_, *(column.path for column in columns))
    book = next(filter(None, (codebook.of_column(one.path) for one in columns)), None)
    book = book or next(filter(None, map(codebook.named, said)), None)
    if book is not None:
        return _by_book(book, columns, taxonomy, aside)
    chosen = _best(columns, taxonomy)
    if chosen is None:
        words = {word for column in columns for word in column.words if word in _TELLING}
        code = _meant(" ".join((*named_, *words)), taxonomy) or aside
        remark = "no column tells kinds apart: all are of one category; choose the right one"
        return Part("category", {"fixed": code}, (remark,))
    scheme, known = _scheme(chosen, taxonomy)
    if known >= 0.5:
        remark = f"{share(round(known * len(chosen.filled)), len(chosen.filled))} are codes of {scheme}"
        return Part("category", [{"field": chosen.path, "scheme": scheme}, {"fixed": aside}], (remark,))
    return _table(chosen, taxonomy, aside, plain)


def unjudged(taxonomy: Taxonomy) -> str:
    """Where things go that nobody judges; the first category where the taxonomy has no such."""
    found = [one for one in taxonomy.categories.values() if not one.judged and not one.sensitive]
    other = [one.code for one in found if "other" in one.code] or [one.code for one in found]
    return (other or list(taxonomy.categories))[0]


def _lawful(said: Iterable[str], taxonomy: Taxonomy, aside: str) -> Part:
    """A source about what people may lawfully do feeds a protected category and nothing else."""
    protected = [one for one in taxonomy.categories.values() if one.protected and one.parent]
    words = {word.casefold().rstrip("s") for text in said for word in _WORD.findall(text)}
    words |= {"strike"} if words & {"stoppage", "lockout"} else set()
    near = [one.code for one in protected if one.code.rpartition(".")[2] in words]
    code = next(iter(near or (one.code for one in protected)), aside)
    remark = "the source is about what people may lawfully do: it is protected, and no rule counts it as harm"
    return Part("category", {"fixed": code}, (remark,))


def _by_book(book: str, columns: Sequence[Column], taxonomy: Taxonomy, aside: str) -> Part:
    """A source coded by a codebook is classified by it alone: there its harms are listed."""
    known = {scheme for one in taxonomy.categories.values() for scheme in one.codes}
    scheme = next((one for one in known if codebook.named(one) == book), None)
    coded = [one for one in columns if _scheme(one, taxonomy)[1] > 0] if scheme else []
    root = [one for one in columns if one.words & {"eventrootcode", "root"}]
    remark = f"the source is coded by {book.upper()}: its harms are those that the taxonomy lists under it"
    if scheme is None or not (coded or root):
        return Part("category", {"fixed": aside}, (f"{remark}; it lists none yet",))
    return Part(
        "category", [{"field": (root or coded)[0].path, "scheme": scheme}, {"fixed": aside}], (remark,)
    )


def _best(columns: Sequence[Column], taxonomy: Taxonomy) -> Column | None:
    """The column that most looks like one of kinds."""
    return max(
        (one for one in columns if _may_be(one)),
        key=lambda one: (_scheme(one, taxonomy)[1] > 0.5, _understood(one, taxonomy) + one.named(_SURE)),
        default=None,
    )


def _may_be(column: Column) -> bool:
    small = column.named(_SURE) and len(column.filled) < _FEW
    most = min(_MOST, len(column.filled) if small else len(column.filled) // 2)
    few = 1 < len(column.counts) <= max(2, most)
    named = column.named(_NAMED) and not column.words & _NOT
    return few and named and column.share > 0.5 and (not column.numeric or column.named(_SURE))


def _understood(column: Column, taxonomy: Taxonomy) -> float:
    known = sum(many for value, many in column.counts.items() if meaning(value, taxonomy))
    return known / max(1, len(column.filled))


def _scheme(column: Column, taxonomy: Taxonomy) -> tuple[str, float]:
    """The classification that most of the values are codes of."""
    schemes = {scheme for one in taxonomy.categories.values() for scheme in one.codes}
    hits = {
        scheme: sum(many for value, many in column.counts.items() if taxonomy.coded(scheme, value))
        for scheme in schemes
    }
    best = max(sorted(hits), key=lambda scheme: hits[scheme], default="")
    return best, hits.get(best, 0) / max(1, len(column.filled))


def _table(column: Column, taxonomy: Taxonomy, aside: str, plain: Callable[[str], bool]) -> Part:
    table, beside, left = dict[str, str](), dict[str, str](), Counter[str]()
    fine = [value for value, _ in column.counts.most_common() if _may_stand(value, plain)]
    known = {
        value: code for value in fine
        if (code := meaning(value, taxonomy)) and plain(f"{value}': {code}  # {column.counts[value]}")
    }  # fmt: skip
    for value, many in column.counts.most_common():
        if value in known and len(table) < _LISTED:
            table[value], beside[value] = known[value], str(many)
        else:
            left[value] = many
    if not fine:
        remark = f"no value of '{column.path}' may stand in a table: all are of one category"
        return Part("category", {"fixed": aside}, (remark,))
    if not table:
        table[fine[0]], beside[fine[0]] = aside, str(left.pop(fine[0]))
    remarks = [f"'{column.path}' has {len(column.counts)} values; proposals by their words: correct them"]
    rest = ", ".join(f"{value} ({many})" for value, many in left.most_common(12))
    if rest:
        remarks.append(f"not understood, and judged by nobody as long as they are '{aside}': {rest}")
    written = {"field": column.path, "table": table, "otherwise": aside}
    return Part("category", written, tuple(remarks), beside)


def _may_stand(value: str, plain: Callable[[str], bool]) -> bool:
    """Whether a value is neither somebody's nor what the charter protects."""
    return plain(value) and not any(refusals(Kind.VALUE, value))


def meaning(value: str, taxonomy: Taxonomy) -> str | None:
    """The category that a value's words mean; None where they say nothing."""
    direct = next((
        one.code for one in taxonomy.categories.values()
        if folded(value) in {folded(one.title.en), folded(one.title.zh), one.code} and _open(one)
    ), None)  # fmt: skip
    return direct or _meant(value, taxonomy)


def _meant(text: str, taxonomy: Taxonomy) -> str | None:
    words = {word.casefold() for word in _WORD.findall(text)}
    words |= set(map(unaccented, words))
    for concept, terms in _concepts().items():
        if any(_says(term, words, text) for term in terms):
            found = _category(concept, taxonomy)
            if found:
                return found
    return None


def _says(term: str, words: Collection[str], text: str) -> bool:
    if unparted(term):
        return term in text
    return term in words or (len(term) >= _LONG and any(word.endswith(term) for word in words))


def _category(concept: str, taxonomy: Taxonomy) -> str | None:
    """The highest category whose code, or else title, holds the concept's word."""
    fit = [one for one in taxonomy.categories.values() if _open(one)]
    by_code = [one.code for one in fit if concept == one.code.rpartition(".")[2]]
    by_title = [one.code for one in fit if _WORD.findall(one.title.en.casefold())[:1] == [concept]]
    return min(by_code or by_title, key=lambda code: (code.count("."), code), default=None)


def _open(one: Category) -> bool:
    """Whether words may decide that something is of this category."""
    harm = one.judged and one.measures is Measures.HARM
    return harm and not one.protected and not one.sensitive and one.domain != Domain.POLITICAL


@cache
def _concepts() -> Mapping[str, tuple[str, ...]]:
    text = resources.files(__package__).joinpath("words.txt").read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            concept, _, words = line.partition(":")
            terms = words.split()
            bare = (unaccented(term) for term in terms if len(term) >= _LONG)
            found[concept] = tuple(dict.fromkeys((*found.get(concept, (concept,)), *terms, *bare)))
    return found


def coded(part: Part, columns: Sequence[Column], taxonomy: Taxonomy) -> Iterator[str]:
    """The categories that the codes of the sample mean, where a classification is used."""
    by_path = {column.path: column for column in columns}
    for attempt in part.value if isinstance(part.value, list) else []:
        for value in by_path[attempt["field"]].counts if "scheme" in attempt else ():
            code = taxonomy.coded(attempt["scheme"], value)
            yield from [code] if code else []


def named(part: Part) -> Iterator[str]:
    """The categories that a proposal names."""
    for attempt in part.value if isinstance(part.value, list) else [part.value]:
        yield from attempt.get("table", {}).values()
        yield from filter(None, (attempt.get("fixed"), attempt.get("otherwise")))
