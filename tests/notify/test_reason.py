"""Every reason that the engine gives, in Chinese; and what people wrote, as they wrote it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.model.grade import Grade
from engine.model.text import Text
from engine.model.warning import Change, Step
from engine.notify.pattern import pattern
from engine.notify.reason import UNANSWERED, of_change, reason
from engine.warn import reconcile
from tests.story.timeline import story

RULES: list[Any] = [
    SimpleNamespace(title=Text("Burglary surge", "盗窃激增")),
    SimpleNamespace(title=Text("Fire: stores", "仓库：火情")),
]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("", ""),
        ("Burglary surge: 7 in 7 days where 2.1 would be usual (orange from 6)",
         "盗窃激增：7天内7起，常态约2.1（橙色标准：6）"),
        ("Burglary surge: 3 in 1 day (blue holds)", "盗窃激增：1天内3起（已达蓝色标准）"),
        ("Burglary surge: 2.5 in 24 hours", "盗窃激增：24小时内为2.5"),
        ("Fire: stores: its thresholds are met", "仓库：火情：已达阈值"),
        ("Burglary surge: thefts in 2 areas (T1, T2); no fires",
         "盗窃激增：thefts，涉及2个地区（T1, T2）；未见fires"),
        ("Burglary surge: finding on burglary in 3 areas (T1, T2, T3)",
         "盗窃激增：burglary的命中，涉及3个地区（T1, T2, T3）"),
        (("Burglary surge: raw finding of a.b (raw tests rare, ears), by town in 1 area (T1); "
          "no finding of c.d, orange or worse"),
         ("盗窃激增：规则a.b的原始命中（原始检验rare、ears，按镇），涉及1个地区（T1）；"
          "未见规则c.d的命中（橙色及以上）")),
        ("Burglary surge: incident of fire, theft and 2 more, 3 or more in 2 areas (T1, T2)",
         "盗窃激增：fire、theft等另2类事件（3起及以上），涉及2个地区（T1, T2）"),
        ("county.burglary still stands", "county.burglary仍然成立"),
        ("county.burglary is no longer in force", "规则county.burglary已不再使用"),
        ("Burglary surge: the rule was retired (few came)", "盗窃激增：规则已停用"),
        ("Burglary surge: the rule is a draft again", "盗窃激增：规则已退回草案"),
        ("Burglary surge: the rule judges at once now, and only what becomes known",
         "盗窃激增：规则现改为即时研判，只看新获知的情况"),
        ("Burglary surge: 'T9' is no longer an area", "盗窃激增：“T9”已不在地区目录内"),
        ("Burglary surge: the rule judges each town now, no county",
         "盗窃激增：规则现按镇研判，不再按地区"),
        ("Burglary surge: the rule is on trial now and warns nobody", "盗窃激增：规则现为试运行，不发预警"),
        ("Burglary surge: the rule warns of 'theft' now", "盗窃激增：规则现对应风险“theft”"),
        ("Burglary surge: what it rested on was taken back or corrected",
         "盗窃激增：所依据的情况已撤回或更正"),
        ("Burglary surge: has had its time and nothing new came; no finding stands any more",
         "盗窃激增：时限已到，且无新情况；已无规则命中"),
        ("Burglary surge: the time of red is up", "盗窃激增：红色时限已到"),
        ("Burglary surge: the rule, or what its categories hold, was changed; as it reads now it is blue",
         "盗窃激增：规则或其类别内容已调整；按现行规则为蓝色"),
        ("Burglary surge: below its thresholds again; no finding stands any more",
         "盗窃激增：已回落至阈值以下；已无规则命中"),
        (("Burglary surge: no data to judge it by for over 28 days (log: silent since 2026-03-02 08:00; "
         "log: 2 of 9 reports of 2026-03-01 could not be read)"),
         ("盗窃激增：超过28天无数据可供研判（log：自2026-03-02 08:00起没有消息；"
         "log：2026-03-01的9份报告中有2份无法读取）")),
        ("what a person decided is over; county.burglary still stands",
         "人工决定已到期；county.burglary仍然成立"),
        ("overtakes orange; Burglary surge: 9 in 7 days (red from 8)",
         "取代原拟的橙色；盗窃激增：7天内9起（红色标准：8）"),
        ("Burglary surge: 9 in 7 days (red from 8) (nobody answered in time, not yet approved)",
         "盗窃激增：7天内9起（红色标准：8）（逾时无人答复，尚未批准）"),
        (("held: log: told nothing new from 2026-03-02 08:00 to 2026-03-04 09:00; log, other: all reports"
         " placed only at county level since 2026-03-01"),
         ("情况不明，维持原级：log：2026-03-02 08:00至2026-03-04 09:00没有新消息；"
         "log、other：自2026-03-01起全部报告仅定位到地区级")),
        ("held: log: nobody listened since 2026-03-02 08:00",
         "情况不明，维持原级：log：自2026-03-02 08:00起无人接收"),
        ("of a form that nobody knows", "of a form that nobody knows"),
    ],
)  # fmt: skip
def test_each_form_is_told_in_chinese(english: str, chinese: str) -> None:
    assert reason(english, RULES, "zh") == chinese
    assert reason(english, RULES, "en") == english


def change(by: str, words: str) -> Change:
    return Change(
        warning="w", step=Step.LIFTED, at=datetime(2026, 3, 2, tzinfo=UTC), before=Grade.BLUE,
        after=Grade.NONE, reason=words, by=by,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("by", "words", "said"),
    [
        ("daily/2026-03-02", "county.burglary still stands", "county.burglary仍然成立"),
        ("20260302T080000Z-lift-1", "no patrols", "no patrols"),
        ("20260302T080000Z-lift-1@d20260303", "exercise", "exercise"),
        ("20260302T080000Z-lift-1", "a person's lift", "人工解除"),
        ("20260302T080000Z-raise-1", f"smoke{UNANSWERED}", "smoke（逾时无人答复，尚未批准）"),
    ],
)
def test_what_a_person_wrote_stays(by: str, words: str, said: str) -> None:
    assert of_change(change(by, words), RULES, "zh") == said


def test_both_say_alike_that_nobody_answered() -> None:
    assert f" ({reconcile.UNANSWERED})" == UNANSWERED


def test_what_a_service_says_of_a_life_holds_no_english(tmp_path: Path) -> None:
    with story(tmp_path, receivers={"centre": "language: zh, "}) as told:
        told.push("T1", "burglary", 4)
        told.push("T2", "explosion", 2)
        for moment in ("2 08:00", "3 08:00", "4 08:00"):
            told.at(moment)
        lines = told.command("forewarn warnings list --all --format json").output
        assert lines.count('"id"') == 2
        said = [one["text"] for one in told.post.got["centre"]]
        whys = [line for text in said for line in text.splitlines() if line.startswith("原因：")]
        assert len(whys) >= 2
        ours = re.compile(r"Burglaries|Explosions|[TC]\d?")
        assert [line for line in whys if re.search("[A-Za-z]{3}", ours.sub("", line))] == []


def test_what_a_correlation_looks_for_is_called_by_its_names() -> None:
    titled = SimpleNamespace(title=Text("Explosion", "爆炸"))
    of: Any = SimpleNamespace(
        taxonomy=SimpleNamespace(categories={"violence.explosion": titled}), rules={"a.wave": titled},
        topics={"explosions": titled},
    )  # fmt: skip
    for english, chinese in (
        ("incident of violence.explosion, fire, by municipality", "爆炸、fire事件（按市镇）"),
        ("finding on explosions, yellow or worse", "爆炸的命中（黄色及以上）"),
        ("raw finding of a.wave", "规则爆炸的原始命中"), ("something else", "something else"),
    ):  # fmt: skip
        assert pattern(english, "zh", of) == chinese
        assert pattern(english, "en", of) == english
