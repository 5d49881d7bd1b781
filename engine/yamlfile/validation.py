"""A document held against a pydantic model: every mistake with its line and, where it is plain, the mend."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from engine.model.problem import Problem, certain, closest, meant, nearest
from engine.yamlfile.document import Document, Path_
from engine.yamlfile.signs import strange

M = TypeVar("M", bound=BaseModel)

_NUMBER = re.compile(r"([-+]?\d{1,9}(?:\.\d{0,12})?(?:[eE][-+]?\d{1,2})?)\s*(%?)")


def validate(
    document: Document, model: type[M], name: str, filled: Any = None
) -> tuple[M | None, list[Problem]]:
    """The document as a pydantic model, or every mistake in it with its line and the right name.

    filled: the document's data with its variables filled in, which the model is made of; what is quoted is
    what was written.
    """
    try:
        return model.model_validate(document.data if filled is None else filled), []
    except ValidationError as error:
        items = [{**item, "input": _quoted(document.data, item, filled)} for item in error.errors()]
        return None, [_problem(document, model, item, name) for item in items if not _follows(item, items)]


def _quoted(written: Any, item: Mapping[str, Any], filled: Any) -> Any:
    """What a mistake is shown with."""
    if filled is None or isinstance(item["input"], dict | list):
        return item["input"]
    for part in _written(written, tuple(item["loc"])):
        written = written[part]
    return item["input"] if isinstance(written, dict | list) else written


def _follows(item: Mapping[str, Any], items: Iterable[Mapping[str, Any]]) -> bool:
    """Whether it only follows from another mistake: of a list, pydantic counts what is right."""
    if item["type"] == "too_short":
        within = tuple(item["loc"])
        return any(other["loc"][: len(within)] == within for other in items if other is not item)
    return _misspelt(item, items)


def _misspelt(item: Mapping[str, Any], items: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a missing key stands there after all, in a spelling that is itself reported."""
    if item["type"] != "missing":
        return False
    *within, key = item["loc"]
    beside = [
        str(other["loc"][-1]) for other in items
        if other["type"] == "extra_forbidden" and list(other["loc"][:-1]) == within
    ]  # fmt: skip
    return any(nearest(word, [str(key)]) for word in beside)


def _problem(document: Document, model: type[BaseModel], item: Mapping[str, Any], name: str) -> Problem:
    mistake = _Mistake(item, tuple(item["loc"]), document.data, model)
    said = _SAID.get(item["type"], _anything_else)(mistake)
    where = mistake.where[:-1] if item["type"] == "missing" else mistake.where
    problem = document.problem(_written(document.data, where), said.sentence, name)
    return replace(problem, found=said.found, right=said.right) if said.right else problem


@dataclass(frozen=True)
class _Mistake:
    """What pydantic says of one place."""

    item: Mapping[str, Any]
    where: Path_
    data: Any
    model: type[BaseModel]

    def shown(self, where: Path_) -> str:
        return ".".join(str(part) for part in _written(self.data, where))


@dataclass(frozen=True)
class _Said:
    sentence: str
    found: str = ""
    right: str = ""


def _unknown_key(of: _Mistake) -> _Said:
    found, known = str(of.where[-1]), _fields(of.model, of.data, of.where[:-1])
    right = certain(found, known - _beside(of.data, of.where))
    instead = _instead(of.model, of.where[:-1]).get(found.lower())
    if instead and not right:
        return _Said(f"unknown key '{found}': {instead}")
    sentence = f"unknown key '{found}'{meant(closest(found, known))}{strange(found)}"
    if known:
        sentence += f"; known here: {', '.join(sorted(known))}"
    return _Said(sentence, found, right)


def _missing_key(of: _Mistake) -> _Said:
    within = of.shown(of.where[:-1])
    return _Said(missing(str(of.where[-1])) + (f" in {within}" if within else ""))


def _no_such_choice(of: _Mistake) -> _Said:
    found, expected = of.item["input"], str(of.item.get("ctx", {}).get("expected", ""))
    options = [part.strip(" '") for part in expected.replace(" or ", ",").split(",")]
    sentence = f"{of.shown(of.where)}: {found!r} is not one of {expected}"
    sentence += meant(closest(str(found), options)) + strange(str(found))
    return _Said(sentence, str(found), certain(str(found), options))


def _no_mapping(of: _Mistake) -> _Said:
    return _Said(_after(of.shown(of.where), "keys with values are needed here"))


def _no_list(of: _Mistake) -> _Said:
    found = of.item["input"]
    one = not isinstance(found, dict | list) and found is not None
    sentence = _after(of.shown(of.where), f"a list is needed, as in [{found if one else '...'}]")
    return _Said(sentence + (f" (found {found!r:.80})" if one else ""))


def _no_text(of: _Mistake) -> _Said:
    found = of.item["input"]
    one = not isinstance(found, dict | list)
    quoted = f", in quotes (found {found!r:.80})" if one and found is not None else ""
    return _Said(_after(of.shown(of.where), f"text is needed{quoted}"))


