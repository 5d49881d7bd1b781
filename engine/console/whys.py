"""The tree of a *why* for whoever reads in Chinese: the engine writes its lines in English, in some forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from re import Match

from engine.console import words
from engine.cycle.why import Node
from engine.cycle.world import World
from engine.model.grade import COLOURS, RUNGS
from engine.model.rule import Rule
from engine.model.warning import Step
from engine.notify import factor
from engine.notify.cause import cause
from engine.notify.detail import detail
from engine.notify.fact import facts
from engine.notify.pattern import pattern
from engine.notify.reason import reason

_HELD = {"held": "成立", "not held": "不成立", "unknown": "无法判断"}
_CONFIDENCE = {"high": "高", "medium": "中", "low": "低"}
_FACTS = {"observed": "观测", "needs": "标准", "expected": "常态", "chance": "偶然概率"}
_GRADES = {grade.word: COLOURS[grade].zh for grade in RUNGS} | {"none": "无"}
_AT = r"\d{4}-\d\d-\d\d \d\d:\d\d"
_IS = "|".join(_HELD)


@dataclass(frozen=True)
class Names:
    """What areas and categories are called in Chinese, by what the tree calls them."""

    areas: Mapping[str, str]
    categories: Mapping[str, str]
    topics: Mapping[str, str]
    rules: tuple[Rule, ...]

    def chinese(self, node: Node) -> Node:
        """The same tree with its lines in Chinese; a line of no form stands as it is."""
        below = [self.chinese(one) for one in node.get("because", ())]
        return {**node, "say": self._line(node["say"]), "because": below}

    def _line(self, said: str) -> str:
        for form, make in self._forms:
            if found := form.fullmatch(said):
                return make(found)
        return said

    @cached_property
    def _forms(self) -> list[tuple[re.Pattern[str], Callable[[Match[str]], str]]]:
        return [(re.compile(form, re.DOTALL), make) for form, make in self._rows()]

    def _rows(self) -> Iterator[tuple[str, Callable[[Match[str]], str]]]:
        yield r"what happened", lambda _: "过程"
        yield rf"(\S+) in (.+) \((\S+)\), as known at ({_AT})", lambda f: (
            f"{self.areas.get(f[2], f[2])}（{f[3]}）{self.topics.get(f[1], f[1])}，截至{f[4]}所知"
        )
        yield (
            r"(.+) in (.+) \((\S+)\): (lifted, last )?(\S+), score (\S+), confidence (\S+?)(?: \((.+)\))?"
        ), self._warning
        yield r"(\S+) found (\S+) in (\S+) (\S+) \(rule text (\S+)\)", lambda f: (
            f"{_period(f[3], f[4])}，规则{f[1]}命中{_grade(f[2])}（规则文本{f[5]}）"
        )
        yield r"(\S+) at (\S+) (\S+)(?: \(rule text (\S+)\))?", lambda f: (
            f"{_period(f[2], f[3])}，规则{f[1]}" + (f"（规则文本{f[4]}）" if f[4] else "")
        )
        yield r"(\S+): judged at once, .+", lambda f: f"{f[1]}：一旦获知事件，即时研判"
        yield r"(\S+): its patterns do not .+", lambda f: f"{f[1]}：各项条件在此未同时出现"
        yield r"(\S+) is blind: (not heard for longer than .+)", lambda f: f"{f[1]}中断：{detail(f[2], 'zh')}"
        yield rf"({_AT}) (\S+): (\S+) -> (\S+), (.*) \[(.*)\]", self._step
        yield r"(\d+) of (\d+) such warnings came true within (\d+) days?: (.+)", lambda f: (
            f"此类预警{f[2]}次中有{f[1]}次在{f[3]}天内应验：{_share(f[4])}"
        )
        yield r"observed (\S+) (on|from) (.+); data: (.+)", lambda f: (
            f"{_when(f[3])}观测到{f[1]}起；数据：{_data(f[4])}"
        )
        yield r"reported (\S+), estimated (\S+) (on|from) (.+); data: (.+)", lambda f: (
            f"{_when(f[4])}已报{f[1]}起，估计{f[2]}起；数据：{_data(f[5])}"
        )
        yield (
            r"baseline: (\d+) of (\d+) earlier blocks? known(?:, (\d+) of them scaled from (\S+) % of their "
            r"days)?, mean (\S+), the last: (.*)"
        ), lambda f: (
            f"基线：此前{f[2]}个时段中{f[1]}个有数据" + (f"，其中{f[3]}个按{f[4]}%的天数折算" if f[3] else "")
            + f"，均值{f[5]}，最近：{f[6]}"
        )  # fmt: skip
        yield rf"({'|'.join(_GRADES)}): ({_IS})(?: \(\+(\S+) more to \S+\))?", lambda f: (
            f"{_grade(f[1])}：{_HELD[f[2]]}" + (f"（还差{f[3]}）" if f[3] else "")
        )
        yield rf"alternative (\d+) of (\d+): ({_IS})", lambda f: f"备选条件{f[1]}/{f[2]}：{_HELD[f[3]]}"
        yield rf"chance: ({_IS})(?: \((.+)\))?", lambda f: (
            f"概率：{_HELD[f[1]]}" + (f"（{cause(f[2], 'zh')}）" if f[2] else "")
        )
        yield rf"chance: ({_IS}), (.+) within (\S+), needs (.+)", lambda f: (
            f"概率：{_HELD[f[1]]}，{factor.span(f[3])}内{_share(f[2])}，标准{_share(f[4])}"
        )
        yield r"(.+ %) on a usual day in a usual place", lambda f: f"平常日、平常地区为{_share(f[1])}"
        yield r"(.+): (\S+) times the odds", lambda f: (
            f"{factor.FACTORS.get(f[1], f[1])}：胜算为平常的{f[2]}倍"
        )
        yield r"learned on (\S+) from (\d+) horizons, of which (\d+) came true", lambda f: (
            f"{f[1]}由{f[2]}个预报时段学得，其中{f[3]}个应验"
        )
        yield rf"on: ({_IS}) \(day (\S+)\)", lambda f: f"on：{_HELD[f[1]]}（{f[2]}）"
        yield rf"([a-z_]+): ({_IS})(?:, needs (\S+))? \((.+)\)", lambda f: (
            f"{f[1]}：{_HELD[f[2]]}" + (f"，标准{f[3]}" if f[3] else "") + f"（{facts(f[4])}）"
        )
        yield (
            r"near_repeat: observed (\S+), chance (\S+) \(alpha (\S+), pairs (\S+), pairs_expected (\S+), "
            r"within (\S+), days (\S+), incidents (\S+), with_points (\S+)\)"
        ), lambda f: (
            f"near_repeat：观测{f[1]}，相距{f[6]}、{f[7]}天以内有{f[4]}对，偶然约{f[5]}对，偶然概率{f[2]}"
            f"（标准{f[3]}；{f[8]}起中{f[9]}起坐标足够精确）"
        )
        yield rf"(.+): ({_IS})(?: in (.+))?", lambda f: (
            f"{_pattern(f[1])}：{_HELD[f[2]]}" + (f"（{f[3].replace(', ', '、')}）" if f[3] else "")
        )
        yield r"confidence (\S+)(?: \((.+)\))?", lambda f: (
            f"可信度{_CONFIDENCE.get(f[1], f[1])}" + (f"（{cause(f[2], 'zh')}）" if f[2] else "")
        )
        yield r"(\S+): (observed \S+?(?:, [^()]*)?)(?: \((.+)\))?", lambda f: (
            f"{f[1]}：{_signal(f[2])}" + (f"（{facts(f[3])}）" if f[3] else "")
        )
        yield r"([\d,]+) incidents? counted", lambda f: f"共{f[1]}起事件"
        yield r"(\S+) incidents \(sensitive: none is shown\)", lambda f: f"{f[1]}起事件（敏感类别，不予列出）"
        yield r"\.\.\. and (\d+) more", lambda f: f"另有{f[1]}起"
        yield rf"({_AT}) (\S+) in (.+) \((\S+) (.+), revision (\d+), known ({_AT})\)(.*)", self._incident

    def _warning(self, found: Match[str]) -> str:
        title, area, code, lifted, grade, score, sure, doubt = found.groups()
        titles = {rule.title.en: rule.title.say("zh") for rule in self.rules}
        said = f"{self.areas.get(area, area)}（{code}）{titles.get(title, title)}："
        said += f"已解除，解除前{_grade(grade)}" if lifted else _grade(grade)
        said += f"，评分{score}，可信度{_CONFIDENCE.get(sure, sure)}"
        return said + (f"（{cause(doubt, 'zh')}）" if doubt else "")

    def _step(self, found: Match[str]) -> str:
        at, step, before, after, why, by = found.groups()
        said = words.STEPS[Step(step)].say("zh") if step in set(Step) else step
        return f"{at} {said}：{_grade(before)}→{_grade(after)}，{reason(why, self.rules, 'zh')}［{by}］"

    def _incident(self, found: Match[str]) -> str:
        at, category, where, feed, id_, revision, known, also = found.groups()
        places = "、".join(self.areas.get(one, one) for one in where.split(", "))
        more = re.sub(r", also told by (\S+) \((.+?)\)", r"；\1也有报告（\2）", also)
        named = self.categories.get(category, category)
        return f"{at} {places} {named}（{feed} {id_}，第{revision}版，{known}获知）{more}"


def names_of(world: World) -> Names:
    """What a world's configuration calls things."""
    settings = world.settings
    areas = {one.name.en: one.name.say("zh") for one in settings.tree}
    categories = {code: one.title.say("zh") for code, one in settings.taxonomy.categories.items()}
    topics = {code: one.title.say("zh") for code, one in settings.topics.items()}
    return Names(areas, categories, topics, tuple(world.book.rules.values()))


def _grade(word: str) -> str:
    return _GRADES.get(word, word)


def _share(said: str) -> str:
    return said.replace(" to ", "至").replace("over", "超过")


def _period(cycle: str, key: str) -> str:
    return f"{words.CYCLES[cycle].say('zh')}{key}" if cycle in words.CYCLES else f"{cycle} {key}"


def _when(stretch: str) -> str:
    return stretch.replace(" to ", "至")


def _data(state: str) -> str:
    return words.STATES[state].say("zh") if state in words.STATES else state


def _pattern(said: str) -> str:
    return f"未见{pattern(said.removeprefix('no '), 'zh')}" if said.startswith("no ") else pattern(said, 'zh')


def _signal(said: str) -> str:
    for english, chinese in _FACTS.items():
        said = re.sub(rf"\b{english} (?=\S)", f"{chinese}", said, count=1)
    return said.replace(", ", "，").replace("nothing", "无数据")
