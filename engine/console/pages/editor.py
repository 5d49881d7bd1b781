"""Where an analyst writes a rule: what is wrong as they type, what it says, what it would have changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse

from engine.backtest.diff import Diff, Effect, Shift, peak
from engine.backtest.history import Spell
from engine.console import drafting
from engine.console.few import Some
from engine.console.form import form
from engine.console.look import Look, page
from engine.console.scene import Scene
from engine.console.sight import needs, sight, who
from engine.errors import Busy, UsageError
from engine.model.grade import Grade
from engine.model.rule import Rule
from engine.model.staff import Entry, Right
from engine.store import audit

router = APIRouter(dependencies=[Depends(needs(Right.DRAFT))])

Fields = Annotated[Mapping[str, str], Depends(form)]
#: Effects that are listed; of more it says how many.
LISTED = 40


@router.get("/rule/{id}/edit")
def edit(request: Request, id: str) -> Response:
    scene, rule = _rule(request, id)
    return _shown(request, scene, rule, drafting.text_of(scene, rule))


@router.post("/rule/{id}/edit")
def attend(request: Request, id: str, fields: Fields) -> Response:
    """Check what was written, try it on the last days, or keep it; as a whole page, or as the part of it that
    changes."""
    scene, rule = _rule(request, id)
    text, told, said, kept = fields.get("text", "").replace("\r\n", "\n"), None, "", ""
    try:
        if fields.get("do") == "try":
            told = drafting.attempt(scene, rule, text)
        elif fields.get("do") == "keep":
            kept = drafting.keep(scene, rule, text)
            _note(request, scene, rule)
    except (UsageError, Busy) as error:
        said = str(error)
    template = "draft.html" if fields.get("part") else "editor.html"
    return _shown(request, scene, rule, text, template, told=told, refused=said, kept=kept)


@router.get("/rule/{id}/patch")
def patch(request: Request, id: str) -> Response:
    """What was kept last, as a patch for `git apply`."""
    scene, rule = _rule(request, id)
    name = f"{rule.id}.patch"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return PlainTextResponse(drafting.patch(scene, rule, drafting.text_of(scene, rule)), headers=headers)


def _rule(request: Request, id: str) -> tuple[Scene, Rule]:
    scene = sight(request)
    rule = scene.world.book.rules.get(id)
    # A rule of a pack stays as it came: config/packs.yaml tunes it.
    if rule is None or rule.pack:
        raise HTTPException(404)
    return scene, rule


def _shown(
    request: Request, scene: Scene, rule: Rule, text: str, template: str = "editor.html", *,
    told: Diff | None = None, refused: str = "", kept: str = "",
) -> Response:  # fmt: skip
    draft = drafting.check(scene, rule, text, Look.of(request).language)
    seen = _seen(scene, told) if told else []
    return page(
        request, scene, template, active="rules", rule=rule, draft=draft, file=drafting.home(scene, rule),
        refused=refused, kept=kept, told=told, effects=list(Effect), days=drafting.DAYS,
        shifts=Some(seen, LISTED), seen=seen,
        failed=[one for one in draft.verdicts if not one.passed],
    )  # fmt: skip


def _seen(scene: Scene, told: Diff) -> list[tuple[Shift, Grade, Grade]]:
    """What it would have changed below the visitor's area, with the highest grade before and after."""
    return [(one, _top(one.before), _top(one.after)) for one in told.shifts if scene.shows(one.place[0])]


def _top(spells: Sequence[Spell]) -> Grade:
    return peak(spells) if spells else Grade.NONE


def _note(request: Request, scene: Scene, rule: Rule) -> None:
    visitor = who(request)
    with scene.world.store.lasting() as tx:
        audit.add(tx, Entry(at=scene.world.clock(), who=visitor.name, what="draft kept", via=visitor.via,
                            about=rule.id))  # fmt: skip
