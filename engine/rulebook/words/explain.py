"""A rule in plain words, for whoever must decide whether it is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from engine.detect import alert, chance, change, during, on
from engine.detect.cluster import rung as cluster
from engine.detect.evaluate import params
from engine.model.area import level as called
from engine.model.indicator import Indicator
from engine.model.rule import Combine, Correlation, Pattern, Rule, Rung, Test
from engine.model.times import EVERY_DAY, WEEK, Times, clock
from engine.notify.wording import department
from engine.rulebook.context import Context
from engine.rulebook.language.notation import written_duration
from engine.rulebook.language.strictness import parameters
from engine.rulebook.words.phrases import PARTS, READ, TESTS, WORDS

#: What a scan takes for usual, beside the places' and the days' own shares.
_USUAL = {"poisson": "by inhabitants", "bernoulli": "within the whole"}
#: The one area that holds all others.
_TOP = "country"
#: So many categories are named; the rest is counted.
_NAMED = 4
#: And so many areas.
_AREAS = 8


def explain(rule: Rule, language: str = "en", context: Context | None = None) -> str:
    """The rule in sentences, in `en` or `zh`; with a context, categories and topics have their titles."""
    return "\n".join(_Teller(rule, language, context).lines())


class _Teller:
    """One rule told in one language."""

    def __init__(self, rule: Rule, language: str, context: Context | None) -> None:
        self.rule, self.language, self.context = rule, language, context
        self.parts, self.words = PARTS[language], WORDS[language]

    def lines(self) -> Iterator[str]:
        rule = self.rule
        title, status = rule.title.say(self.language), self.words[rule.status]
        yield self.say("head", title=title, id=rule.id, status=status)
        yield from self._correlation(rule.correlation) if rule.correlation else self._threshold()
        yield self.say("ahead", span=self._span(timedelta(days=rule.ahead)))
        yield from self._steadiness()
        if rule.measures:
            yield self.parts["measures"]
        for measure in rule.measures:
            yield self.say(
                "measure", what=measure.what.say(self.language),
                department=department(measure.department).say(self.language),
                within=self._span(measure.within), grade=self.words[measure.grade.word],
            )  # fmt: skip
        if rule.why.en:
            yield self.say("why", why=rule.why.say(self.language))
        if rule.false_alarms.en:
            yield self.say("false alarms", why=rule.false_alarms.say(self.language))
        if rule.references:
            yield self.say("references", of=self.parts["parts"].join(rule.references))

    def say(self, part: str, **facts: object) -> str:
        return self.parts[part].format(**facts)

    def _threshold(self) -> Iterator[str]:
        rule, window = self.rule, self.rule.window
        assert rule.indicator is not None
        span = "month" if window.month else "hours" if window.hours else "day" if window.days == 1 else "days"
        counts = rule.indicator.measure == "incidents" and rule.indicator.adds
        older = rule.indicator.older
        yield self.say(
            "count" if counts else rule.indicator.take.value,
            older=self.say("older", span=self._span(older)) if older else "", cycle=self.words[rule.cycle],
            where=self._where(), what=self._incidents(rule.indicator),
            window=self.say(span, hours=window.hours, days=window.days), measure=rule.indicator.measure,
        )  # fmt: skip
        if rule.indicator.holds:
            yield self.say("holds", span=self._span(rule.indicator.holds))
        if window.baseline:
            part = "baseline of days" if window.days == 1 else "baseline"
            part = "baseline of months" if window.month else part
            yield self.say(part, blocks=window.baseline, days=window.days)
        if window.gap:
            yield self.say("gap", gap=window.gap)
        if rule.share_of:
            yield self.say("share", what=self._incidents(rule.share_of))
        yield from (self._rung(rung) for rung in rule.rungs)

    def _rung(self, rung: Rung) -> str:
        delay = self.say("delay", number=rung.delay_on) if rung.delay_on > 1 else ""
        return self.say("rung", grade=self.words[rung.grade.word], tests=self._conditions(rung), delay=delay)

    def _conditions(self, rung: Rung) -> str:
        """What must hold, and the alternatives of which one must."""
        said = [self._test(test) for test in rung.tests]
        if rung.any:
            said.append(self.say("any of", ways=self.parts["or"].join(self._way(way) for way in rung.any)))
        return self.parts["and"].join(said)

    def _way(self, tests: Sequence[Test]) -> str:
        return self._test(tests[0]) if len(tests) == 1 else self.say("together", tests=self._tests(tests))

    def _steadiness(self) -> Iterator[str]:
        rule = self.rule
        holds = {rung.delay_off for rung in rule.rungs}
        if not rule.window.hours and max(holds, default=1) > 1:
            yield self.say("hold", number=max(holds))
        if rule.window.hours:
            lasts, oldest = self._span(rule.window.lasts), self._span(rule.window.max_age)
            yield self.say("lasts", lasts=lasts, max_age=oldest)
        if rule.cool_down > timedelta(0):
            yield self.say("cool_down", span=self._span(rule.cool_down))
        if rule.fdr:
            yield self.say("fdr", fdr=rule.fdr)
        if rule.nowcast:
            yield self.parts["nowcast"]

    def _correlation(self, correlation: Correlation) -> Iterator[str]:
        level = self._level(self.rule.level)
        yield self.say(
            "looks", cycle=self.words[self.rule.cycle], where=self._where(),
            scope=self.words[correlation.scope].format(level=level),
            within=self._span(correlation.within),
        )  # fmt: skip
        patterns = self._patterns(correlation.of)
        order = self.parts["order"] if correlation.ordered else ""
        order += self.say("after", span=self._span(correlation.after)) if correlation.after else ""
        for grade, number in correlation.rungs:
            part = _combination(correlation)
            word = self.words[grade.word]
            yield self.say(part, grade=word, patterns=patterns, number=number, order=order)
        if correlation.none:
            yield self.say("none", patterns=self._patterns(correlation.none))

    def _patterns(self, patterns: Iterable[Pattern]) -> str:
        return self.parts["parts"].join(self._pattern(pattern) for pattern in patterns)

    def _pattern(self, pattern: Pattern) -> str:
        if pattern.indicator is not None:
            said = self._incidents(pattern.indicator)
            said += self.say("times", count=pattern.count) if pattern.count > 1 else ""
        elif pattern.rule:
            said = self.say("rule", rule=pattern.rule, as_it=self.parts[pattern.see.value])
        else:
            said = self.say("topic", topic=self._topic(pattern.topic), as_it=self.parts[pattern.see.value])
        if pattern.tests:
            said += self.say("tested", tests=self._tests(pattern.tests))
        elif pattern.indicator is None and pattern.grade > 1:
            said += self.say("from", grade=self.words[pattern.grade.word])
        return said + (self.say("at", level=self._level(pattern.level)) if pattern.level else "")

    def _tests(self, tests: Iterable[Test]) -> str:
        return self.parts["and"].join(self._test(test) for test in tests)

    def _test(self, test: Test) -> str:
        said = self._words_of(test)
        if said is not None and test.name == during.ID:
            titles = (watch.title.say(self.language) for watch in params(test).watches)
            return said.format(watches=self.parts["kinds"].join(titles))
        if said is not None and test.name == chance.ID:
            return said.format(**self._chance(params(test)))
        if said is not None and test.name == on.ID:
            return said.format(**self._day(params(test)))
        if said is not None and test.name == change.ID:
            return said.format(**self._change(params(test)))
        if said is not None and test.name == cluster.ID:
            return said.format(**_facts(test) | self._circle(params(test)))
        if said is not None and test.name == alert.ID:
            return said.format(**self._alert(params(test)))
        if said is not None:
            return said.format(**{name: self._value(value) for name, value in _facts(test).items()})
        given = ", ".join(f"{name} {value}" for name, value in test.params)
        return f"{test.name} ({given})" if given else test.name

    def _day(self, asked: on.Params) -> dict[str, str]:
        known = self.context.calendars.get(asked.calendar) if self.context else None
        return {
            "calendar": known.title.say(self.language) if known else asked.calendar,
            "soon": self.say("ahead days", span=self._span(asked.soon)) if asked.soon else "",
        }

    def _chance(self, asked: chance.Params) -> dict[str, str]:
        known = self.context.calendars.get(asked.calendar) if self.context else None
        title = known.title.say(self.language) if known else asked.calendar
        beside = [self.say("beside alerts", kinds=self._alert(alert.Params(asked.categories))["kinds"])
                  for _ in asked.categories[:1]]  # fmt: skip
        beside += [self.say("beside days", calendar=title)] if asked.calendar else []
        return {
            "chance": f"{asked.at_least:.4g}" if asked.at_least < 0.01 else f"{asked.at_least * 100:.4g} %",
            "what": self.say("so many come", count=f"{asked.of:g}") if asked.of else self.parts["it comes"],
            "span": self._span(asked.span), "beside": "".join(beside),
        }  # fmt: skip

    def _change(self, asked: change.Params) -> dict[str, object]:
        """Against which stretch, beyond which factor, and beside whom."""
        baseline, several = self.rule.window.baseline, asked.years > 1
        against = self.parts["years ago" if several else f"against {asked.against}"]
        beside = self.parts[f"beside {asked.relative_to}"] if asked.relative_to else ""
        return {
            "against": against.format(years=asked.years, blocks=baseline), "relative_to": beside,
            "beyond": self.say("beyond", ratio=asked.ratio) if asked.ratio != 1 else "", "alpha": asked.alpha,
        }

    def _circle(self, asked: cluster.Params) -> dict[str, str]:
        """How far the scan looks about a place, and by what it tells what is usual."""
        return {
            "radius": self.say("circle", far=asked.max_radius) if asked.max_radius else "",
            "model": self.parts[said] if (said := _USUAL.get(asked.model)) else "",
        }

    def _alert(self, asked: alert.Params) -> dict[str, str]:
        every = frozenset(asked.categories)
        codes = sorted(code for code in every if code.rpartition(".")[0] not in every)
        more = self.say("more", number=len(codes) - _NAMED) if len(codes) > _NAMED else ""
        return {
            "kinds": self._kinds(codes[:_NAMED]) + more,
            "severity": self.say("severity", severity=asked.least) if asked.least else "",
            "feeds": self.say("feeds", feeds=", ".join(asked.feeds)) if asked.feeds else "",
            "soon": self.say("soon", span=self._span(asked.soon)) if asked.soon else "",
        }

    def _words_of(self, test: Test) -> str | None:
        """How the test is said; of readings nothing is counted."""
        indicator = self.rule.indicator
        said = READ[self.language] if indicator is not None and indicator.take.reads else {}
        return said.get(test.name) or TESTS[self.language].get(test.name)

    def _incidents(self, indicator: Indicator) -> str:
        every = indicator.categories
        codes = sorted(code for code in every if code.rpartition(".")[0] not in every)
        said = self.say("incidents", categories=self._kinds(codes[:_NAMED]))
        if len(codes) > _NAMED:
            said += self.say("more", number=len(codes) - _NAMED)
        if indicator.min_severity:
            said += self.say("severity", severity=indicator.min_severity)
        said += self.say("feeds", feeds=", ".join(sorted(indicator.feeds))) if indicator.feeds else ""
        return said + self._times(indicator.times) + self.parts["close"]

    def _times(self, times: Times | None) -> str:
        """Which hours and weekdays, in words."""
        if times is None:
            return ""
        days = sorted(times.weekdays) if times.weekdays != EVERY_DAY else []
        said = self.say("hours of", hours=clock(times).replace("-", "\u2013")) if times.of_hours else ""
        named = self.parts["kinds and"].join(self.words[WEEK[day]] for day in days)
        # Of hours over midnight it is said whose the hours after it are.
        part = "nights on" if times.since >= times.until else "days on"
        return said + (self.say(part, days=named) if days else "")

    def _span(self, span: timedelta) -> str:
        written = written_duration(span)
        return self.say(written[-1], n=written[:-1], s="" if written[:-1] == "1" else "s")

    def _kinds(self, codes: Iterable[str]) -> str:
        return self.parts["kinds"].join(self._category(code) for code in codes)

    def _value(self, value: object) -> object:
        """A parameter's value in words, where it is a word."""
        return self.words.get(value or "", value) if isinstance(value, str) or value is None else value

    def _where(self) -> str:
        """In which areas it judges; the top of the tree is one area, and whole."""
        level, areas = self._level(self.rule.level), self.rule.areas
        if areas is not None:
            named = self.parts["kinds and"].join(self._area(code) for code in sorted(areas)[:_AREAS])
            more = self.say("more areas", number=len(areas) - _AREAS) if len(areas) > _AREAS else ""
            return self.say("chosen", level=level, areas=named + more)
        return self.say("whole" if self.rule.level == _TOP else "each", level=level)

    def _area(self, code: str) -> str:
        known = self.context is not None and code in self.context.tree
        return self.context.tree[code].name.say(self.language) if self.context and known else code

    def _category(self, code: str) -> str:
        known = self.context is not None and code in self.context.taxonomy
        return self.context.taxonomy[code].title.say(self.language) if self.context and known else code

    def _topic(self, topic: str) -> str:
        known = self.context.topics.get(topic) if self.context else None
        return known.title.say(self.language) if known else topic

    def _level(self, level: str) -> str:
        return called(level).say(self.language)


def _facts(test: Test) -> dict[str, object]:
    """The parameters of a test; `level` is the chance of a false alarm where that has no one default."""
    made = params(test)
    return parameters(test) | {"level": getattr(made, "level", None)}


def _combination(correlation: Correlation) -> str:
    """Which sentence tells how the patterns combine: of one pattern the areas count."""
    if correlation.combine is Combine.AT_LEAST:
        return "areas" if len(correlation.of) == 1 else "some"
    return "all" if correlation.combine is Combine.ALL else "any"
