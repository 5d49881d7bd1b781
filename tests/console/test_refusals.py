"""Whoever reads in Chinese is refused in Chinese: every sentence, read from where it is written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from engine.cli import _said
from engine.console import deed, drafting, refusals
from engine.console.pages import settings
from engine.console.public import answer
from engine.cycle import drilling
from engine.duty import refusal, response, said, task
from engine.errors import ActRefused, StoreError
from engine.model.warning import Issuer
from engine.staff import accounts, elsewhere, password, tokens

#: Of acts, and of what administrators and analysts do on pages.
MODULES = (
    refusal, response, said, task, drilling, deed, answer, accounts, tokens, password, elsewhere, settings,
    drafting,
)  # fmt: skip
#: Parts of sentences, and what says nothing before its parts are put in: `test_what_is_put_in`.
PARTS = {
    "the officer on duty", "a moment nobody knows", "not under way",
    "7 needs 7; say --as leader where you are one", "the 7 has 7 characters, 7 at most; shorten it",
}  # fmt: skip


def sentences(module: ModuleType) -> Iterator[str]:
    """What a module yields, returns or raises as a sentence, with sevens for its facts."""
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
        match node:
            case ast.Raise(exc=ast.Call(func=ast.Name(id="ActRefused" | "UsageError" | "Busy"), args=[text])):
                yield plain(text)
            case ast.Expr(value=ast.Yield(value=text)) | ast.Return(value=text):
                for one in [text.body, text.orelse] if isinstance(text, ast.IfExp) else [text]:
                    yield plain(one)


def plain(node: ast.expr | None) -> str:
    """The words of a text; nothing of what is none."""
    match node:
        case ast.Constant(value=str(words)):
            return words
        case ast.JoinedStr(values=parts):
            return "".join(plain(part) if isinstance(part, ast.Constant) else "7" for part in parts)
    return ""


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_no_refusal_is_left_in_english(module: ModuleType) -> None:
    found = {one for one in sentences(module) if re.search("[a-z]+ [a-z]+", one)} - PARTS
    assert found, "nothing was read"
    assert {one for one in found if re.search("[a-z]{4}", refusals.refusal(one, "zh"))} == set()


@pytest.mark.parametrize(
    "said_",
    [
        *(f"red needs {refusal._whom(who)}; say --as leader where you are one" for who in Issuer),
        *(f"the {what} has 2,001 characters, 2,000 at most; shorten it" for what in ("name", "reason")),
        *(f"{words}; say --why" for words in task._WORDS.values()),
        "'a/b' is running already", "'a/b' is not under way: there is nothing to stand down",
    ],
)  # fmt: skip
def test_what_is_put_in(said_: str) -> None:
    assert not re.search("[a-z]{4}", refusals.refusal(said_, "zh"))


def test_at_the_command_line_too_with_what_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    error = ActRefused("orange needs a leader; say --as leader where you are one")
    assert _said(error) == str(error)
    monkeypatch.setenv("FOREWARN_LANGUAGE", "zh")
    assert _said(error) == "须由负责人签发。（--as leader）"
    assert _said(StoreError("the disk is full")) == "the disk is full"
