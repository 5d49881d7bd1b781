"""Why a record or a source cannot be read, in Chinese: whatever connectors and the mapping say of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import RecordError
from engine.notify.detail import detail
from engine.notify.unreadable import SENTENCES

ROOT = Path(__file__).parents[2]
#: What is no source: proposals for a mapping, files of the configuration, plug-ins.
NOT = {"manual.py", "plugin.py", "sniff.py", "topojson.py", "areas.py", "truth.py", "geometry.py"}
SAID = {
    "'typ' holds 'Brannd', which is not in the mapping's table (did you mean 'Brand'?)":
        "“typ”为'Brannd'，映射表中没有（是否指“Brand”？）",
    "no area is called 'Ås'": "没有名为“Ås”的区域",
    "'plats' holds 'x', which is no moment as mapped": "“plats”为'x'，不符合映射规定的时间写法",
    "3 values where there are 4 columns": "有3个值，而表有4列",
    "https://example.org/a.xml: larger than 64 MB; raise max_mb if that is right":
        "https://example.org/a.xml：大于64 MB；若无误，请调高max_mb",
    "2 polls in a row failed: log.csv: there is no such file; check the feed's path; mend the source or its "
    "entry in config/feeds.yaml; it is polled again by itself":
        "连续2次采集失败：log.csv：文件不存在；请检查数据源的路径；请检查来源或config/feeds.yaml中的条目；"
        "系统会自动重试",
    "a.xml: not XML: no element found: line 1, column 0; ask the source to mend it":
        "a.xml：不是XML：no element found: line 1, column 0；请来源修正",
    "no area of the level town lies in the shape; it would if its latitudes were longitudes: ask the source":
        "图形内没有镇级区域；若经纬度颠倒则有：请联系来源",
}  # fmt: skip


@pytest.mark.parametrize("said", SAID)
def test_it_is_said_in_the_readers_language(said: str) -> None:
    assert detail(said, "en") == said
    assert detail(said, "zh") == SAID[said]


def test_a_reason_that_was_stored_before_reads_as_one_of_today() -> None:
    stored = str(RecordError("there is no area with the code '…'…", "0199", " (did you mean '0191'?)"))
    assert detail(stored, "zh") == "没有代码为“0199”的区域（是否指“0191”？）"


def _pieces(path: Path) -> Iterator[str]:
    """The words of every sentence that a reading module raises, or brings as a broken record."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in ("FeedError", "RecordError", "Broken", "Reason"):
            for given in node.args:
                for part in ast.walk(given):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield from re.split("[…;{}]|polls: |, parameter: ...", part.value)


FILES = [*(ROOT / "connectors").rglob("*.py"), *(ROOT / "engine" / "ingest").glob("*.py")]


@pytest.mark.parametrize("path", [one for one in FILES if one.name not in NOT], ids=lambda path: path.name)
def test_no_sentence_of_a_connector_or_of_the_mapping_is_forgotten(path: Path) -> None:
    known = "\n".join(re.sub(r"\{(\w+)[^}]*\}", "", said) for said in SENTENCES.table) + "\nask the source"
    plain = (re.sub(r"^'|'$", "", piece.strip(" :,.`(<>{")).strip() for piece in _pieces(path))
    words = {piece for piece in plain if re.search(r"[a-z]{2} [a-z]{2}", piece)}
    assert [one for one in sorted(words) if one not in known] == []


def test_every_slot_of_the_english_is_one_of_the_chinese() -> None:
    for english, chinese in SENTENCES.table.items():
        slots = [set(re.findall(r"\{(\w+)[:}]", said)) for said in (english, chinese)]
        assert slots[1] <= slots[0], english
