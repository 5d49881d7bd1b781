"""The page behind a signed link. Looking changes nothing, whoever looks (mail programs follow links);
pressing does, through the acts of everybody else."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from engine.chart.strip import NUMERAL
from engine.console.pace import Pace
from engine.console.public import words
from engine.console.refusals import refusal
from engine.cycle import acting, desk
from engine.cycle.opening import Opened, open_
from engine.cycle.world import World
from engine.errors import ActRefused
from engine.model.act import Act, ActKind
from engine.model.grade import ADVISORY, Grade

router = APIRouter()

FOLDER = Path(__file__).parent / "templates"
TEMPLATES = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
    lstrip_blocks=True,
)  # fmt: skip
KINDS = {
    "read": ActKind.ACKNOWLEDGE, "comment": ActKind.COMMENT, "accept": ActKind.TASK_ACCEPT,
    "done": ActKind.TASK_DONE,
}  # fmt: skip
_OF_TASKS = (ActKind.TASK_ACCEPT, ActKind.TASK_DONE)
#: A form is no longer than this: what is longer is no answer. Names and words have bounds of their own.
LONGEST, NAME, WORDS = 20_000, 80, 2_000
STATUS = {
    "unknown": 404, "revoked": 410, "over": 410, "often": 429, "broke": 500, "form revoked": 410,
    "form over": 410, "no form": 400,
}  # fmt: skip


@router.get("/answer.css")
def style() -> Response:
    return Response((FOLDER / "answer.css").read_text(encoding="utf-8"), media_type="text/css")


@router.api_route("/a/{token}", methods=["GET", "HEAD"])
def look(request: Request, token: str) -> Response:
    world: World = request.app.state.world()
    if not often(request, "looks", token):
        return said("often")
    with world.store.read() as tx:
        found = open_(world, tx, token)
    if isinstance(found, str):
        return said(found)
    return _page(world, found, kept=request.query_params.get("kept", ""))


@router.post("/a/{token}")
async def press(request: Request, token: str) -> Response:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST:
            return PlainTextResponse("too long\n", status_code=413)
    form = {key: values[0].strip() for key, values in parse_qs(body.decode("utf-8", "replace")).items()}
    return await asyncio.to_thread(partial(_pressed, request, token, form))


def _pressed(request: Request, token: str, form: dict[str, str]) -> Response:
    world: World = request.app.state.world()
    if not often(request, "presses", token):
        return said("often")
    with world.store.read() as tx:
        found = open_(world, tx, token)
    if isinstance(found, str):
        return said(found)
    language = found.payload["language"]
    what = form.get("do", "")
    missing = _missing(what, form, language)
    if missing:
        return _page(world, found, refused=missing, form=form, status=400)
    try:
        _act(world, found, KINDS[what], form)
    except ActRefused as error:
        with world.store.read() as tx:
            again = open_(world, tx, token)
        shown = again if isinstance(again, Opened) else found
        return _page(world, shown, refused=refusal(str(error), language), form=form, status=409)
    return RedirectResponse(f"{request.url.path}?kept={what}", status_code=303)


def _missing(what: str, form: dict[str, str], language: str) -> str:
    if what not in KINDS or not form.get("name"):
        return words.say(language, "need name")
    if what == "comment" and not form.get("why"):
        return words.say(language, "need words")
    return ""


def _act(world: World, found: Opened, kind: ActKind, form: dict[str, str]) -> None:
    """What somebody at the link does, for its receiver, on what they saw."""
    wish = Act(
        kind=kind, area="", topic="", at=world.clock(), warning=found.warning.id, by=form["name"][:NAME],
        receiver=found.link.receiver, reason=form.get("why", "")[:WORDS], via="link",
        target=form.get("task", "") if kind in _OF_TASKS else "",
    )  # fmt: skip
    if kind not in _OF_TASKS:
        acting.do(world, wish, seen=form.get("seen", ""))
    elif wish.target in {one.id for one in found.tasks}:
        desk.answer(world, wish)
    else:
        raise ActRefused("that task is not asked of you")


def _page(
    world: World, found: Opened, *, kept: str = "", refused: str = "", form: dict[str, str] | None = None,
    status: int = 200,
) -> Response:  # fmt: skip
    language = str(found.payload["language"])
    say = partial(words.say, language)
    zone = world.settings.calendar.zone
    receiver = world.settings.receivers[found.link.receiver]
    grade = found.warning.grade if found.warning.open else found.last.before
    html = TEMPLATES.get_template("answer.html").render(
        found=found, told=_told(found), language=language, say=say, grade=grade,
        numeral=NUMERAL.get(grade, ""), when=partial(_when, zone=zone), receiver=receiver.title,
        refused=refused,
        form={"do": "", "name": "", "why": "", **(form or {})}, kept=say(kept) if kept in KINDS else "",
        states=_states(language), advisory=found.warning.domain in ADVISORY,
        label=_label(world, grade, language), comments=_comments(found),
    )  # fmt: skip
    return HTMLResponse(html, status_code=status)


def _label(world: World, grade: Grade, language: str) -> str:
    label = world.settings.grades.labels.get(grade)
    return label.say(language) if label else grade.word


def _told(found: Opened) -> Mapping[str, Any]:
    """The sentences of the message; of one that has none of its own, its subject."""
    without = dict.fromkeys(("why", "chance", "since", "confidence", "advisory"), "")
    subject = found.payload["subject"]
    plain = {"subject": subject, "place": "", "title": subject, "notes": (), "evidence": (), **without}
    told: Mapping[str, Any] = found.payload.get("told", plain)
    return told


def _states(language: str) -> dict[str, str]:
    return {state.value: text.say(language) for state, text in words.STATES.items()}


def _comments(found: Opened) -> list[Act]:
    """What this receiver has said of it."""
    return [
        one for one in found.acts
        if one.kind is ActKind.COMMENT and one.receiver == found.link.receiver and one.reason
    ]  # fmt: skip


def _when(at: datetime, *, zone: Any) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def said(key: str) -> Response:
    """Why there is nothing to see, in both languages: nobody is known here."""
    lines = [words.SAID[key].en, words.SAID[key].say("zh")]
    html = TEMPLATES.get_template("said.html").render(lines=lines)
    headers = {"retry-after": "60"} if key == "often" else {}
    return HTMLResponse(html, status_code=STATUS[key], headers=headers)


def often(request: Request, what: str, token: str) -> bool:
    """Whether neither this link nor whoever asks has done so too often."""
    pace: Pace = request.app.state.limits[what]
    client = request.client.host if request.client else ""
    return not (pace.take(f"from {client}") or pace.take(token))