def _no_day(of: _Mistake) -> _Said:
    found = of.item["input"]
    shown = "" if isinstance(found, dict | list) else f" (found {str(found)!r:.80})"
    return _Said(_after(of.shown(of.where), f"a day is needed, as in 2026-03-31{shown}"))


def _neither_yes_nor_no(of: _Mistake) -> _Said:
    found = of.item["input"]
    shown = _found(found)
    return _Said(_after(of.shown(of.where), f"true or false is needed{shown}"))


def _too_few(of: _Mistake) -> _Said:
    if not isinstance(of.item["input"], list | tuple | dict):
        return _anything_else(of)
    least = of.item["ctx"]["min_length"]
    return _Said(_after(of.shown(of.where), f"at least {least} {'is' if least == 1 else 'are'} needed"))


def _no_number(of: _Mistake) -> _Said:
    found, whole = of.item["input"], str(of.item["type"]).startswith("int")
    wanted = "a whole number is needed, as in 3" if whole else "a number is needed, as in 0.003"
    sentence = _after(of.shown(of.where), wanted)
    sentence += _found(found)
    right = "" if whole or not isinstance(found, str) else _decimal(found)
    return _Said(sentence + (f": write {right}" if right else ""), str(found), right)


def _decimal(written: str) -> str:
    """A number in a form that YAML takes for text (1e-3, 0.3 %), as a decimal; else nothing."""
    match = _NUMBER.fullmatch(unicodedata.normalize("NFKC", written).strip())
    if match is None:
        return ""
    value = float(match[1]) / (100 if match[2] else 1)
    return f"{value:.12f}".rstrip("0").rstrip(".")


def _anything_else(of: _Mistake) -> _Said:
    message, found = str(of.item["msg"]).removeprefix("Value error, "), of.item["input"]
    sentence = _after(of.shown(of.where), f"{message[:1].lower()}{message[1:]}")
    sentence += _found(found)
    right = str(getattr(of.item.get("ctx", {}).get("error"), "right", ""))
    return _Said(sentence + (f": write {right}" if right else ""), str(found), right)


def _found(value: object) -> str:
    """What stands there, where it is one value: not that there is none."""
    return "" if value is None or isinstance(value, dict | list) else f" (found {value!r:.80})"


def _after(shown: str, sentence: str) -> str:
    return f"{shown}: {sentence}" if shown else sentence


_DAYS = ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact")

#: How to say what pydantic calls by these names.
_SAID: dict[str, Callable[[_Mistake], _Said]] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing_key,
    "literal_error": _no_such_choice,
    "enum": _no_such_choice,
    "float_type": _no_number,
    "int_type": _no_number,
    "int_from_float": _no_number,
    "int_parsing": _no_number,
    "float_parsing": _no_number,
    **dict.fromkeys(("tuple_type", "list_type", "set_type", "frozen_set_type"), _no_list),
    "string_type": _no_text,
    **dict.fromkeys(("bool_type", "bool_parsing"), _neither_yes_nor_no),
    "too_short": _too_few,
    **dict.fromkeys(_DAYS, _no_day),
    "dict_type": _no_mapping,
    "model_type": _no_mapping,
}


def missing(key: str) -> str:
    """What is said where a key is not there."""
    return f"'{key}' is missing"


def _beside(data: Any, where: Path_) -> set[str]:
    """The keys that stand in the same mapping as the one at `where`."""
    for part in where[:-1]:
        inside = isinstance(data, Mapping) and part in data
        if inside or (isinstance(data, list) and isinstance(part, int) and part < len(data)):
            data = data[part]
    return {str(key) for key in data} if isinstance(data, Mapping) else set()


def _written(data: Any, where: Path_) -> Path_:
    """`where` without the steps pydantic adds for unions and validators, which no file holds."""
    kept: list[str | int] = []
    for part in where:
        keyed = isinstance(data, Mapping) and part in data
        if keyed or (isinstance(data, list) and isinstance(part, int) and part < len(data)):
            data = data[part]
            kept.append(part)
    return tuple(kept)


def _fields(model: Any, data: Any, where: Path_) -> set[str]:
    """The keys a model knows at `where`, following aliases, containers and unions."""
    return {field.alias or key for m in _at(model, where) for key, field in m.model_fields.items()}


def _instead(model: Any, where: Path_) -> dict[str, str]:
    """What is said of keys that people look for at `where`, and that are called or stand otherwise."""
    return {key: said for m in _at(model, where) for key, said in getattr(m, "instead", {}).items()}


def _at(model: Any, where: Path_) -> list[type[BaseModel]]:
    models = [model]
    for part in where:
        models = [found for m in models for found in _step(m, part)]
    return [m for m in models if isinstance(m, type) and issubclass(m, BaseModel)]


def _step(model: Any, part: str | int) -> list[Any]:
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return [model]
    for key, field in model.model_fields.items():
        if part in (key, field.alias):
            return _models(field.annotation)
    return [model]


def _models(annotation: Any) -> list[Any]:
    """Every pydantic model named anywhere inside an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models(inner)]
