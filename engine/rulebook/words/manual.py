"""Documentation written from the code itself: `python -m engine.rulebook.words.manual docs`.

The pages of docs/checks come from the checks, the table of tests in docs/rules.md from the detectors.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
from pathlib import Path
from types import ModuleType

from engine.detect import TESTS
from engine.rulebook.checks import EACH, TOGETHER
from engine.rulebook.language.rung import written as written_fields

#: The table of tests stands between these two lines of docs/rules.md.
_BEGIN, _END = "<!-- tests: written by engine.rulebook.words.manual -->", "<!-- end of tests -->"

_HEAD = """# Checks

`forewarn rules check` reports every mistake of every rule file at once, each with its path, line, a sentence
that says how to mend it, and the name of the check. An error keeps the rules from being used; a warning or
a hint does not. Beside these, `schema`, `yaml`, `duplicate-key` and `file` name what is no rule file at
all; the [rule language](../rules.md) says what one may hold.

| check | level | finds |
|---|---|---|"""


def pages() -> dict[str, str]:
    """The text of every page below docs/checks, by file name."""
    modules = {**EACH, **TOGETHER}
    return {f"{name}.md": _page(module) for name, module in modules.items()} | {"README.md": _index(modules)}


def with_tests(page: str) -> str:
    """docs/rules.md with the table of every registered test."""
    before, _, rest = page.partition(_BEGIN)
    return f"{before}{_BEGIN}\n{_tests()}\n{_END}{rest.partition(_END)[2]}"


def write(docs: Path) -> None:
    rules = docs / "rules.md"
    rules.write_text(with_tests(rules.read_text(encoding="utf-8")), encoding="utf-8")
    folder = docs / "checks"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.md"):
        old.unlink()
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


def summary(module: ModuleType) -> str:
    """The first line of a check's documentation."""
    return _text(module).splitlines()[0]


def _page(module: ModuleType) -> str:
    title, _, rest = _text(module).partition("\n")
    level = module.LEVEL.name.lower()
    return f"# {module.NAME}\n\n{title}\n\nLevel: {level}\n\n{rest.strip()}\n\n[All checks](README.md)\n"


def _index(modules: dict[str, ModuleType]) -> str:
    rows = [
        f"| [{name}]({name}.md) | {module.LEVEL.name.lower()} | {summary(module)} |"
        for name, module in sorted(modules.items())
    ]
    return "\n".join([_HEAD, *rows]) + "\n"


def _tests() -> str:
    """One section for each test: what it is, its parameters with their defaults, what they mean."""
    return "".join(_test(name, module) for name, module in sorted(TESTS.items()))


def _test(name: str, module: ModuleType) -> str:
    fields = written_fields(module.Params)
    written = ", ".join(f"`{field.name}`{_default(field.default)}" for field in fields)
    sentence = re.sub(r"^`\w+`: ", "", summary(module))
    meaning = " ".join((inspect.getdoc(module.Params) or "").split())
    return f"\n### {name}\n\n{sentence[:1].upper()}{sentence[1:]}\n\nParameters: {written}.\n\n{meaning}\n"


def _default(value: object) -> str:
    if value is dataclasses.MISSING:
        return ""
    return " (optional)" if value in (None, "") else f" (default {value})"


def _text(module: ModuleType) -> str:
    assert module.__doc__ is not None, f"{module.__name__} has no documentation"
    return module.__doc__.strip()


if __name__ == "__main__":
    write(Path(sys.argv[1]))
