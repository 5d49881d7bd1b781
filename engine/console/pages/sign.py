"""Signing in and out, and choosing a password."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.console.elsewhere import Elsewhere
from engine.console.entrance import DEVICE, REMEMBERED, SESSION, Entrance
from engine.console.form import form, local
from engine.console.look import Look, bare
from engine.console.sight import who
from engine.cycle.world import World
from engine.errors import Busy, UsageError
from engine.model.staff import Account
from engine.staff import accounts, password, sessions
from engine.store import staff

router = APIRouter()

Fields = Annotated[Mapping[str, str], Depends(form)]


@router.get("/sign-in")
def asked(request: Request, next: str = "/", left: str = "") -> Response:
    return gate(request, 200, "elsewhere left" if left else "", onward=local(next))


@router.post("/sign-in")
def sign_in(request: Request, fields: Fields) -> Response:
    """A session of its own for each sign-in, whatever cookie came with it; the one before is over."""
    entrance: Entrance = request.app.state.entrance
    name, onward = fields.get("name", "").strip(), local(fields.get("next", "/"))
    try:
        key, wait = entrance.sign_in(request.headers, name, fields.get("password", ""))
    except Busy:
        return gate(request, 503, "sign busy", onward=onward, name=name, wait=5)
    if wait:
        return gate(request, 429, "sign wait", onward=onward, name=name, wait=wait)
    if key is None:
        return gate(request, 401, "sign wrong", onward=onward, name=name)
    ended(request)
    answer = RedirectResponse(onward, status_code=303)
    entrance.keep(answer, SESSION, key)
    entrance.keep(answer, DEVICE, key, REMEMBERED)
    return answer


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    account = _account(request)
    outside = account is not None and account.known_as and request.app.state.elsewhere.asked
    ended(request)
    answer = RedirectResponse("/sign-in?left=1" if outside else "/sign-in", status_code=303)
    answer.delete_cookie(SESSION)
    return answer


@router.get("/password")
def choose(request: Request) -> Response:
    return _password(request, "")


@router.post("/password")
def chosen(request: Request, fields: Fields) -> Response:
    visitor, world = who(request), _world(request)
    if not visitor.session:
        return _password(request, "")
    with world.store.read() as tx:
        secret = staff.secret_of(tx, visitor.name)
    if not visitor.provisional and not password.matches(secret, fields.get("old", "")):
        return _password(request, "password old", 401)
    if fields.get("new", "") != fields.get("again", ""):
        return _password(request, "password differs", 400)
    try:
        password.checked(fields["new"], visitor.name)
        with world.store.lasting() as tx:
            accounts.choose(tx, visitor.name, fields["new"], world.clock(), keep=visitor.session)
    except (UsageError, KeyError):
        return _password(request, "password weak", 400)
    return RedirectResponse("/", status_code=303)


def _password(request: Request, said: str, status: int = 200) -> Response:
    visitor = who(request)
    if not visitor.session:
        return RedirectResponse("/sign-in", status_code=303)
    account, asked = _account(request), request.app.state.elsewhere.asked
    elsewhere = asked.title.text.say(Look.of(request).language) if asked else "–"
    answer = bare(
        request, "password.html", said=said, visitor=visitor, shortest=password.SHORTEST,
        elsewhere=account is not None and account.known_as and elsewhere,
    )  # fmt: skip
    answer.status_code = status
    return answer


def gate(
    request: Request, status: int, said: str, *, onward: str = "/", name: str = "", wait: float = 0
) -> HTMLResponse:
    """The page that asks who somebody is, and what was wrong before."""
    elsewhere: Elsewhere = request.app.state.elsewhere
    answer = bare(
        request, "sign.html", next=onward, name=name, said=said, minutes=ceil(wait / 60),
        elsewhere=elsewhere.asked, farewell=said == "elsewhere left" and elsewhere.farewell,
    )  # fmt: skip
    answer.status_code = status
    if wait:
        answer.headers["retry-after"] = str(ceil(wait))
    return answer


def ended(request: Request) -> None:
    """The session that the request came by is over."""
    visitor = request.state.visitor
    if visitor is not None and visitor.session:
        world = _world(request)
        with world.store.lasting() as tx:
            sessions.end(tx, visitor.session, world.clock(), by=visitor.name)


def _account(request: Request) -> Account | None:
    """Whose session the request came by."""
    visitor = request.state.visitor
    if visitor is None or not visitor.session:
        return None
    with _world(request).store.read() as tx:
        return staff.find(tx, visitor.name)


def _world(request: Request) -> World:
    world: World = request.app.state.world()
    return world
