"""Checking 3,000 rules with their tests, against reading the same files and holding them against their JSON
schema, which is what a pipeline would otherwise do; the schema alone knows no names and no other rules."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import jsonschema
import yaml

from benchmarks.measuring import ROOT, peak, processor
from engine import app
from engine.model.problem import Level
from engine.rulebook import load
from engine.rulebook.context import Context

RULES = 3_000
#: At most so many times as long as reading them and holding them against the schema.
LIMIT = 2.0
#: Every so many files is held against the schema.
SAMPLE = 20
TODAY = date(2026, 1, 1)
_SCHEMA = ROOT / "docs" / "schema" / "rule.schema.json"


def main() -> int:
    """Print the processor time of both; 1 where the ratio is over the limit."""
    context = app.context(app.settings(ROOT), TODAY)
    with TemporaryDirectory() as folder:
        number = sum(1 for _ in _written(Path(folder)))
        files = sorted(Path(folder).glob("*.yaml"))
        ours = processor(_check, Path(folder), context, number)
        plain = SAMPLE * processor(_against_schema, files[::SAMPLE])
    print(f"check: {number:,} rules with their tests")
    print(f"  forewarn rules check  {ours:7.2f} s   {ours / plain:.2f}x (limit {LIMIT:g}x)")
    print(f"  read, against schema  {plain:7.2f} s   (from every {SAMPLE}th file)")
    print(f"  peak memory           {peak()}")
    return int(ours > LIMIT * plain)


def _written(folder: Path) -> Iterator[Path]:
    """The bundled rules that count, again and again, each with an id, a title and thresholds of its own."""
    paths = [path for path in sorted((ROOT / "rules").glob("*/*.yaml")) if ".test." not in path.name]
    texts = [text for text in (path.read_text(encoding="utf-8") for path in paths)
             if re.search("(?m)^indicator:", text) and not re.search("(?m)^rules:", text)]  # fmt: skip
    for number in range(RULES):
        text = texts[number % len(texts)]
        text = re.sub(r"(?m)^id: (\S+)$", rf"id: \1-{number}", text)
        text = re.sub(r"(?m)^title: \{en: ([^,\"]+),", rf"title: {{en: \1 {number},", text)
        path = folder / f"rule-{number:04}.yaml"
        path.write_text(re.sub(r"at_least: (\d+)", rf"at_least: \1.{number:04}", text), encoding="utf-8")
        yield path


def _check(folder: Path, context: Context, number: int) -> None:
    loaded = load.read(folder, context)
    assert len(loaded.sources) == number, (len(loaded.sources), loaded.problems[:3])
    wrong = [one for one in loaded.problems if one.level is Level.ERROR]
    assert not wrong, wrong[:3]


def _against_schema(files: list[Path]) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(_SCHEMA.read_text(encoding="utf-8")))
    for path in files:
        data = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        list(validator.iter_errors(json.loads(json.dumps(data, default=str))))


if __name__ == "__main__":
    sys.exit(main())
