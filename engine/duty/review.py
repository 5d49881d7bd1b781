"""What a weekly assessment or a monthly analysis proposes for each open situation and each of its warnings;
it changes nothing. Days are told in the zone of the moment at which it looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from engine.model.act import Act
from engine.model.grade import COLOURS, Grade
from engine.model.period import Cycle
from engine.model.review import Decision, Matter, Review
from engine.model.text import Text, numbered
from engine.model.warning import RiskWarning, Standing
from engine.warn.call import ruling

#: Without new evidence for so long, each cycle proposes to close what stands.
QUIET = {Cycle.WEEKLY: timedelta(days=14), Cycle.MONTHLY: timedelta(days=28)}


def review(
    warning: RiskWarning, standing: Sequence[Standing], acts: Sequence[Act], found: datetime | None,
    cycle: Cycle, at: datetime,
) -> Review:  # fmt: skip
    """standing, acts: of its place; found: when a rule found anything there last."""
    behind = sorted(
        (one for one in standing if one.grade and not one.trial), key=lambda one: (-one.grade, one.rule)
    )
    top = behind[0] if behind else None
    blind = next((one for one in behind if one.blind_since is not None), None)
    held = _held(acts, at)
    if warning.proposed is not None:
        since = _day(warning.proposed_at, at)
        waits = Text(f"proposed since {since} and not answered", f"自{since}提请，尚未答复")
        return _of(warning, warning.proposed, waits)
    if top is not None and top.grade > warning.grade:
        return _of(warning, top.grade, _finds(top, held))
    if blind is not None:
        since = _day(blind.blind_since, at)
        unseen = Text(f"nobody has been able to tell since {since}", f"自{since}起情况不明")
        return _of(warning, warning.grade, unseen)
    quiet = (at - (found or warning.since)).days
    if quiet >= QUIET[cycle].days:
        calm = Text(f"no new evidence for {numbered(quiet, 'day')}{held.en}", f"{quiet}天无新情况{held.zh}")
        return _of(warning, Grade.NONE, calm)
    if top is not None and top.grade < warning.grade:
        return _of(warning, top.grade, _finds(top, held, "no more than ", "最高"))
    if top is None:
        bare = Text(f"nothing stands behind it{held.en}", f"目前无规则支持{held.zh}")
        return _of(warning, warning.grade, bare)
    since = _day(top.since, at)
    return _of(
        warning, warning.grade, Text(f"{top.rule} has found it since {since}", f"{top.rule}自{since}持续命中")
    )


def _finds(top: Standing, held: Text, en: str = "", zh: str = "") -> Text:
    return Text(
        f"{top.rule} finds {en}{top.grade.word}{held.en}",
        f"{top.rule}判为{zh}{COLOURS[top.grade].zh}{held.zh}",
    )


def _of(warning: RiskWarning, to: Grade, why: Text) -> Review:
    return Review(warning, Decision.of(warning.grade, to), to, why)


def _held(acts: Sequence[Act], at: datetime) -> Text:
    act = ruling(acts, at)
    if act is None:
        return Text("")
    end = _day(act.until, at) if act.until else ""
    return Text(
        f"; held by {act.by}{f' until {end}' if end else ''} ({act.reason})",
        f"；由{act.by}人工确定{f'至{end}' if end else ''}（{act.reason}）",
    )


def _day(moment: datetime | None, at: datetime) -> str:
    return f"{moment.astimezone(at.tzinfo):%Y-%m-%d}" if moment else "an unknown day"


def agenda(
    warnings: Sequence[RiskWarning], standing: Mapping[tuple[str, str], Sequence[Standing]],
    acts: Mapping[tuple[str, str], Sequence[Act]], found: Mapping[tuple[str, str], datetime], cycle: Cycle,
    at: datetime,
) -> tuple[Review, ...]:  # fmt: skip
    """A line for every open warning, what asks for a change first, the gravest first."""
    lines = [
        review(one, standing.get(place, ()), acts.get(place, ()), found.get(place), cycle, at)
        for one in warnings for place in [(one.area, one.topic)]
    ]  # fmt: skip
    return tuple(
        sorted(lines, key=lambda one: (one.decision is Decision.KEEP, -one.warning.grade, one.warning.id))
    )


def matters(lines: Iterable[Review], situation: Mapping[str, str]) -> tuple[Matter, ...]:
    """The lines by the situation that each warning is in (alone, where it is in none), what asks for a change
    first, the gravest first."""
    groups: dict[str, list[Review]] = {}
    for one in lines:
        groups.setdefault(situation.get(one.warning.id, one.warning.id), []).append(one)
    found = [Matter(id_, tuple(sorted(of, key=_place))) for id_, of in groups.items()]
    return tuple(sorted(found, key=lambda one: (not one.open, -one.grade, one.situation)))


def _place(one: Review) -> tuple[int, datetime, str]:
    return -one.warning.grade, one.warning.since, one.warning.id
