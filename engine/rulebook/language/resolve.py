"""A written rule -> the rule the engine judges: every name looked up, nothing left open."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from datetime import date, timedelta
from enum import Enum
from typing import Any

from engine.detect import alert, chance, on
from engine.detect.evaluate import params
from engine.model.grade import Grade
from engine.model.period import Cycle
from engine.model.rule import Combine, Correlation, Measure, Pattern, Rule, RuleBook, Rung, See, Test, Window
from engine.model.text import Text
from engine.rulebook.context import Context
from engine.rulebook.language import schema
from engine.rulebook.language.notation import CalendarMonth
from engine.rulebook.language.schema import Correlate, CorrelationRule, MeasureChoice, ThresholdRule, Words
from engine.rulebook.language.source import Source, indicator_of

DAY = timedelta(days=1)
#: Fields that say where, by whom and after whom a rule is kept; they change nothing that is judged or told.
_UNHASHED = (
    "hash", "meaning", "path", "line", "owner", "review_by", "pack", "false_alarms", "references",
)  # fmt: skip
#: Fields that are shown or asked for, and change nothing that is judged.
_SAID = ("title", "why", "measures", "horizon")


def resolve(source: Source, context: Context) -> Rule:
    """The rule of a source in which no check found an error."""
    written = source.written
    rule = Rule(
        id=written.id, title=_text(written.title), domain=written.domain, topic=written.topic,
        cycle=written.cycle, level=written.level, areas=areas_of(written, context),
        status=written.status, owner=written.owner or "", review_by=written.review_by,
        why=_text(written.why), false_alarms=_text(written.false_alarms),
        references=tuple(written.references), cool_down=written.cool_down, horizon=written.for_,
        measures=tuple(_measure(choice, context) for choice in written.measures),
        path=source.path, line=source.document.line(), pack=source.pack,
    )  # fmt: skip
    if isinstance(written, ThresholdRule):
        rule = _threshold(rule, source, written, context)
    else:
        rule = _correlation(rule, source, written, context)
    return identified(rule)


def identified(rule: Rule) -> Rule:
    """The rule with the fingerprints of what it says now."""
    return dataclasses.replace(rule, hash=fingerprint(rule), meaning=fingerprint(rule, *_SAID))


def book(rules: Iterable[Rule]) -> RuleBook:
    """The rules by id, with one hash over all of them."""
    known = {rule.id: rule for rule in sorted(rules, key=lambda rule: rule.id)}
    text = json.dumps([[rule.id, rule.hash, rule.status] for rule in known.values()])
    return RuleBook(known, hashlib.sha256(text.encode()).hexdigest()[:16])


def fingerprint(rule: Rule, *but: str) -> str:
    """SHA-256 (16 digits) over everything that decides what the rule finds and what it then says, but for
    the fields named."""
    shown = {
        field.name: getattr(rule, field.name) for field in dataclasses.fields(rule)
        if field.name not in _UNHASHED and field.name not in but and not _unused(rule, field)
    }  # fmt: skip
    text = json.dumps(_plain(shown), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    """Plain JSON values in a fixed order."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        used = (f for f in dataclasses.fields(value) if not _unused(value, f))
        return {f.name: _plain(getattr(value, f.name)) for f in used}
    if isinstance(value, dict):
        return {str(key): _plain(of) for key, of in value.items()}
    if isinstance(value, frozenset):
        return sorted(_plain(of) for of in value)
    if isinstance(value, tuple):
        return [_plain(of) for of in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.isoformat() if isinstance(value, date) else value


def _unused(value: Any, of: dataclasses.Field[Any]) -> bool:
    """Whether it is a field that came later, and says nothing."""
    return bool(of.metadata.get("later")) and getattr(value, of.name) == of.default


def _threshold(rule: Rule, source: Source, written: ThresholdRule, context: Context) -> Rule:
    indicator, whole = written.indicator, written.indicator.share_of
    measure = indicator.measure or "incidents"
    counted = indicator_of(indicator.where, context, measure)
    return dataclasses.replace(
        rule,
        indicator=dataclasses.replace(
            counted, take=indicator.take, holds=indicator.holds or timedelta(0),
            older=indicator.older_than or timedelta(0),
        ),
        share_of=indicator_of(whole.where, context, measure) if whole else None,
        window=window(written),
        rungs=tuple(_rung(rung, context) for rung in source.rungs().values()),
        fdr=written.fdr, nowcast=written.nowcast,
    )  # fmt: skip


def _rung(rung: Rung, context: Context) -> Rung:
    """The rung with every name in its tests looked up."""
    ways = tuple(tests_of(way, context) for way in rung.any)
    return dataclasses.replace(rung, tests=tests_of(rung.tests, context), any=ways)


def tests_of(tests: Iterable[Test], context: Context) -> tuple[Test, ...]:
    """The tests with every name in them looked up."""
    return tuple(_looked_up(test, context) for test in tests)


def _looked_up(test: Test, context: Context) -> Test:
    if test.name == on.ID:
        calendar = context.calendars.get(str(dict(test.params)["calendar"]))
        return Test.of(test.name, **dict(test.params), days=calendar.days if calendar else None)
    if test.name == chance.ID:
        asked = params(test)
        calendar = context.calendars.get(asked.calendar)
        codes = tuple(sorted(context.taxonomy.select(asked.categories)))
        found = {"alert": codes, "days": calendar.days if calendar else None}
        return Test.of(test.name, **{**dict(test.params), **{name: of for name, of in found.items() if of}})
    if test.name != alert.ID:
        return test
    codes = tuple(sorted(context.taxonomy.select(params(test).categories)))
    return Test.of(test.name, **{**dict(test.params), "category": codes})


def window(written: ThresholdRule) -> Window:
    """Blocks of whole days, or the hours of an immediate rule."""
    if written.cycle is Cycle.IMMEDIATE:
        hours = written.window // timedelta(hours=1)
        return Window(hours=hours, lasts=written.lasts, max_age=written.max_age)
    return Window(
        days=written.window // DAY, month=isinstance(written.window, CalendarMonth),
        baseline=written.blocks(), gap=written.gap // DAY,
        lasts=written.lasts, max_age=written.max_age,
    )  # fmt: skip


def _correlation(rule: Rule, source: Source, written: CorrelationRule, context: Context) -> Rule:
    correlate = written.correlate
    rungs = tuple((Grade.named(word), number) for word, number in source.matches().items())
    correlation = Correlation(
        combine=_COMBINE[correlate.key()],
        of=tuple(_pattern(pattern, correlate, context) for pattern in correlate.patterns()),
        none=tuple(_pattern(pattern, correlate, context) for pattern in correlate.none or ()),
        within=correlate.within, scope=correlate.scope, rungs=rungs,
        ordered=correlate.ordered or correlate.after is not None, after=correlate.after or timedelta(0),
    )  # fmt: skip
    return dataclasses.replace(
        rule, correlation=correlation,
        rungs=tuple(Rung(grade, (), delay_off=written.hold) for grade, _ in rungs),
    )  # fmt: skip


_COMBINE = {"all": Combine.ALL, "any": Combine.ANY, "of": Combine.AT_LEAST}


def _pattern(written: schema.Pattern, correlate: Correlate, context: Context) -> Pattern:
    if written.incident:
        pattern = written.incident
        return Pattern(
            kind="incident", indicator=indicator_of(pattern.where, context), count=pattern.count,
            level=pattern.level or correlate.level or "",
        )  # fmt: skip
    finding = written.finding
    assert finding is not None, "the schema takes either an incident or a finding"
    return Pattern(
        kind="finding", topic=finding.topic or "", rule=finding.rule or "", grade=Grade.named(finding.grade),
        tests=tests_of(finding.test.chosen(), context) if finding.test else (),
        see=See.RAW if finding.test else finding.see,
        level=finding.level or correlate.level or "",
    )  # fmt: skip


def _measure(choice: MeasureChoice, context: Context) -> Measure:
    """The catalogue's entry, with what the rule says otherwise."""
    listed = context.catalogue[choice.code]
    return Measure(
        code=listed.code, what=listed.what, department=listed.department,
        within=choice.within or listed.within,
        grade=Grade.named(choice.grade) if choice.grade else listed.grade,
    )  # fmt: skip


def areas_of(written: schema.Rule, context: Context) -> frozenset[str] | None:
    """The areas of its level that a rule chooses; every name must be known."""
    if written.areas is None:
        return None
    tree = context.tree
    inside = [frozenset(tree.below(code)) for code in written.areas.under or ()] or [frozenset(tree.areas)]
    without = frozenset(below for code in written.areas.except_ or () for below in tree.below(code))
    return frozenset[str]().union(*inside).intersection(tree.at(written.level)) - without


def _text(words: Words | None) -> Text:
    return words.text if words else Text("")
