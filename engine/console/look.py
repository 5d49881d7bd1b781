"""How a page is made: its language and theme, and the words and marks that templates use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from engine.backtest import contest
from engine.backtest.skill import Row
from engine.console import verbs, words
from engine.console.atlas import Line, Sheet
from engine.console.few import Some
from engine.console.refusals import refusal
from engine.console.scene import Scene
from engine.console.told import Told
from engine.console.tongue import LANGUAGES, usual
from engine.console.whys import Names, names_of
from engine.cycle.hearing import Hearing
from engine.cycle.why import Node
from engine.model.act import ActKind, Verdict
from engine.model.area import level
from engine.model.fault import Fault
from engine.model.grade import ADVISORY, DOMAINS, Grade, Mark
from engine.model.plan import Plan as Written
from engine.model.problem import Problem
from engine.model.response import Response as Plan
from engine.model.staff import Right, Visitor
from engine.model.text import Text
from engine.model.warning import Change, RiskWarning
from engine.notify import sentence
from engine.notify.cause import cause
from engine.notify.detail import detail
from engine.notify.notice import Trouble, said
from engine.notify.reason import of_change, reason
from engine.notify.wording import department
from engine.rulebook.words.mistakes import in_chinese

FOLDER = Path(__file__).parent
THEMES = ("auto", "light", "dark")
_A_YEAR = 365 * 86400
#: What an address asks that no link to the same page repeats.
_OWN = frozenset({"lang", "theme", "part", "key", "token"})

TEMPLATES = Environment(
    loader=FileSystemLoader(FOLDER / "templates"), autoescape=select_autoescape(default=True),
    undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip
TEMPLATES.globals.update(
    NUMERAL=words.NUMERAL, Grade=Grade, ADVISORY=ADVISORY, figure=sentence.figure,
    by_code=lambda sheet, digits: dict(zip(sheet.shapes, map(Mark.read, digits), strict=True)), some=Some,
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """What one viewer chose."""

    language: str
    theme: str

    @classmethod
    def of(cls, request: Request) -> Look:
        """Asked for in the address, chosen before, the viewer's own, or as it is usual here."""
        asked, kept = request.query_params, request.cookies
        visitor: Visitor | None = getattr(request.state, "visitor", None)
        own = visitor.language if visitor else ""
        language = asked.get("lang") or kept.get("forewarn_lang") or own or usual(request)
        theme = asked.get("theme") or kept.get("forewarn_theme") or "auto"
        return cls(language if language in LANGUAGES else "en", theme if theme in THEMES else "auto")

    def keep(self, request: Request, response: Response) -> None:
        """Remember what the address asked for."""
        for name, key, value in (
            ("lang", "forewarn_lang", self.language),
            ("theme", "forewarn_theme", self.theme),
        ):
            if name in request.query_params:
                response.set_cookie(key, value, max_age=_A_YEAR, samesite="lax", httponly=True)


