"""`forewarn handover`: what one shift passes to the next."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import click

from engine.cli.language import language_option, named
from engine.cli.place import Place, moment, pass_place
from engine.console import verbs, words
from engine.cycle import desk, dispatch, handing
from engine.cycle.world import World
from engine.errors import UsageError
from engine.model.act import Act
from engine.model.grade import COLOURS, Grade
from engine.model.handover import Handover
from engine.model.lap import Lap
from engine.model.problem import nearest
from engine.model.response import Response
from engine.model.rota import Rota
from engine.model.task import Task
from engine.model.text import Text
from engine.model.warning import Change, RiskWarning
from engine.notify import wording
from engine.notify.detail import detail
from engine.notify.reference import Reference

#: Without a rota, what happened in so long is told.
USUAL = timedelta(hours=12)

_TITLE = Text("Hand-over {begins} - {ends}", "交接班 {begins} - {ends}")
_HEADS = {
    "open": Text("Open warnings", "在办预警"), "waiting": Text("Waiting for a decision", "待签发"),
    "unanswered": Text("Not acknowledged", "未签收"), "overdue": Text("Overdue tasks", "逾期任务"),
    "plans": Text("Plans", "预案"), "blind": Text("Blind feeds", "中断数据源"),
    "silences": Text("Silences in force", "静默中"), "changes": Text("What changed", "本班变化"),
    "acts": Text("What people did", "本班处置"),
}  # fmt: skip
_NONE = Text("none", "无")


@click.command(epilog="Example: forewarn handover --shift --language zh")
@click.option("--shift", is_flag=True, help="Since the present shift began: the first rota's, or of --rota.")
@click.option("--rota", "rota_id", default="", help="Whose shift.")
@click.option("--since", help="Since this moment; default: the last twelve hours.")
@language_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@pass_place
def handover(place: Place, shift: bool, rota_id: str, since: str | None, language: str, form: str) -> None:
    """What the next shift must know: open, unanswered, overdue, blind, and what was done."""
    with place.world() as world:
        whose = _rota(world, rota_id) if shift or rota_id else None
        with world.store.read() as tx:
            now = desk.now(world, tx)
            begins = handing.shift(tx, whose, now).begins if whose else now - USUAL
            begins = moment(since, world) if since else begins
            if begins > now:
                raise UsageError(f"{begins:%Y-%m-%d %H:%M %Z} has not come yet; say since when, with --since")
            found = handing.note(world, tx, begins, now, whose)
        lines = _Lines(dispatch.reference(world), language)
    listings = _listings(found, lines)
    if form == "json":
        head = {"begins": begins.isoformat(), "ends": now.isoformat(), "rota": found.rota}
        click.echo(json.dumps({**head, "team": found.team, **listings}, ensure_ascii=False, indent=1))
    else:
        click.echo(_text(found, listings, lines))


def _rota(world: World, id_: str) -> Rota:
    rotas = world.settings.rotas
    if not rotas:
        raise UsageError("config/rota.yaml names no rota; say --since instead of --shift")
    if id_ and id_ not in rotas:
        raise UsageError(f"there is no rota '{id_}'{nearest(id_, rotas)}")
    return rotas[id_] if id_ else next(iter(rotas.values()))


def _text(found: Handover, listings: dict[str, list[str]], lines: _Lines) -> str:
    begins, ends = lines.at(found.begins), lines.at(found.ends)
    team = f": {', '.join(found.team)}" if found.team else ""
    told = [_TITLE.say(lines.language).format(begins=begins, ends=ends) + team]
    for key, listing in listings.items():
        told += ["", f"{_HEADS[key].say(lines.language)} ({len(listing)})"]
        told += [f"  {line}" for line in listing] or [f"  {_NONE.say(lines.language)}"]
    return "\n".join(told)


@dataclass(frozen=True)
class _Lines:
    """Each kind of thing that is passed on, as a line."""

    reference: Reference
    language: str

    def warning(self, one: RiskWarning) -> str:
        return self._warning(one, one.grade)

    def proposal(self, one: RiskWarning) -> str:
        return self._warning(one, one.proposed or one.grade)

    def lap(self, one: Lap) -> str:
        return f"{one.receiver}  {self.at(one.begins)}  {one.id}"

    def task(self, one: Task) -> str:
        who = wording.department(one.department).say(self.language)
        return (
            f"{one.what.say(self.language)}, {self.place(one.area)}  {who}  {self.at(one.due_at)}  {one.id}"
        )

    def plan(self, one: Response) -> str:
        state = self._word(one.state.value, verbs.PLANS[one.state])
        return f"{one.plan.title.say(self.language)}, {self.place(one.area)}: {state}  {one.id}"

    def feed(self, one: tuple[str, str, str]) -> str:
        id_, state, said = one
        return f"{id_}: {self._word(state, words.STATES[state])}  {detail(said, self.language)}".rstrip()

    def silence(self, one: Act) -> str:
        until = f" -> {self.at(one.until)}" if one.until else ""
        topic = self.reference.topics.get(one.topic)
        what = self._word(one.topic, topic.title) if topic else one.topic
        return f"{what}, {self.place(one.area)}{until}  {one.reason}"

    def change(self, one: Change) -> str:
        step = self._word(one.step.value, words.STEPS[one.step])
        move = f"{step}: {self._grade(one.before)} -> {self._grade(one.after)}"
        return f"{self.at(one.at)}  {move}  {one.warning}"

    def act(self, one: Act) -> str:
        about = one.target or one.warning
        kind = self._word(one.kind.value, verbs.PRESS[one.kind]).removesuffix("{grade}")
        return f"{self.at(one.at)}  {kind}  {one.by}  {about}  {one.reason}".rstrip()

    def place(self, area: str) -> str:
        return self.reference.area(area).say(self.language)

    def at(self, moment_: datetime) -> str:
        return f"{moment_.astimezone(self.reference.zone):%Y-%m-%d %H:%M}"

    def _grade(self, grade: Grade) -> str:
        return self._word(grade.word, COLOURS[grade])

    def _word(self, code: str, text: Text) -> str:
        return named(code, text, self.language)

    def _warning(self, one: RiskWarning, grade: Grade) -> str:
        label = self.reference.labels[grade].say(self.language)
        what = self.reference.topic(one).say(self.language)
        return f"{label}  {what}, {self.place(one.area)}  {self.at(one.since)}  {one.id}"


def _listings(found: Handover, lines: _Lines) -> dict[str, list[str]]:
    return {
        "open": [lines.warning(one) for one in found.open],
        "waiting": [lines.proposal(one) for one in found.waiting],
        "unanswered": [lines.lap(one) for one in found.unanswered],
        "overdue": [lines.task(one) for one in found.overdue],
        "plans": [lines.plan(one) for one in found.plans],
        "blind": [lines.feed(one) for one in found.blind],
        "silences": [lines.silence(one) for one in found.silences],
        "changes": [lines.change(one) for one in found.changes],
        "acts": [lines.act(one) for one in found.acts],
    }
