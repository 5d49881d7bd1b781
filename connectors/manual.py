"""docs/connectors.md, written from the registry: `python -m connectors.manual docs/connectors.md`."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType, NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from connectors import CONNECTORS

EXAMPLES = Path(__file__).with_name("examples.yaml")

_HEAD = """# Connectors, option by option

Written by `python -m connectors.manual` from the registry, held against it by a test that polls each example.
What the options come to, and what a record holds: [feeds.md](feeds.md#connectors). A connector of your own:
[extending.md](extending.md). Paths start at the root folder; secrets are written `${NAME}`.

| connector | reads |
|---|---|
"""
_SHARED = "## Options that several share\n"
#: The comment that stands above a field, and the field.
_NOTED = re.compile(r"^ {4}(?:#: .*\n {4})+(?P<name>\w+):", re.M)
#: What is said of a type where its own name says little.
_WORDS = {
    bool: "true or false", int: "whole number", float: "number", str: "text", Path: "path",
    NoneType: "nothing",
}  # fmt: skip


def written() -> str:
    """The whole page."""
    every = sorted(CONNECTORS.items())
    rows = "".join(f"| [{name}](#{name}) | {_duty(module)} |\n" for name, module in every)
    shared = "".join(_table(model, f"### {title}\n\n{_about(model)}") for title, model in _bases().items())
    own = "".join(_connector(name, module) for name, module in every)
    return f"{_HEAD}{rows}\n{own}{_SHARED}\n{shared}"


def examples() -> Mapping[str, str]:
    """By connector: a feed, as it stands in config/feeds.yaml."""
    text = EXAMPLES.read_text(encoding="utf-8")
    entries = re.split(r"^(?=  - id: )", text, flags=re.M)[1:]
    return {re.findall(r"connector: (\w+)", entry)[0]: entry.rstrip("\n") for entry in entries}


def meaning(model: type[BaseModel], name: str) -> str:
    """What the comment above the field says of it."""
    for one in model.__mro__:
        if name in inspect.get_annotations(one):
            noted = {found["name"]: found[0] for found in _NOTED.finditer(inspect.getsource(one))}
            return " ".join(re.findall(r"#: (.*)", noted.get(name, ""))).rstrip(".")
    return ""


def _connector(name: str, module: ModuleType) -> str:
    bases = [f"[{title}](#{title.replace(' ', '-')})" for title, model in _bases().items()
             if issubclass(module.Options, model)]  # fmt: skip
    more = f"Also the options of {', '.join(bases)}.\n\n" if bases else ""
    table = _table(module.Options, f"## {name}\n\n{_duty(module)}.")
    return f"{table}{more}```yaml\n{examples()[name]}\n```\n\n"


def _duty(module: ModuleType) -> str:
    return (module.__doc__ or "").strip().splitlines()[0].rstrip(".")


def _bases() -> dict[str, type[BaseModel]]:
    """The models that connectors share, by what they are for."""
    found = {base: None for module in CONNECTORS.values() for base in module.Options.__mro__[1:]
             if issubclass(base, BaseModel) and base is not BaseModel}  # fmt: skip
    return {base.__name__.lower(): base for base in sorted(found, key=lambda base: base.__name__)}


def _about(model: type[BaseModel]) -> str:
    return " ".join((inspect.getdoc(model) or "").split())


def _table(model: type[BaseModel], head: str) -> str:
    """The options that the model brings itself; what it says otherwise than those above it, too."""
    rows = "".join(_row(model, name, field) for name, field in _own(model))
    table = f"| option | type | default | meaning |\n|---|---|---|---|\n{rows}\n" if rows else ""
    return f"{head}\n\n{table}"


def _own(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    own = inspect.get_annotations(model)
    return ((name, field) for name, field in model.model_fields.items() if name in own)


def _row(model: type[BaseModel], name: str, field: FieldInfo) -> str:
    return f"| `{name}` | {_type(field.annotation)} | {_default(field)} | {meaning(model, name)} |\n"


def _type(of: Any) -> str:
    origin, inner = get_origin(of), get_args(of)
    if origin is Literal:
        return " or ".join(f"`{one}`" for one in inner)
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(_type(one) for one in inner if one is not NoneType))
    if origin is tuple:
        return "list"
    if hasattr(of, "__metadata__"):
        return _type(inner[0])
    if isinstance(origin or of, type) and issubclass(origin or of, BaseModel | Mapping):
        return "names and values"
    return _WORDS.get(of, getattr(of, "__name__", str(of)).lower())


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "(needed)"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ("", (), {}):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`[{', '.join(map(str, value))}]`" if isinstance(value, tuple) else f"`{value}`"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(written(), encoding="utf-8")
