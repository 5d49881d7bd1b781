"""config/forms: what people in the field are asked, and which feed takes what they answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from engine.charter import columns
from engine.charter.judgement import PROMISE
from engine.charter.lexicon import first
from engine.cycle.config.reading import Reading
from engine.cycle.config.written import Bilingual, Code, Duration, Strict
from engine.guard.guard import Guard
from engine.guard.label import leads
from engine.ingest.mapping import Category
from engine.ingest.mapping import Mapping as FieldMapping
from engine.model.area import AreaTree
from engine.model.form import OWN, Form, Kind, Question
from engine.model.problem import Problem
from engine.model.text import numbered
from engine.yamlfile import Document, Path_

FOLDER = "forms"
#: A page on a telephone lists no more places; a form for more is several forms.
PLACES = 3_000
#: A value that stands in a record, and never in a sentence.
Value = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=40)]
#: What a question is answered in.
_ONLY = {"choices": (Kind.CHOICE,), "least": (Kind.NUMBER,), "most": (Kind.NUMBER, Kind.TEXT)}


class QuestionEntry(Strict):
    """One question as written."""

    id: Value
    ask: Bilingual
    kind: Kind
    needed: bool = True
    #: What may be chosen: the value that is reported, and what people read.
    choices: Annotated[dict[Value, Bilingual], Field(max_length=60)] = Field(default_factory=dict)
    #: Of a number its bounds; of a text how many letters it may have.
    least: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    most: Annotated[int, Field(ge=1, le=1_000_000)] = 1000

    @model_validator(mode="after")
    def _fits(self) -> QuestionEntry:
        if self.id in OWN:
            raise ValueError(f"every form has '{self.id}' by itself; call the question otherwise")
        for key, kinds in _ONLY.items():
            if key in self.model_fields_set and self.kind not in kinds:
                raise ValueError(f"'{key}' goes only with kind: {' or '.join(kinds)}")
        if self.kind is Kind.CHOICE and len(self.choices) < 2:
            raise ValueError("a choice has at least two 'choices'")
        if self.kind is Kind.TEXT and self.most > 2000:
            raise ValueError("a text has at most 2000 letters")
        if self.least > self.most:
            raise ValueError("'least' is not greater than 'most'")
        return self


class PlacesEntry(Strict):
    """Which areas may be chosen: those of a level in or below these."""

    areas: Annotated[tuple[Code, ...], Field(min_length=1)]
    level: str


class FormFile(Strict):
    """A form: one file of config/forms."""

    title: Bilingual
    intro: Bilingual | None = None
    places: PlacesEntry
    questions: Annotated[tuple[QuestionEntry, ...], Field(min_length=1, max_length=20)]
    #: So long ago may have happened what is reported.
    back: Duration = timedelta(days=7)


def load(reading: Reading, tree: AreaTree | None, guard: Guard) -> Mapping[str, Form]:
    """The forms by the names of their files."""
    forms: dict[str, Form] = {}
    for path in sorted((reading.root / "config" / FOLDER).glob("*.y*ml")):
        shown = f"{FOLDER}/{path.name}"
        if path.suffix != ".yaml":
            sentence = "the name of a form's file ends in .yaml; rename it"
            reading.problems.append(Problem(f"config/{shown}", 1, sentence, "unknown-file"))
        elif (read := reading.file(shown, FormFile, required=True, kind="form")) is not None:
            document, written = read
            if written.questions:
                reading.unique(document, "question", "id", "questions")
            _refused(reading, document, written, guard)
            if _placed(reading, document, written.places, tree):
                forms[path.stem] = _form(path, written)
    return forms


def _form(path: Path, written: FormFile) -> Form:
    return Form(
        name=path.stem, title=written.title.text, intro=written.intro.text if written.intro else None,
        areas=written.places.areas, level=written.places.level, back=written.back,
        questions=tuple(
            Question(
                id=one.id, ask=one.ask.text, kind=one.kind, needed=one.needed, least=one.least,
                most=one.most, choices={value: said.text for value, said in one.choices.items()},
            )
            for one in written.questions
        ),
    )  # fmt: skip


def _refused(reading: Reading, document: Document, written: FormFile, guard: Guard) -> None:
    """Questions for a person: what the answer would be masked for, what config/privacy.yaml says holds names,
    and columns that together would make a list of persons."""
    for index, one in enumerate(written.questions):
        said = {("id",): one.id, ("ask", "en"): one.ask.en, ("ask", "zh"): one.ask.zh}
        for at, text in said.items():
            if guard.names(text) or leads(text) or first(text, ("contact",)):
                sentence = f"'{text}' asks for what identifies a person; {PROMISE}: ask what happened"
                reading.note(document, ("questions", index, *at), sentence, "charter")
    together = columns.refused(one.id for one in written.questions)
    reading.charter(document, ((("questions",), sentence) for sentence in together))


def _placed(reading: Reading, document: Document, places: PlacesEntry, tree: AreaTree | None) -> bool:
    if tree is None:
        return False
    fine = [
        reading.known(document, ("places", "areas", index), "area", code, tree.areas)
        for index, code in enumerate(places.areas)
    ]
    fine.append(reading.known(document, ("places", "level"), "level", places.level, tree.levels))
    if not all(fine):
        return False
    many = sum(tree[code].level == places.level for top in places.areas for code in tree.below(top))
    if not 0 < many <= PLACES:
        said = f"{numbered(many, 'area')} can be chosen, and a page takes from 1 to {PLACES}"
        reading.note(document, ("places",), f"{said}; name other areas or another level", "impossible")
    return 0 < many <= PLACES


def check(
    reading: Reading, document: Document, where: Path_, form: Form, mapping: FieldMapping
) -> None:
    """Note what the feed's mapping reads and nobody is asked, and what may be chosen and means nothing."""
    for place, name in mapping.reads():
        reading.known(document, (*where, "map", *place), "question of the form", name, form.fields)
    for name, value in _meaningless(form, mapping.category):
        sentence = f"nothing says what '{value}' of '{name}' means: add it to 'table', or say 'otherwise'"
        reading.note(document, (*where, "map", "category"), sentence, "impossible")


def _meaningless(form: Form, attempts: tuple[Category, ...]) -> Iterator[tuple[str, str]]:
    """Choices of which no attempt makes a category, where there is none that takes the rest."""
    if any(not one.table or one.otherwise for one in attempts) or len({one.field for one in attempts}) > 1:
        return
    known = {value.casefold() for one in attempts for value in one.table}
    for question in form.questions:
        if question.id == attempts[0].field:
            yield from ((question.id, value) for value in question.choices if value not in known)
