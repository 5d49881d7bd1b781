"""A response plan in plain words: what it says, how it stands, what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from engine.cli.language import named
from engine.model.grade import COLOURS, Grade
from engine.model.plan import Plan, PlanStep, Start
from engine.model.response import Move, Response, ResponseState, StepState
from engine.model.text import Text
from engine.notify import wording

_STARTS = {
    Start.ITSELF: Text("starts by itself from {grade} up", "达到{grade}即自动启动"),
    Start.PROPOSED: Text("is proposed from {grade} up", "达到{grade}时提请启动"),
    Start.HAND: Text("is started by hand", "由人工启动"),
}
_STATES = {
    StepState.WAITING: Text("waiting", "待前序"), StepState.ASKED: Text("asked", "进行中"),
    StepState.OVERDUE: Text("OVERDUE", "已超时"), StepState.DONE: Text("done", "已完成"),
    StepState.FAILED: Text("FAILED", "未成功"), StepState.VOID: Text("void", "作废"),
}  # fmt: skip
_STANDS = {
    ResponseState.PROPOSED: Text("proposed", "待启动"), ResponseState.RUNNING: Text("under way", "执行中"),
    ResponseState.ENDED: Text("stood down", "已终止"), ResponseState.LAPSED: Text("lapsed", "已失效"),
}  # fmt: skip
_EXERCISE = Text("EXERCISE", "演练")


def in_words(plan: Plan, language: str) -> str:
    """What a plan says, a page to be read."""
    zh = language == "zh"
    grade = COLOURS[plan.grade].say(language)
    lines = [
        f"{plan.title.say(language)} ({plan.id}): {_STARTS[plan.start].say(language).format(grade=grade)}",
        "",
    ]
    lines += ["指挥岗位：" if zh else "In command:"]
    lines += [f"  {role.title.say(language)}: {_who(role.department, language)}" for role in plan.roles]
    lines += ["", "步骤：" if zh else "Steps:", *_steps(plan.steps, language)]
    if plan.resources:
        lines += ["", "资源：" if zh else "At hand:"]
        lines += [
            f"  {one.many} × {one.what.say(language)}: {_who(one.department, language)}"
            for one in plan.resources
        ]
    lines += ["", f"{'终止条件' if zh else 'Ends when'}: {plan.stand_down.when.say(language)}"]
    return "\n".join([*lines, *_steps(plan.stand_down.steps, language)])


def progress(one: Response, language: str, zone: tzinfo) -> str:
    """How a plan under way stands, step by step."""
    return "\n".join([_head(one, language, zone), *(_line(move, language, zone) for move in one.moves)])


def after_action(one: Response, language: str, zone: tzinfo) -> str:
    """What came of it: how long, what was done, what was late and by how much, what failed and why."""
    return "\n".join([_head(one, language, zone), *_account(one, language == "zh", zone)])


def _account(one: Response, zh: bool, zone: tzinfo) -> Iterator[str]:
    language = "zh" if zh else "en"
    done, of = one.count(StepState.DONE), len(one.moves)
    if one.started_at and one.ended_at:
        yield f"{'历时' if zh else 'Lasted'}: {_span(one.ended_at - one.started_at, language)}"
    yield f"{'完成' if zh else 'Done'}: {done} / {of}"
    for move in one.moves:
        if move.state is StepState.DONE and move.late and move.ended_at and move.due_at:
            late = _span(move.ended_at - move.due_at, language)
            yield f"{'逾时完成' if zh else 'Done late'}: {move.step.what.say(language)} (+{late})"
    for state in (StepState.FAILED, StepState.OVERDUE, StepState.ASKED, StepState.WAITING, StepState.VOID):
        for move in one.moves:
            if move.state is state:
                why, what = f": {move.reason}" if move.reason else "", move.step.what.say(language)
                yield f"{_STATES[state].say(language)}: {what} ({_who(move.step.department, language)}){why}"


def _head(one: Response, language: str, zone: tzinfo) -> str:
    mark = f"[{_EXERCISE.say(language)}] " if one.exercise else ""
    since = one.started_at or one.since
    by = f", {one.started_by}" if one.started_by else ""
    title, state = one.plan.title.say(language), _STANDS[one.state].say(language)
    return f"{mark}{title}, {one.area}: {state}, {_at(since, zone)}{by}"


def _line(move: Move, language: str, zone: tzinfo) -> str:
    moment = move.ended_at or move.due_at
    when = f"  {_at(moment, zone)}" if moment else ""
    why = f"  ({move.reason})" if move.reason else ""
    what, who = move.step.what.say(language), _who(move.step.department, language)
    return f"  {_STATES[move.state].say(language):8} {move.step.id:12} {what}: {who}{when}{why}"


def _steps(steps: tuple[PlanStep, ...], language: str) -> list[str]:
    lines = []
    for step in steps:
        after = f"  [{', '.join(step.after)} ->]" if step.after else ""
        since = f"  ({_grade(step.grade, language)}+)" if step.grade else ""
        note = f"  - {step.note.say(language)}" if step.note else ""
        lines.append(
            f"  {_span(step.due, language):>4}  {step.what.say(language)}: {_who(step.department, language)}"
            f"{since}{after}{note}"
        )
    return lines


def _span(length: timedelta, language: str) -> str:
    minutes = round(length.total_seconds() / 60)
    days, hours, rest = (unit.say(language) for unit in _UNITS)
    for unit, many in ((days, 1440), (hours, 60)):
        if minutes % many == 0 and minutes >= many:
            return f"{minutes // many}{unit}"
    return f"{minutes // 60}{hours}{minutes % 60:02}" if minutes > 60 else f"{minutes}{rest}"


_UNITS = (Text("d", "天"), Text("h", "小时"), Text("m", "分钟"))


def _grade(grade: Grade, language: str) -> str:
    return named(grade.word, COLOURS[grade], language)


def _at(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def _who(department: str, language: str) -> str:
    return wording.department(department).say(language)
