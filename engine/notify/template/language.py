"""The language of templates: names, `if` and `for` over what a message holds, and a few filters.

Nothing in it computes, calls or reaches beyond the message: whatever is written ends, soon, and in little
memory. That is decided by looking at the template, before any message is at stake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

from engine.model.later import Later
from engine.model.problem import nearest

if TYPE_CHECKING:
    import jinja2
    from jinja2 import meta, nodes, sandbox
else:
    jinja2, meta = Later("jinja2"), Later("jinja2.meta")
    nodes, sandbox = Later("jinja2.nodes"), Later("jinja2.sandbox")

#: What a template may name: the sentences of the message, and the numbers behind them.
SENTENCES = (
    "subject", "grade", "place", "title", "notes", "why", "evidence", "confidence", "chance", "risk", "since",
    "to_do", "tasks", "how", "advisory",
)  # fmt: skip
NAMES = (*SENTENCES, "text", "step", "change", "warning", "figures", "measures", "receiver")
FILTERS = frozenset(
    {"default", "first", "join", "last", "length", "lower", "title", "trim", "truncate", "upper"}
)
#: Loops within loops, and in all; signs of what is written and of what comes of it.
DEEP, LOOPS, WRITTEN, SAID = 2, 12, 10_000, 20_000


@cache
def _allowed() -> tuple[type[nodes.Node], ...]:
    return (
        nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem,
        nodes.Const, nodes.For, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
        nodes.Not, nodes.Filter, nodes.Test, nodes.Keyword, nodes.EvalContextModifier,
        nodes.ScopedEvalContextModifier,
    )  # fmt: skip


class _Words(str):
    """A text that no loop goes over letter by letter: of two such loops nobody would see the end."""

    __slots__ = ()

    def __iter__(self) -> NoReturn:
        raise TypeError("a loop goes over a list and not over the letters of a text")


class BadTemplate(Exception):
    """What is wrong with a template, or with what came of it, in a sentence."""


def check(source: str) -> None:
    """Raises BadTemplate where a template says what none may, or names what no message has."""
    _compiled(source)


def render(source: str, facts: Mapping[str, Any]) -> str:
    """What the template says of a message; raises BadTemplate where it cannot."""
    template = _compiled(source)
    said, signs = [], 0
    try:
        for part in template.generate(**_whole(facts)):
            said.append(part)
            signs += len(part)
            if signs > SAID:
                raise BadTemplate(f"it says more than {SAID} signs")
    except (jinja2.TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise BadTemplate(f"it cannot be filled in: {error}") from error
    found = "".join(said).strip()
    if not found:
        raise BadTemplate("it says nothing")
    return found


def _whole(held: Any) -> Any:
    """What a message holds, its texts in one piece."""
    if isinstance(held, str):
        return _Words(held)
    if isinstance(held, Mapping):
        return {name: _whole(one) for name, one in held.items()}
    return [_whole(one) for one in held] if isinstance(held, list | tuple) else held


@lru_cache(maxsize=256)
def _compiled(source: str) -> jinja2.Template:
    if len(source) > WRITTEN:
        raise BadTemplate(f"it is longer than {WRITTEN} signs")
    environment = _environment()
    try:
        tree = environment.parse(source)
        for sentence in (*_refused(tree, 0), *_too_many(tree), *_unknown(tree)):
            raise BadTemplate(sentence)
        return environment.from_string(source)
    except jinja2.TemplateError as error:
        line = getattr(error, "lineno", None)
        raise BadTemplate(f"{f'line {line}: ' if line else ''}{error.message}") from error


@lru_cache(maxsize=1)
def _environment() -> sandbox.SandboxedEnvironment:
    environment = sandbox.SandboxedEnvironment(
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    environment.globals.clear()
    environment.filters = {name: one for name, one in environment.filters.items() if name in FILTERS}
    return environment


def _refused(node: nodes.Node, depth: int) -> Iterator[str]:
    """What is beyond the language, the first of it first."""
    if not isinstance(node, _allowed()):
        yield f"line {node.lineno}: a template has no {type(node).__name__.lower()}"
    if isinstance(node, nodes.For):
        depth += 1
        if depth > DEEP:
            yield f"line {node.lineno}: loops stand {DEEP} deep at most"
        if node.recursive or not isinstance(node.iter, nodes.Name | nodes.Getattr | nodes.Getitem):
            yield f"line {node.lineno}: a loop goes over what the message holds"
    for child in node.iter_child_nodes():
        yield from _refused(child, depth)


def _too_many(tree: nodes.Template) -> Iterator[str]:
    """A message waits for its template, and a loop takes its time even where it says nothing."""
    loops = [loop.lineno for loop in tree.find_all(nodes.For)]
    if len(loops) > LOOPS:
        yield f"line {loops[LOOPS]}: there are {LOOPS} loops at most"


def _unknown(tree: nodes.Template) -> Iterator[str]:
    for name in sorted(meta.find_undeclared_variables(tree) - set(NAMES)):
        yield f"a message has no '{name}'{nearest(name, NAMES)}"
