"""A form's page: what it shows, its files, and taking what is filled in."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl

import orjson
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import ClientDisconnect

from engine.console.form import FIELDS
from engine.console.sheet import words
from engine.console.tongue import LANGUAGES, usual
from engine.cycle.filling import Sheet, Wrong, post
from engine.cycle.world import World
from engine.errors import EngineError
from engine.model.form import OWN, Kind

FOLDER = Path(__file__).parent / "templates"
#: How pages behind links look.
_LOOK = FOLDER.parents[1] / "public" / "templates"
TEMPLATES = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
    lstrip_blocks=True,
)  # fmt: skip
#: What the page is made of besides itself: where it lies, and what it is.
FILES = {
    "answer.css": (_LOOK, "text/css"), "form.css": (FOLDER, "text/css"),
    "form.js": (FOLDER, "text/javascript"), "worker.js": (FOLDER, "text/javascript"),
}  # fmt: skip
#: Scripts of its own, which speak with where they come from alone.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
#: What is longer is no form; whoever sends one has sent it within so many seconds.
LONGEST, SENT = 20_000, 20.0
#: More choices than this are a list to open.
_SHOWN = 8


@dataclass(frozen=True)
class Around:
    """Where the page stands. files: where its files lie; worker: whether it is kept for where there is no
    network; back: where else one may go."""

    files: str
    worker: bool = False
    back: str = ""


def file(name: str) -> Response:
    """One of the page's files. The worker keeps the page for where there is no network, and nothing else."""
    if name not in FILES:
        return PlainTextResponse("", status_code=404)
    headers = {"content-security-policy": POLICY}
    if name == "worker.js":
        headers["service-worker-allowed"] = "/f/"
    folder, kind = FILES[name]
    return Response((folder / name).read_text(encoding="utf-8"), media_type=kind, headers=headers)


def language(request: Request) -> str:
    """Asked for in the address, or as it is usual here."""
    asked = request.query_params.get("lang") or usual(request)
    return asked if asked in LANGUAGES else "en"


def page(
    request: Request, of: Sheet, around: Around, given: Mapping[str, str] | None = None, refused: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    """The form to fill in. given: what was filled in, and refused for that reason."""
    world, spoken = _world(request), language(request)
    now = world.clock().astimezone(world.settings.calendar.zone)
    blank = dict.fromkeys((*OWN, *(one.id for one in of.form.questions)), "")
    filled = {**blank, "id": secrets.token_hex(16), "at": f"{now:%Y-%m-%dT%H:%M}", **(given or {})}
    codes = [code for _, places in of.groups for code in places]
    if len(codes) == 1:
        filled["area"] = codes[0]
    html = TEMPLATES.get_template("form.html").render(
        sheet=of, form=of.form, filled=filled, refused=refused, language=spoken, files=around.files,
        worker=around.worker, back=around.back, say=partial(words.say, spoken), shown=_SHOWN, Kind=Kind,
        zone=str(world.settings.calendar.zone), kept="kept" in request.query_params,
        least=f"{now - of.form.back:%Y-%m-%dT00:00}",
    )  # fmt: skip
    return HTMLResponse(html, status_code=status, headers={"content-security-policy": POLICY})


async def read(request: Request) -> dict[str, str] | None:
    """What was sent, by the page's script or without it; None for what is no form."""
    try:
        body = await asyncio.wait_for(_body(request), SENT)
    except (TimeoutError, ClientDisconnect):
        return None
    if body is None:
        return None
    try:
        found = orjson.loads(body) if scripted(request) else _fields(body)
    except ValueError:
        return None
    given = {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else None
    # No database keeps the sign that ends texts in C.
    return given if given is not None and not any("\0" in value for value in given.values()) else None


def _fields(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode("utf-8"), max_num_fields=FIELDS))


async def _body(request: Request) -> bytes | None:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST:
            return None
    return body


def scripted(request: Request) -> bool:
    """Whether the page's script asks, and reads the answer."""
    return request.headers.get("content-type", "").partition(";")[0].strip() == "application/json"


async def taken(request: Request, of: Sheet, around: Around, given: Mapping[str, str]) -> Response:
    """What was filled in, taken as what a source pushes: the answer comes when it is stored."""
    spoken = language(request)
    try:
        brought = post(_world(request), of, given)
    except Wrong as wrong:
        question = next((one for one in of.form.questions if one.id == wrong.field), None)
        said = words.say(spoken, wrong.why, **wrong.facts)
        label = question.ask.say(spoken) if question else ""
        return _refused(request, of, around, given, f"{label} {said}".strip(), 422)
    take = request.app.state.take
    if take is None:
        return _refused(request, of, around, given, words.say(spoken, "nobody takes"), 503)
    try:
        done = await asyncio.wrap_future(take(brought))
    except EngineError:
        return _refused(request, of, around, given, words.say(spoken, "not now"), 503)
    if done.refused or done.account.rejected:
        return _refused(request, of, around, given, words.say(spoken, "not taken"), 422)
    if scripted(request):
        return JSONResponse({"kept": True})
    return RedirectResponse(f"{request.url.path}?kept&lang={spoken}", status_code=303)


def _refused(
    request: Request, of: Sheet, around: Around, given: Mapping[str, str], said: str, status: int
) -> Response:
    if scripted(request):
        return JSONResponse({"wrong": said}, status_code=status)
    return page(request, of, around, given, said, status)


def _world(request: Request) -> World:
    world: World = request.app.state.world()
    return world
