"""Accounts, tokens and who is signed in: for administrators. A key is shown once, when it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from engine.console.form import form
from engine.console.look import page
from engine.console.sight import needs, sight, who
from engine.cycle import drilling
from engine.cycle.world import World
from engine.errors import ActRefused, Busy, UsageError
from engine.model.staff import Entry, Office, Right, TokenKind
from engine.staff import accounts, tokens
from engine.staff import sessions as signed
from engine.store import audit, outbox, sessions, staff
from engine.store import tokens as kept
from engine.store.database import Tx

router = APIRouter(dependencies=[Depends(needs(Right.ADMINISTER))])

Fields = Annotated[Mapping[str, str], Depends(form)]
Made = tuple[str, str]


@router.get("/settings")
def settings(request: Request) -> Response:
    return _page(request)


@router.post("/settings/{what}")
def change(request: Request, what: str, fields: Fields) -> Response:
    """The page again, with what was made on it, or why not; nothing secret goes into an address."""
    if what not in _CHANGES:
        raise HTTPException(404)
    world: World = request.app.state.world()
    try:
        with world.store.lasting() as tx:
            made = _CHANGES[what](world, tx, who(request).name, fields)
    except (UsageError, ActRefused, Busy) as error:
        return _page(request, said=str(error), status=400, fields=fields)
    return _page(request, made=made)


def _page(
    request: Request, *, made: Made | None = None, said: str = "", status: int = 200,
    fields: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    scene = sight(request)
    with scene.world.store.read() as tx:
        every, keys, sent = staff.every(tx), kept.every(tx), outbox.last(tx)
        here = sessions.open_since(tx, scene.world.clock() - signed.IDLE)
    tree = scene.world.settings.tree
    return page(
        request, scene, "settings.html", status, active="settings", accounts=every, tokens=keys, here=here,
        offices=list(Office), rights=list(Right), areas=list(tree), made=made, said=said,
        fields=fields or {}, now=scene.world.clock(), receivers=scene.world.settings.receivers,
        sent=sent, pushed=_pushed(scene.world), provider=scene.world.settings.engine.provider,
    )  # fmt: skip


def _add(world: World, tx: Tx, by: str, fields: Mapping[str, str]) -> Made | None:
    name = fields.get("name", "").strip()
    offices = [office for office in Office if fields.get(f"role-{office}")]
    receiver = fields.get("receiver", "")
    if receiver and receiver not in world.settings.receivers:
        raise UsageError(f"there is no receiver '{receiver[:60]}'")
    given = accounts.add(
        tx, name, offices, world.clock(), by=by, via="console", title=fields.get("title", "").strip()[:100],
        area=_area(world, fields), receivers=(receiver,) if receiver else (),
        known_as=_known_as(world, fields),
    )  # fmt: skip
    return (name, given) if given else None


def _reset(world: World, tx: Tx, by: str, fields: Mapping[str, str]) -> Made:
    name = fields.get("name", "")
    return name, accounts.reset(tx, name, world.clock(), by=by, via="console")


def _close(world: World, tx: Tx, by: str, fields: Mapping[str, str]) -> None:
    accounts.close(tx, fields.get("name", ""), world.clock(), by=by, via="console")


def _token(world: World, tx: Tx, by: str, fields: Mapping[str, str]) -> Made:
    if fields.get("kind") == TokenKind.FEED:
        return _source(world, tx, by, fields)
    display = fields.get("kind") == TokenKind.DISPLAY
    scopes = {right for right in Right if fields.get(f"scope-{right}")} | {Right.SEE}
    made, key = tokens.make(
        tx, fields.get("title", "")[:100], TokenKind.DISPLAY if display else TokenKind.API, world.clock(),
        by=by, via="console", owner=None if display else accounts.known(tx, by),
        scopes=[Right.SEE] if display else scopes, area=_area(world, fields),
        lasts=_lasts(fields),
    )  # fmt: skip
    return made.title, f"/display?token={key}" if display else key


def _source(world: World, tx: Tx, by: str, fields: Mapping[str, str]) -> Made:
    """For whoever pushes what a feed tells."""
    name = fields.get("feed", "")
    if name not in _pushed(world):
        raise UsageError(f"'{name[:60]}' is no feed that is pushed; choose the one that the source tells of")
    made, key = tokens.make(
        tx, fields.get("title", "")[:100], TokenKind.FEED, world.clock(), by=by, via="console", feed=name,
        lasts=_lasts(fields),
    )  # fmt: skip
    return made.title, key


def _pushed(world: World) -> list[str]:
    return [feed.id for feed in world.settings.feeds.values() if feed.pushed and not feed.filled_in]


def _lasts(fields: Mapping[str, str]) -> timedelta | None:
    days = fields.get("days", "").strip()
    if days and not (days.isascii() and days.isdigit() and 0 < int(days[:6]) <= 3650):
        raise UsageError("a token lasts from 1 to 3650 days, or until it is revoked")
    return timedelta(days=int(days)) if days else None


def _revoke(world: World, tx: Tx, by: str, fields: Mapping[str, str]) -> None:
    tokens.revoke(tx, fields.get("id", ""), world.clock(), by=by, via="console")


def _end(world: World, tx: Tx, by: str, fields: Mapping[str, str]) -> None:
    signed.end(tx, fields.get("id", ""), world.clock(), by=by, what="session ended")


def _known_as(world: World, fields: Mapping[str, str]) -> str:
    name = fields.get("known_as", "").strip()[:500]
    if name and not world.settings.engine.provider:
        raise UsageError("no identity provider is configured that could know somebody")
    return name


def _area(world: World, fields: Mapping[str, str]) -> str:
    code = fields.get("area", "")
    if code and code not in world.settings.tree:
        raise UsageError(f"there is no area '{code[:60]}'")
    return code


def _sound(world: World, tx: Tx, by: str, fields: Mapping[str, str]) -> None:
    """A message of a drill to one receiver alone, over the channels that a warning would take."""
    name = fields.get("name", "")
    if name not in world.settings.receivers:
        raise UsageError(f"there is no receiver '{name[:60]}'")
    root = next(one.code for one in world.settings.tree if one.parent is None)
    drilling.begin(world, tx, drilling.alone(name), root, by, via="console")
    audit.add(tx, Entry(at=world.clock(), who=by, what="receiver tested", via="console", about=name))


_CHANGES: Mapping[str, Callable[[World, Tx, str, Mapping[str, str]], Made | None]] = {
    "account-add": _add, "account-reset": _reset, "account-close": _close, "token-add": _token,
    "token-revoke": _revoke, "session-end": _end, "receiver-test": _sound,
}  # fmt: skip