@dataclass(frozen=True)
class Words:
    """What a template may say of a scene, in one language; called `w` there."""

    scene: Scene
    language: str

    def __call__(self, key: str, **facts: object) -> str:
        return words.say(self.language, key, **facts)

    @cached_property
    def today(self) -> date:
        return self.scene.world.settings.calendar.local_day(self.scene.at)

    def local(self, of: datetime) -> datetime:
        return of.astimezone(self.scene.world.settings.calendar.zone)

    def text(self, of: Text) -> str:
        return of.say(self.language)

    def when(self, of: datetime | None) -> str:
        return (
            words.moment(self.language, self.local(of), self.today)
            if of
            else words.say(self.language, "never")
        )

    def clock(self, of: datetime) -> str:
        """The hour alone where it is today, else the day as well."""
        local = self.local(of)
        return f"{local:%H:%M}" if local.date() == self.today else self.when(of)

    def day(self, of: date) -> str:
        return words.day(self.language, of, self.today)

    def long_day(self, of: datetime) -> str:
        return words.long_day(self.language, self.local(of).date())

    def ago(self, of: datetime) -> str:
        return words.gap(self.language, self.scene.at - of)

    def gap(self, of: timedelta | None) -> str:
        return words.gap(self.language, of) if of else "–"

    def category(self, code: str) -> str:
        known = self.scene.world.settings.taxonomy.categories
        return known[code].title.say(self.language) if code in known else code

    def deepest(self, codes: Sequence[str]) -> str:
        """Of several areas, the one that lies in the others; the first where none does."""
        tree = self.scene.world.settings.tree
        known = [one for one in codes if one in tree]
        return max(known, key=lambda one: len(tree.lineage(one)), default=codes[0])

    def grade(self, of: Grade) -> str:
        label = self.scene.reference.labels.get(of)
        return label.say(self.language) if label else words.say(self.language, "none")

    def marked(self, of: Mark) -> str:
        """A grade, and whether it is only advisory."""
        said = self.grade(of.grade)
        return f"{said}{self('aside')}{self('advisory')}" if of.advisory else said

    def hollow(self, *topics: str) -> bool:
        """Whether grades of these risks are advisory, all of them."""
        known = self.scene.world.settings.topics
        return bool(topics) and all(one in known and known[one].domain in ADVISORY for one in topics)

    def hollow_plan(self, of: Written) -> bool:
        """Whether a plan is for nothing but advisory grades."""
        categories, topics = self.scene.world.settings.taxonomy.categories, self.scene.world.settings.topics
        domains = {categories[one].domain for one in of.kinds if one in categories} | of.domains
        domains |= {topics[one].domain for one in of.topics if one in topics}
        return bool(domains) and domains <= ADVISORY

    def gravest(self, marks: Mapping[str, Mark]) -> list[str]:
        """The areas of a map that are warned, the gravest first."""
        return sorted((code for code, of in marks.items() if of.grade), key=marks.__getitem__, reverse=True)

    def lettered(self, sheet: Sheet, size: float) -> Iterator[tuple[str, Line]]:
        """The names that stand on a map, line by line, each with its area."""
        for code in sheet.rooms:
            for line in sheet.lines(code, self.area(code), size):
                yield code, line

    def area(self, code: str) -> str:
        return self.scene.reference.area(code).say(self.language)

    def topic(self, of: RiskWarning) -> str:
        return self.scene.reference.topic(of).say(self.language)

    def domain(self, of: Any) -> str:
        return DOMAINS[of].say(self.language)

    def step(self, of: Any) -> str:
        return words.STEPS[of].say(self.language)

    def about(self, of: Told) -> str:
        """What a message is about."""
        step = of.message.step
        said = words.MESSAGES[step].say(self.language) if step in words.MESSAGES else step
        return f"{said}{self('colon')}{self.text(of.task)}" if of.task else said

    def because(self, of: Change) -> str:
        """Why it changed."""
        return of_change(of, self.scene.reference.rules.values(), self.language)

    def effect(self, of: Any) -> str:
        return words.EFFECTS[of].say(self.language)

    def cycle(self, of: str) -> str:
        return words.CYCLES[of].say(self.language)

    def state(self, of: str) -> str:
        return words.STATES[of].say(self.language)

    def problem(self, of: Problem) -> str:
        """What a check has found and what to do, where its sentence is in another language; else ""."""
        return in_chinese(of) if self.language == "zh" else ""

    def unread(self, kind: str) -> str:
        """What of a record nobody could read, where that is known and said in another language."""
        key = f"unread {kind}"
        return self(key) if self.language == "zh" and key in words.SAID else ""

    def silent(self, feed: Hearing) -> str:
        """Since when a feed that is blind has told nothing."""
        return self("silent since", when=self.when(feed.since)) if feed.since else self("never heard")

    def detail(self, said: str) -> str:
        """What was noted of a fault, a feed or a run."""
        return detail(said, self.language)

    def level(self, code: str) -> str:
        return level(code).say(self.language)

    def cause(self, of: RiskWarning) -> str:
        """Why it is not certain."""
        return cause(of.confidence_cause, self.language)

    def asked_for(self, of: Plan) -> str:
        """Why a plan was proposed or begun: the engine's reason, or somebody's words."""
        return reason(of.reason, self.scene.reference.rules.values(), self.language)

    def because_of(self, tree: Node) -> Node:
        """A *why*, line by line."""
        return self._names.chinese(tree) if self.language == "zh" else tree

    @cached_property
    def _names(self) -> Names:
        return names_of(self.scene.world)

    def audited(self, what: str) -> str:
        """What was done or tried, as the audit names it."""
        return verbs.audited(what, self.language)

    def via(self, surface: str) -> str:
        return verbs.VIA[surface].say(self.language) if surface in verbs.VIA else surface

    def fault(self, of: Fault) -> str:
        return said(Trouble(of.kind), of.name, self.language)

    def office(self, of: Any) -> str:
        return words.OFFICES[of].say(self.language)

    def act(self, of: str) -> str:
        return verbs.PRESS[ActKind(of)].say(self.language).replace("{grade}", "").strip()

    def act_says(self, of: ActKind) -> str:
        return verbs.SAYS[of].say(self.language)

    def press(self, of: ActKind, on: RiskWarning | None) -> str:
        """What the button names, grade included."""
        grade = self.grade((on.proposed if on.proposed is not None else on.grade) if on else Grade.NONE)
        said = verbs.PRESS[of].say(self.language)
        return said.format(grade=grade.lower() if self.language == "en" else grade)

    def verdict(self, of: Verdict) -> str:
        return verbs.VERDICTS[of].say(self.language)

    def refusal(self, said: str) -> str:
        return refusal(said, self.language)

    def task_state(self, of: Any) -> str:
        return verbs.TASKS[of].say(self.language)

    def step_state(self, of: Any) -> str:
        return verbs.STEPS[of].say(self.language)

    def plan_state(self, of: Any) -> str:
        return verbs.PLANS[of].say(self.language)

    def beside(self, rivals: Sequence[Row]) -> str:
        """How a rule does beside its rivals."""
        said = contest.in_chinese(rivals) if self.language == "zh" else contest.in_words(rivals)
        return f"{said[:1].upper()}{said[1:]}{self('stop')}"

    def receiver(self, of: str) -> str:
        known = self.scene.world.settings.receivers
        return known[of].title if of in known else of

    def department(self, code: str) -> str:
        return department(code).say(self.language)

    def title(self, of: RiskWarning) -> str:
        return Text(of.title_en, of.title_zh).say(self.language)

    def why(self, of: RiskWarning) -> str:
        """One line; of what has ended, its last reason."""
        behind = self.scene.evidence.of(of.id)
        return sentence.short(behind, self.scene.reference, self.language) or self.title(of)

    def parts(self, one: Any) -> str:
        return sentence.parts(one, self.scene.reference, self.language)

    def missing(self, one: Any) -> str:
        return sentence.missing(one, self.scene.reference, self.language)


