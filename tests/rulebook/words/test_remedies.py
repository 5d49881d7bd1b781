"""What to do about a mistake is said in Chinese, of every check and every broken file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.model.problem import Problem
from engine.rulebook.checks import EACH, TOGETHER
from engine.rulebook.context import Context
from engine.rulebook.load import check
from engine.rulebook.words import remedies
from engine.rulebook.words.mistakes import CHINESE, in_chinese

BROKEN = sorted((Path(__file__).parents[2] / "data" / "broken_rules").glob("*.yaml"))
#: Names, and what is to be typed: in quotation marks, or made of more than small letters.
_TYPED = re.compile(r"`[^`]*`|'[^']*'|“[^”]*”|[\w./>-]*[\d._/>-][\w./>-]*")
#: Words of the rule language and names of the tests' own country, which stand as they are.
_PLAIN = re.compile(r"[a-z]+(?=[、；：，。为需（）]|$)|(?<=[、：为加源请从按])[a-z_]+|YAML|rare|alpha")


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_no_english_sentence_is_left(path: Path, context: Context) -> None:
    for problem in check(path, context)[1]:
        said = remedies.in_chinese(problem.sentence)
        assert said is not None, problem.sentence
        assert re.search("[\u4e00-\u9fff]", said), said
        left = _PLAIN.sub(" ", _TYPED.sub(" ", said))
        assert not re.search(r"[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}", left), said
        assert CHINESE[problem.name] not in ("", said)


def test_a_sentence_of_nobody_is_none() -> None:
    assert remedies.in_chinese("the moon is made of cheese") is None


def test_what_is_wrong_with_a_day_is_said_and_of_what_has_no_chinese_the_english() -> None:
    for said, shown in (
        ("review_by: day is out of range for month (found '2027-06-31')", "`review_by`：该月没有这一天"),
        ("the moon is made of cheese", "the moon is made of cheese"),
    ):
        problem = Problem("rules/a.yaml", 9, said, "schema")
        assert in_chinese(problem).startswith(f"{CHINESE['schema']}：{shown}")


def test_whose_pack_a_rule_is_of_is_said_too() -> None:
    said = remedies.in_chinese(
        "'owner' is missing: say which desk answers for this rule; "
        "'a.b' of pack x is tuned in config/packs.yaml:3"
    )
    assert said == "缺少'owner'：请写明由哪个部门负责；“a.b”在config/packs.yaml:3中调整"


#: What a check passes on from elsewhere: the lack of a model, the fitness of a baseline.
_PASSED_ON = {
    "chance-unlearned", "baseline-unfit", "charter", "realised-rate", "hardly-fires", "correlation-limit",
}  # fmt: skip
#: What fills a slot, and is told part by part.
_PARTS = {"same or neighbours", "parent or ancestors"}


@pytest.mark.parametrize("name", sorted({**EACH, **TOGETHER}))
def test_what_a_check_could_say_is_in_the_table(name: str) -> None:
    """Every longer text of a check's own module, whatever file could bring it about."""
    module = {**EACH, **TOGETHER}[name]
    if name in _PASSED_ON or module.__file__ is None:
        return
    source = Path(module.__file__).read_text(encoding="utf-8").partition("def check")[2]
    known = "\n".join(re.sub(r"\{[^}]*\}", "", said) for said in remedies.SAID.table)
    code = re.sub(r'"""(?:.|\n)*?"""|#.*', "", source)
    for text in re.findall(r'"((?:[^"\\\n])*)"', code):
        for part in re.split(r"\{[^}]*\}", text):
            words = re.sub("^d(?=[ ,])", "", part).strip(" :;,'()")
            if words in _PARTS:
                continue
            assert not re.search("[a-z]{2} [a-z]+ [a-z]{2}", words) or words in known, words
