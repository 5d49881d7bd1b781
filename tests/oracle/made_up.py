"""Random countries: areas of two or three levels, feeds with all their troubles, and two to six rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from tests.oracle.plain.nouns import Area, Ceased, Feed, Poll, Report, Scene, Unread

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CHILDREN = {"harm": ("harm.theft", "harm.fire", "harm.brawl")}
KINDS = CHILDREN["harm"]
#: Days before the first morning on which things happened already.
BEFORE = 130


def scene(seed: int, days: int = 60) -> Scene:
    """The scene of a number, the same for ever."""
    made = _Made(Random(seed), Random(f"later {seed}"), Random(f"newest {seed}"), days).scene()
    made = replace(made, ceased=list(_ceased(made, Random(f"ceased {seed}"))))
    if Random(f"said {seed}").random() < 0.5:
        return replace(made, reports=[_said(one) for one in made.reports])
    return made


def _ceased(made: Scene, random: Random) -> Iterator[Ceased]:
    """Categories that feeds tell no more, as it was noticed after some days: for good, for a while, or until
    they were read anew."""
    for feed in made.feeds:
        kinds = [kind for kind in KINDS if kind in feed.categories]
        if not kinds or random.random() < 0.5:
            continue
        first = made.begins + DAY * random.randrange(-40, made.days)
        known = datetime.combine(first, time(), UTC) + random.randrange(2 * 24, 9 * 24) * HOUR
        over = random.choice((None, known + random.randrange(1, 20 * 24) * HOUR))
        usual = tuple((kind, random.choice((0.5, 1.0, 3.0, 9.0))) for kind in kinds)
        yield Ceased(
            feed.id, random.choice(kinds), first, known, usual, over, anew=random.random() < 0.5
        )


def _said(one: Report) -> Report:
    """The report of a source that leaves nothing open."""
    return replace(one, severity=one.severity or 1, size=0.3 if one.size is None else one.size)


class _Made:
    def __init__(self, random: Random, later: Random, newest: Random, days: int) -> None:
        """later, newest: for what came to be made later, so that all else of a number stays as it was."""
        self.random, self.later, self.newest, self.days = random, later, newest, days
        self.begins = date(2026, 1, 1) + DAY * random.randrange(150)
        self.first = self.begins - DAY * BEFORE
        self.levels = random.choice((("country", "county"), ("country", "county", "town")))
        self.areas = {one.code: one for one in self._areas()}
        self.deepest = [one.code for one in self.areas.values() if one.level == self.levels[-1]]

    def scene(self) -> Scene:
        feeds = tuple(self._feed(number) for number in range(self.random.randint(1, 3)))
        reports = [one for feed in feeds for one in self._reports(feed)]
        unread = [one for feed in feeds for one in self._unread(feed)]
        zone, rules = (
            self.random.choice(("UTC", "Europe/Stockholm", "Asia/Shanghai")),
            list(Rules(self).all()),
        )
        warnings = self._service()
        return Scene(
            zone=zone, levels=self.levels, areas=self.areas, feeds=(*feeds, warnings),
            reports=[*reports, *self._alerts(warnings)], rules=rules, begins=self.begins, days=self.days,
            unread=unread, children={**CHILDREN, "storm": ()},
        )  # fmt: skip

    def _service(self) -> Feed:
        """A weather service that is silent now and then, and tells nothing new for days."""
        random, begin = self.later, self.at(self.begins - 3 * DAY)
        gone = [(begin + random.randrange(16 * 24) * HOUR, random.choice((5, 20, 60)) * HOUR) for _ in "123"]
        asked = [begin + 3 * HOUR * n for n in range((self.days + 5) * 8)]
        heard = [at for at in asked if not any(a <= at < a + long for a, long in gone)]
        old = begin + random.randrange(10 * 24) * HOUR
        polls = (Poll(at, news=old if old <= at < old + 50 * HOUR else None) for at in heard)
        where = random.choice(("X", "X", sorted(self.areas)[0]))
        return Feed(
            id="warnings", areas=(where,), categories=("storm",), since=self.begins - 3 * DAY, hazard=True,
            max_silence=random.choice((4, 12, 30)) * HOUR, quiet=random.choice((None, 24 * HOUR)),
            polls=tuple(polls),
        )  # fmt: skip

    def _alerts(self, feed: Feed) -> Iterator[Report]:
        """Told before or after they begin, for areas of any level; prolonged, or cancelled."""
        random, first = self.later, self.at(self.begins - 3 * DAY)
        for number in range(self.days * 2):
            known = first + random.randrange((self.days + 3) * 24 * 4) * timedelta(minutes=15)
            at = known + random.choice((-5, 0, 4, 7, 20, 50)) * HOUR
            one = Report(
                feed.id, f"{number}", known, at, (random.choice(sorted(self.areas)),), "storm",
                severity=random.choice((1, 2, 3)), ended=random.choice((None, at + 6 * HOUR, at + 40 * HOUR)),
            )  # fmt: skip
            yield one
            if random.random() < 0.4:
                changed = random.choice(({"withdrawn": True}, {"ended": at + 60 * HOUR}, {"severity": 3}))
                yield replace(one, known=known + random.choice((1, 6, 30)) * HOUR, **changed)

    def chance(self, of: float) -> bool:
        return self.random.random() < of

    def at(self, day: date, hour: float = 0.0) -> datetime:
        """A moment of a day, to the minute."""
        return datetime.combine(day, time(), UTC) + timedelta(minutes=round(60 * hour))

    # --- places -----------------------------------------------------------------------------------

    def _areas(self) -> Iterator[Area]:
        counties = [chr(ord("A") + n) for n in range(self.random.randint(2, 4))]
        yield Area("X", "country", population=self.random.choice((None, 500_000)))
        for at, code in enumerate(counties):
            around = {counties[one] for one in (at - 1, at + 1) if 0 <= one < len(counties)}
            yield Area(code, "county", "X", self.random.choice((None, 40_000, 120_000)), frozenset(around))
        if "town" in self.levels:
            for code in counties:
                for number in range(1, self.random.randint(2, 4)):
                    yield Area(f"{code}{number}", "town", code, self.random.choice((None, 7_000, 20_000)))
            if self.chance(0.2):
                yield Area("Y1", "town", "X", 9_000)  # no county holds it

    # --- feeds --------------------------------------------------------------------------------------

    def _feed(self, number: int) -> Feed:
        random = self.random
        everywhere = number == 0 or self.chance(0.6)
        areas = (
            ("X",)
            if everywhere
            else (random.choice([one.code for one in self.areas.values() if one.parent == "X"]),)
        )
        since, until = self.first - DAY * random.randrange(400), date.max
        if number and self.chance(0.4):
            since = self.begins + DAY * random.randrange(-90, 30)
        if number and self.chance(0.2):
            until = max(since, self.begins + DAY * random.randrange(-20, 50))
        feed = Feed(
            id=f"feed-{number}", areas=areas, since=since, until=until,
            categories=("harm",) if self.chance(0.5) else tuple(sorted(random.sample(KINDS, 2))),
            max_silence=random.choice((6, 10, 12, 36, 72)) * HOUR,
            quiet=random.choice((None, None, 20 * HOUR, 7 * DAY)), tolerate=random.choice((0.02, 0.02, 0.1)),
            placed=random.choice((0.75, 0.75, 0.9, 0.5, 0.0)),
        )  # fmt: skip
        polls, stated = self._polls()
        categories = ("harm", *KINDS) if feed.categories == ("harm",) else feed.categories
        return replace(feed, polls=polls, stated=stated, categories=categories)

    def _polls(self) -> tuple[tuple[Poll, ...], tuple[tuple[datetime, datetime], ...]]:
        """Every few hours, but for outages, failed polls and answers that tell nothing new."""
        begin, end = self.at(self.first - DAY), self.at(self.begins + DAY * (self.days + 1))
        gone, frozen = list(self._spans(4, 120 * HOUR)), list(self._spans(2, 96 * HOUR))
        step = self.random.choice((2, 4, 6)) * HOUR
        archive, found, news, at = self.chance(0.15), [], begin, begin
        stated: tuple[tuple[datetime, datetime], ...] = ()
        if self.chance(0.15):
            stated = ((begin, self.at(self.begins + DAY * self.random.randrange(-60, 10), 5)),)
            at = stated[0][1] + self.random.choice((0, 3, 50)) * HOUR
        while at < end:
            if not any(a <= at < b for a, b in gone):
                stale = any(a <= at < b for a, b in frozen)
                news = news if stale else at
                found.append(
                    Poll(at, not self.chance(0.03), news if stale and not archive else None, archive)
                )
            at += step + timedelta(minutes=self.random.choice((0, 0, 0, 17)))
        return tuple(found), stated

    def _spans(self, most: int, longest: timedelta) -> Iterator[tuple[datetime, datetime]]:
        for _ in range(self.random.randint(0, most)):
            begin = self.at(
                self.first + DAY * self.random.randrange(BEFORE + self.days), self.random.randrange(24)
            )
            yield begin, begin + timedelta(hours=self.random.randrange(1, int(longest / HOUR)))

    # --- reports --------------------------------------------------------------------------------------

    def _reports(self, feed: Feed) -> Iterator[Report]:
        """Sparse and bursting, late, corrected, taken back; from some day on placed less deep."""
        places = [code for code in self.deepest if self._covered(feed, code)]
        lost = self.begins + DAY * self.random.randrange(-40, 50) if self.chance(0.35) else date.max
        rate = self.random.choice((0.05, 0.15, 0.4))
        kinds = [kind for kind in KINDS if kind in feed.categories]
        number = 0
        for n in range(BEFORE + self.days):
            day = self.first + DAY * n
            for code in places:
                for kind in kinds:
                    for _ in range(self._many(rate)):
                        number += 1
                        place = self.areas[code].parent or code if day >= lost and self.chance(0.8) else code
                        yield from self._report(feed, f"{number}", day, place, kind)

    def _covered(self, feed: Feed, code: str) -> bool:
        return feed.areas[0] == "X" or code == feed.areas[0] or self.areas[code].parent == feed.areas[0]

    def _many(self, rate: float) -> int:
        return self.random.randint(3, 8) if self.chance(0.004) else sum(self.chance(rate) for _ in range(2))

    def _report(self, feed: Feed, name: str, day: date, place: str, kind: str) -> Iterator[Report]:
        random = self.random
        at = self.at(day, random.choice((random.random() * 24, random.randrange(24))))
        late = random.choice((0.1, 0.5, 3, 8)) if self.chance(0.9) else random.choice((20, 40, 100))
        areas = (place,) if self.chance(0.97) else tuple(sorted({place, random.choice(self.deepest)}))
        one = Report(
            feed=feed.id, id=name, known=at + timedelta(minutes=round(60 * late)), at=at, areas=areas,
            category=kind, severity=random.choice((0, 1, 2, 3)), size=random.choice((None, 0.1, 0.7, 2.5)),
            dated=self.chance(0.98),
        )  # fmt: skip
        # By its number, so that all else of a seed stays as it was.
        stays = (None, 1, 30, 200, 1500)[int(name) % 5]
        one = replace(one, ended=None if stays is None else at + stays * HOUR, timed=int(name) % 7 != 3)
        yield one
        if self.chance(0.06):
            changed = random.choice((
                {"areas": (random.choice(self.deepest),)}, {"category": random.choice(KINDS)},
                {"withdrawn": True}, {"at": one.at - DAY}, {"severity": 4},
            ))  # fmt: skip
            again = replace(
                one, known=one.known + timedelta(minutes=random.choice((30, 300, 4000))), **changed
            )
            if replace(again, known=one.known) != one:
                yield again

    def _unread(self, feed: Feed) -> Iterator[Unread]:
        for n in range(BEFORE + self.days):
            if self.chance(0.06):
                day = self.first + DAY * n
                seen = self.at(day, self.random.choice((10, 23, 33, 60)))
                read = seen + DAY * self.random.randrange(1, 30) if self.chance(0.3) else None
                area = self.random.choice((None, *self.areas)) if self.chance(0.6) else None
                kind = self.random.choice(KINDS) if self.chance(0.4) else None
                for _ in range(self.random.choice((1, 1, 2, 3, 6))):
                    yield Unread(feed.id, day, seen, read, area, kind)


class Rules:
    """Two to six rules of every kind, and correlations upon them."""

    def __init__(self, made: _Made) -> None:
        self.random, self.levels, self.chance = made.random, made.levels, made.chance
        self.later, self.newest, self.areas = made.later, made.newest, made.areas
        self.populated = {one.level for one in made.areas.values() if one.population}

    def all(self) -> Iterator[dict[str, Any]]:
        thresholds = [self._threshold(number) for number in range(self.random.randint(2, 4))]
        thresholds = [self._or_else(one) if self.later.random() < 0.3 else one for one in thresholds]
        yield from thresholds
        parts = [one for one in thresholds if one["cycle"] != "immediate"]
        for number in range(self.random.randint(0, 2)):
            combined = self._correlation(number, parts)
            if combined:
                yield combined
                if combined["cycle"] == "daily":
                    parts.append(combined)
        yield from self._readings()
        yield self._beside()
        yield from self._stocks()
        yield self._before_holidays()
        yield from self._at_hours()
        yield self._of_months()
        yield self._among_others()

    def _readings(self) -> Iterator[dict[str, Any]]:
        """Gauges, the greatest and the last reading of each place, by the day and at once."""
        for number, (take, cycle) in enumerate((("max", "daily"), ("last", "daily"), ("last", "immediate"))):
            holds = self.later.choice(("", "5h", "30h", "100h"))
            indicator = {take: "hectares", "where": {"category": self.later.choice(("harm", KINDS[0]))}}
            spans = {"window": f"{self.later.choice((1, 1, 2, 5))}d", "hold": self.later.choice((1, 2))}
            if cycle == "immediate":
                spans, holds = {"window": "12h", "lasts": "12h", "max_age": "12h"}, holds and "5h"
            yield {
                "id": f"public-safety.gauge-{number}", "topic": "four", "cycle": cycle, "status": "stable",
                "level": self.later.choice(self.levels[1:]), **spans,
                "indicator": {**indicator, **({"holds": holds} if holds and take == "last" else {})},
                "grades": {"yellow": {"at_least": 0.5}, "red": {"at_least": 2.5}},
            }  # fmt: skip

    def _before_holidays(self) -> dict[str, Any]:
        """Fewer are enough around the days of a calendar."""
        on = self.later.choice(("cn-holidays", {"calendar": "cn-holidays", "ahead": "20d"}))
        return {
            "id": "public-safety.holidays", "topic": "seven", "cycle": "daily", "status": "stable",
            "level": self.later.choice(self.levels), "window": "2d", "hold": 2,
            "grades": {"orange": {"any": [{"at_least": 4}, {"at_least": 1, "on": on}]}},
            "indicator": {"count": "incidents", "where": {"category": "harm"}},
        }  # fmt: skip

    def _at_hours(self) -> Iterator[dict[str, Any]]:
        """Nights, days of the week, and both; by the day and at once."""
        chosen = [
            {"hours": "22:00-06:00"}, {"hours": "08:30-17:00", "weekdays": "mon-fri"},
            {"hours": "20:00-04:30", "weekdays": "fri-sat"}, {"weekdays": ["sat", "sun"]},
        ]  # fmt: skip
        for number, cycle in enumerate(("daily", "weekly", "immediate")):
            where = {"category": "harm", **self.newest.choice(chosen)}
            if self.newest.random() < 0.4:
                where["severity"] = ">=2"
            count = {"sum": "hectares"} if self.newest.random() < 0.3 else {"count": "incidents"}
            spans = {"window": "7d" if cycle == "weekly" else "2d"}
            if cycle == "immediate":
                spans = {"window": "24h", "lasts": "12h", "max_age": "24h"}
            yield {
                "id": f"public-safety.hours-{number}", "topic": "eight", "cycle": cycle, "status": "stable",
                "level": self.newest.choice(self.levels), **spans, "indicator": {**count, "where": where},
                "grades": {"blue": {"at_least": 1}, "orange": {"at_least": 3}},
            }  # fmt: skip

    def _of_months(self) -> dict[str, Any]:
        """Calendar months, of which none is as long as the other."""
        alpha = self.newest.choice((0.05, 0.2))
        tests = self.newest.choice((
            {"rare": {"alpha": alpha, "dispersion": "none", "season": "off"}}, {"new": {"at_least": 2}},
            {"change": {"against": "previous", "alpha": alpha, "dispersion": "none"}},
            {"change": {"against": "baseline", "alpha": alpha, "dispersion": "none"}},
        ))  # fmt: skip
        return {
            "id": "public-safety.months", "topic": "nine", "cycle": "monthly", "status": "stable",
            "level": self.newest.choice(self.levels[1:]), "window": "month", "baseline": 4,
            "indicator": {"count": "incidents", "where": {"category": self.newest.choice(("harm", *KINDS))}},
            "grades": {grade: {**tests, "at_least": n} for grade, n in (("yellow", 1), ("red", 5))},
        }  # fmt: skip

    def _among_others(self) -> dict[str, Any]:
        """More than most of the other areas, of some of which alone it asks."""
        level, by = self.levels[-1], self.newest.choice(("count", "rate"))
        tops = sorted(one.code for one in self.areas.values() if one.parent == "X")
        under = self.newest.sample(tops, self.newest.randint(1, len(tops)))
        places = sorted(one.code for one in self.areas.values() if one.level == level)
        within = [one for one in places if {one, self.areas[one].parent} & {*under}]
        chosen: Any = self.newest.choice((under, {"under": under}, {"under": ["X"], "except": places[:1]}))
        enough = len(places) - 1 if "except" in chosen else len(within)
        tests: dict[str, Any] = {"at_least": 2}
        if enough >= 3:
            tests["percentile"] = {"above": 0.6, "by": by, "among": 2}
        rule = {
            "id": "public-safety.others", "topic": "ten", "cycle": "daily", "status": "stable",
            "level": level, "window": "7d",
            "indicator": {"count": "incidents", "where": {"category": "harm"}},
            "grades": {"blue": tests},
        }  # fmt: skip
        return {**rule, **({"areas": chosen} if self.newest.random() < 0.7 else {})}

    def _stocks(self) -> Iterator[dict[str, Any]]:
        """What is open, and how much more than before."""
        for number, take in enumerate(("open", "change")):
            older = self.later.choice(({}, {"older_than": "3d"}))
            indicator = {"stock": take, **older, "where": {"category": self.later.choice(("harm", *KINDS))}}
            yield {
                "id": f"public-safety.stock-{number}", "topic": "six", "cycle": "daily", "status": "stable",
                "level": self.later.choice(self.levels), "window": f"{self.later.choice((1, 3, 7))}d",
                "indicator": indicator,
                "grades": {"blue": {"at_least": 2}, "orange": {"at_least": 6}},
            }  # fmt: skip

    def _beside(self) -> dict[str, Any]:
        """A count with an alert in its stead, or beside it."""
        alert = {"category": "storm", "ahead": self.later.choice(("0h", "6h"))}
        grades = {
            grade: {"any": [{"at_least": 3 + n}, {"alert": {**alert, "severity": f">={2 + n}"}}]}
            for n, grade in enumerate(("blue", "red"))
        }
        if self.later.random() < 0.3:
            grades = {"yellow": {"at_least": 1, "alert": alert}}
        return {
            "id": "public-safety.beside", "topic": "five", "cycle": "daily", "status": "stable",
            "level": self.later.choice(self.levels), "window": "1d", "grades": grades,
            "indicator": {"count": "incidents", "where": {"category": "harm"}},
        }  # fmt: skip

    def _where(self) -> dict[str, Any]:
        where: dict[str, Any] = {"category": self.random.choice(("harm", *KINDS, list(KINDS[:2])))}
        if self.chance(0.2):
            where["severity"] = self.random.choice((">=2", ">=severe"))
        if self.chance(0.1):
            where["feed"] = "feed-0"
        return where

    def _threshold(self, number: int) -> dict[str, Any]:
        cycle = self.random.choice(("daily", "daily", "daily", "weekly", "monthly", "immediate"))
        rule: dict[str, Any] = {
            "id": f"public-safety.rule-{number}", "topic": self.random.choice(("one", "two")), "cycle": cycle,
            "level": self.random.choice(self.levels[1:]), "status": "trial" if self.chance(0.1) else "stable",
            "indicator": {"count": "incidents", "where": self._where()},
        }  # fmt: skip
        if cycle == "immediate":
            low = self.random.randint(1, 2)
            return {**rule, "window": self.random.choice(("6h", "24h")),
                    "lasts": self.random.choice(("12h", "36h")), "max_age": self.random.choice(("4h", "48h")),
                    "grades": {"yellow": {"at_least": low}, "red": {"at_least": low + 1}}}  # fmt: skip
        days = {"daily": (1, 1, 2, 3, 7), "weekly": (7, 14), "monthly": (31,)}[cycle]
        window = self.random.choice(days)
        rule |= {"window": f"{window}d", "hold": self.random.choice((1, 1, 2, 3))}
        if self.chance(0.2):
            rule["cool_down"] = self.random.choice(("2d", "10d"))
        return rule | self._tests(rule, window)

    def _tests(self, rule: dict[str, Any], window: int) -> dict[str, Any]:
        """A ladder, and what its tests ask of the rule."""
        blocks = min(self.random.choice((8, 14, 28)), 112 // window)
        past = {"baseline": blocks, "gap": f"{self.random.choice((0, 0, window))}d"}
        alphas = self.random.choice(((0.05, 0.01), (0.2, 0.05)))
        kind = self.random.choice(
            ("at_least", "rate", "share", "sum", "rare", "rare", "change", "change", "new", "silent")
        )
        if kind == "rate" and rule["level"] in self.populated:
            return {"grades": self._ladder([{"rate_at_least": {"rate": r}} for r in (0.07 * 100, 20)])}
        if kind == "share":
            rule["indicator"]["share_of"] = {"where": {"category": "harm"}}
            tests = [
                {"share_of": {"share": s, "of_at_least": 3}, "at_least": n} for s, n in ((0.3, 1), (0.6, 2))
            ]
            return {"grades": self._ladder(tests)}
        if kind == "sum":
            indicator = {"sum": "hectares", "where": rule["indicator"]["where"]}
            return {"indicator": indicator, "grades": self._ladder([{"at_least": n} for n in (0.8, 2.6)])}
        if kind == "rare" and blocks >= 4:
            tests = [{"rare": {"alpha": a, "dispersion": "none"}, "at_least": n}
                     for a, n in zip(alphas, (1, 2), strict=True)]  # fmt: skip
            return {**past, "grades": self._ladder(tests)}
        if kind == "change":
            against = self.random.choice(("previous", "baseline"))
            to = self.random.choice(({}, {}, {"relative_to": "all"}, {"relative_to": "parent"}))
            tests = [{"change": {"against": against, "alpha": a, "dispersion": "none", **to}, "at_least": n}
                     for a, n in zip(alphas, (1, 2), strict=True)]  # fmt: skip
            return {**(past if against == "baseline" else {}), "grades": self._ladder(tests)}
        if kind == "new":
            return {**past, "grades": self._ladder([{"new": {"at_least": n}} for n in (1, 2)])}
        if kind == "silent" and blocks >= 4:
            tests = [{"silent": {"alpha": a, "weekday": "off"}} for a in alphas]
            return {**past, "grades": self._ladder(tests)}
        return {"grades": self._ladder([{"at_least": n} for n in (window // 3 + 2, window // 2 + 4)])}

    def _ladder(self, tests: list[dict[str, Any]]) -> dict[str, Any]:
        grades = self.random.choice((("blue", "yellow"), ("blue", "orange"), ("yellow", "red")))
        return {
            grade: {
                **test,
                **({"delay_on": 2} if self.chance(0.25) else {}),
                **({"delay_off": 2} if self.chance(0.2) else {}),
            }
            for grade, test in zip(grades, tests, strict=True)
        }

    def _or_else(self, rule: dict[str, Any]) -> dict[str, Any]:
        """The tests of its rungs as one alternative beside a number and, where people are known, a rate."""
        most, delays = self.later.randint(2, 5), ("delay_on", "delay_off")
        least = {"at_least": 1} if self.later.random() < 0.4 else {}
        more = {"rate_at_least": {"rate": 9}} if rule["level"] in self.populated else {}
        fewer = rule["cycle"] != "immediate" and self.later.random() < 0.5
        grades = {}
        for at, (grade, rung) in enumerate(rule["grades"].items()):
            tests = {name: of for name, of in rung.items() if name not in delays}
            few = [{"at_most": 1 - at}] if fewer else []
            ways = [tests, *few, {"at_least": most + at}, *([{**more, "at_least": 1}] if more else [])]
            kept = {name: rung[name] for name in delays if name in rung}
            grades[grade] = {**least, "any": ways, **kept}
        return {**rule, "grades": grades}

    # --- correlations -----------------------------------------------------------------------------

    def _correlation(self, number: int, parts: list[dict[str, Any]]) -> dict[str, Any] | None:
        cycle = self.random.choice(("daily", "daily", "weekly"))
        scope = self.random.choice(("same", "neighbours", "below", "parent"))
        level = {"below": self.levels[0], "parent": self.levels[-1], "neighbours": "county"}.get(scope, "")
        level = level or self.random.choice(self.levels[1:])
        sees = {
            "same": [level],
            "neighbours": ["county"],
            "below": self.levels[1:],
            "parent": self.levels[:-1],
        }[scope]
        if scope == "parent":
            sees = [self.levels[-2]]
        patterns = [
            one
            for one in (self._pattern(parts, sees, cycle) for _ in range(self.random.randint(1, 3)))
            if one
        ]
        if not patterns:
            return None
        within = self.random.choice((1, 2, 3)) if cycle == "daily" else 7
        correlate: dict[str, Any] = {"within": f"{within}d", "scope": scope}
        rule = {
            "id": f"x.combined-{number}", "topic": self.random.choice(("two", "three")), "cycle": cycle,
            "level": level, "status": "stable", "hold": self.random.choice((1, 2)), "correlate": correlate,
        }  # fmt: skip
        kind = self.random.choice(("all", "any", "of"))
        correlate[kind] = patterns
        if kind == "of":
            most = len(patterns) if len(patterns) > 1 else 2
            correlate["at_least"] = self.random.randint(1, most)
        if kind == "all" and len(patterns) > 1 and self.chance(0.4):
            correlate["ordered"] = True
        if self.chance(0.3):
            correlate["none"] = [self._incident(sees)]
        return {**rule, "grade": self.random.choice(("blue", "orange"))}

    def _incident(self, sees: list[str]) -> dict[str, Any]:
        where = {"category": self.random.choice(KINDS)}
        return {
            "incident": {
                "where": where,
                "count": self.random.randint(1, 4),
                "level": self.random.choice(sees),
            }
        }

    def _pattern(self, parts: list[dict[str, Any]], sees: list[str], cycle: str) -> dict[str, Any] | None:
        fitting = [one for one in parts if one["level"] in sees and one["status"] == "stable"
                   and ("correlate" not in one or one["cycle"] == cycle)]  # fmt: skip
        if not fitting or self.chance(0.3):
            return self._incident(sees)
        part = self.random.choice(fitting)
        finding: dict[str, Any] = {"rule": part["id"]} if self.chance(0.6) else {"topic": part["topic"]}
        if "topic" in finding:
            finding["level"] = part["level"]
        if "rule" in finding and "indicator" in part and self.chance(0.25):
            return {"finding": {**finding, "test": {"at_least": self.random.randint(1, 3)}}}
        if self.chance(0.3) and part["cycle"] == cycle:
            finding["see"] = "raw"
        return {"finding": finding}