def page(request: Request, scene: Scene, name: str, status: int = 200, **shown: object) -> Response:
    """A page as HTML, in the viewer's language and theme."""
    look = Look.of(request)
    say: Callable[..., str] = Words(scene, look.language)
    html = TEMPLATES.get_template(name).render(
        w=say, look=look, scene=scene, visitor=request.state.visitor, Right=Right, **shown,
        **_around(request, look, there=status != 404),
    )  # fmt: skip
    response = HTMLResponse(html, status_code=status)
    look.keep(request, response)
    return response


def bare(request: Request, template: str, **shown: object) -> HTMLResponse:
    """A page for whom nobody knows yet: nothing of the store is on it."""
    look = Look.of(request)
    html = TEMPLATES.get_template(template).render(
        w=partial(words.say, look.language), look=look, language=look.language, **_around(request, look),
        **shown,
    )  # fmt: skip
    response = HTMLResponse(html)
    look.keep(request, response)
    return response


def _around(request: Request, look: Look, *, there: bool = True) -> dict[str, object]:
    """What every page says of where it is. there: what was asked for is: one page that is not there is like
    the other."""
    asked = request.query_params.multi_items() if there else []
    asked = [(name, value) for name, value in asked if name not in _OWN]
    return {
        "path": request.url.path, "other": "zh" if look.language == "en" else "en",
        "again": lambda **choice: urlencode([*asked, *choice.items()]), "asset": partial(asset, request),
    }  # fmt: skip


def asset(request: Request, name: str) -> str:
    """The address of a file of ours, which changes with the file."""
    stamp = (FOLDER / "static" / name).stat().st_mtime_ns
    return f"/static/{name}?{stamp:x}"
