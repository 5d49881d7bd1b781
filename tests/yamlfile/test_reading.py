"""YAML is read by libyaml, and by the more careful reader where something is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from engine.yamlfile import reading as yamlfile

ROOT = Path(__file__).parents[2]
FILES = sorted(path for folder in ("config", "rules", "tests") for path in (ROOT / folder).rglob("*.yaml"))

#: Nine lines that stand for nine to the ninth values.
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{this}: &{this} [{','.join([f'*{above}'] * 9)}]\n"
    for above, this in zip("abcdefgh", "bcdefghi", strict=True)
)


def test_both_readers_see_the_same_data_lines_and_mistakes(monkeypatch: pytest.MonkeyPatch):
    quick = [yamlfile.read(path) for path in FILES]
    monkeypatch.setattr(yamlfile, "_Quick", yamlfile._Loader)
    assert [yamlfile.read(path) for path in FILES] == quick
    assert len(quick) > 50 and yaml.__with_libyaml__


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: @x", 1, "character '@' that cannot start any token: put the text in quotes"),
        ("a:\n\tb: 1", 2, r"character '\t' that cannot start any token: indent with spaces, not tabs"),
        ("a: b: c", 1, "quote a text with a colon in it"),
        ("a: 1\n---\na: 2", 2, "a file holds one"),
        ("a: 1\nb: {{ x }}", 2, "put a text with braces in quotes"),
        ("a: 1\nb: !!python/none 1", 2, "could not determine a constructor"),
        ("a: 1\nb: \0", 2, "unacceptable character #x0000"),
        ("a: *nope", 1, "undefined alias 'nope'"),
        ("a: 1\nb: [1, 2\n", 3, "what begins on line 2 does not end"),
        ("a: \ud800", 1, "unacceptable character #xd800"),
        ("a: &x [*x]", 1, "an alias contains itself"),
        (BOMB, 1, "an alias repeats others that repeat others"),
        ("[" * 1100 + "]" * 1100, 1, "nested too deeply"),
        ("{a: " * 20_000, 1, "nested too deeply"),
        ("[" * 300_000, 1, "nested too deeply"),
        ("- " * 300_000, 1, "nested too deeply"),
        ("? " * 300_000, 1, "nested too deeply"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_full(text: str, line: int, said: str):
    document, problems = yamlfile.parse(text, "f.yaml")
    assert [(problem.line, said in problem.sentence) for problem in problems] == [(line, True)]
    assert document is None


def test_another_encoding_is_named_with_its_line(tmp_path: Path):
    path = tmp_path / "rule.yaml"
    path.write_bytes("a: 1\nb: 盗窃\n".encode("gbk"))
    document, (problem,) = yamlfile.read(path)
    assert document is None
    assert (problem.line, problem.sentence) == (2, "this is not UTF-8 text: save the file as UTF-8")
