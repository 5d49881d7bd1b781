"""Why tests of rules and routes fail, in Chinese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli import forewarn
from engine.cli.verdicts import line
from tests.story import county

GIVEN = "given: {incidents: [{area: T1, category: property.burglary, on: 2026-03-05..2026-03-07}]}"
TESTS = f"""
    tests:
      - {{name: grade, {GIVEN}, at: 2026-03-08, expect: {{T1: yellow}}}}
      - {{name: change, {GIVEN}, at: 2026-03-08, expect: {{T1: {{grade: blue, change: lifted}}}}}}
      - {{name: told, {GIVEN}, at: 2026-03-08, expect: {{T1: {{grade: blue, notified: []}}}}}}
      - {{name: which, given: {{}}, at: 2026-03-08, expect: {{T1: {{signals: [at_least]}}}}}}
"""
#: Every form of the lines, as the engine writes them.
LINES = {
    "T1: expected yellow, found none": "T1：应为黄色，实为无",
    "T1: expected change lifted, found change issued": "T1：应为变化解除，实为变化发布",
    "T1: expected signals rare, found signals at_least and rare":
        "T1：应为成立的检验rare，实为成立的检验at_least、rare",
    "T1: expected duty, found nobody": "T1：应为duty，实为无人",
    "  observed 2 from 2026-03-09 to 2026-03-11 (observed)": "  2026-03-09至2026-03-11观测到2起（已观测）",
    "  observed 0 on 2026-03-11 (observed zero)": "  2026-03-11观测到0起（已观测，无）",
    "  orange not held: at_least needs 6; rare needs 5 where 1.2 is usual":
        "  橙色不成立：at_least标准6；rare标准5（常态1.2）",
    "  red unknown: trend cannot tell; any of on holds with rare needs 2, or alert does not hold":
        "  红色无法判断：trend无法判断；任一：on成立且rare标准2，或alert不成立",
    "  finding on burglary, yellow or worse: T1 (2026-03-10), T2 (2026-03-11); nobody could see T3":
        "  burglary的命中（黄色及以上）：T1 (2026-03-10)、T2 (2026-03-11)；无法判断：T3",
    "  raw finding of a.b: nowhere": "  规则a.b的原始命中：无",
    "  nothing became known there that the rule counts": "  当地没有该规则统计的事件",
    "  a silence mutes it": "  被静默", "  the route all leads to duty and town": "  路由all通知duty、town",
}  # fmt: skip


@pytest.mark.parametrize("said", LINES)
def test_a_line_of_why_a_test_failed_is_chinese(said: str) -> None:
    assert line(said) == LINES[said]


def test_what_fails_is_told_in_chinese(tmp_path: Path) -> None:
    root = county.build(tmp_path / "county")
    path = root / "rules/burglary.yaml"
    text = path.read_text(encoding="utf-8")
    tested = text.replace("    measures: [patrols]\n", f"    measures: [patrols]{TESTS}", 1)
    path.write_text(tested, encoding="utf-8")
    done = CliRunner().invoke(forewarn, ["--language", "zh", "--root", str(root), "rules", "test"])
    assert done.exit_code == 1, getattr(done.exception, "told", done.output)
    lines = [one for one in done.output.splitlines() if one.startswith("    ")]
    assert len(lines) >= 4
    plain = re.sub(r"at_least|rare|duty|T\d|[\d.:-]+", "", "".join(lines))
    assert re.findall("[A-Za-z]{2,}", plain) == []
