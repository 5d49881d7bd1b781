"""Acting: a page that asks for what an act needs, and the press that does it. A GET changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from engine.console.deed import PLANS, TASKS, Deed, NotThere, kind_of, perform, warning_of
from engine.console.form import form, local
from engine.console.look import page
from engine.console.offers import offers
from engine.console.scene import Scene
from engine.console.sight import needs, sight, who
from engine.cycle.world import World
from engine.duty import silence
from engine.duty.silence import Muted
from engine.errors import ActRefused
from engine.model.act import Act, ActKind, Verdict
from engine.model.grade import RUNGS, Grade
from engine.model.staff import Right, Visitor
from engine.model.warning import RiskWarning
from engine.staff.rights import answers_for, needed

router = APIRouter()

Fields = Annotated[Mapping[str, str], Depends(form)]
Acting = Annotated[Visitor, Depends(needs(Right.ANSWER))]

#: Acts that say nothing without a reason.
REASONED = frozenset({
    ActKind.DECLINE, ActKind.REGRADE, ActKind.LIFT, ActKind.CLOSE, ActKind.RAISE, ActKind.SILENCE,
    ActKind.COMMENT, ActKind.TASK_DECLINE, ActKind.TASK_FEEDBACK, ActKind.STEP_FAILED, ActKind.STAND_DOWN,
})  # fmt: skip
#: Acts that may end by themselves.
ENDING = frozenset({ActKind.DECLINE, ActKind.REGRADE, ActKind.LIFT, ActKind.RAISE, ActKind.SILENCE})


@router.get("/act/{kind}")
def asked(
    request: Request, kind: str, visitor: Acting, on: str = "", back: str = "/", part: bool = False
) -> Response:  # fmt: skip
    try:
        return _form(request, Deed(kind_of(kind), on, dict(request.query_params)), local(back), part=part)
    except NotThere:
        raise HTTPException(404) from None


@router.post("/act/{kind}")
def done(request: Request, kind: str, visitor: Acting, fields: Fields) -> Response:
    """Done, and back to where it was asked; or, refused, the same form with what moved and was written."""
    scene, world = sight(request), _world(request)
    part, back = fields.get("part") == "1", local(fields.get("back", "/"))
    try:
        deed = Deed(kind_of(kind), fields.get("on", ""), fields)
        perform(world, scene, visitor, deed)
    except NotThere:
        raise HTTPException(404) from None
    except ActRefused as refused:
        return _form(request, deed, back, part=part, refused=str(refused))
    return Response(status_code=204) if part else RedirectResponse(back, status_code=303)


def _form(request: Request, deed: Deed, back: str, *, part: bool, refused: str = "") -> Response:
    scene, world, visitor = sight(request), _world(request), who(request)
    warning = None
    if deed.kind not in (*TASKS, *PLANS, ActKind.RAISE, ActKind.UNSILENCE):
        warning = warning_of(world, scene, deed.on)
    _offered(scene, visitor, deed, warning)
    changes = scene.changes.get(deed.on, ())
    return page(
        request, scene, "act-part.html" if part else "act.html", 409 if refused else 200, active="",
        deed=deed, kind=deed.kind, one=warning, said=deed.said, back=back, part=part,
        # What is pressed next is done on what is shown now.
        seen=changes[-1].key if changes else "", last=changes[-1] if changes else None,
        moved=refused.startswith("it has moved"), refused=refused,
        reasoned=deed.kind in REASONED, ending=deed.kind in ENDING, grades=_grades(visitor, deed, warning),
        verdicts=list(Verdict), receivers=_receivers(scene, visitor, deed),
        mutes=_mutes(world, scene, deed, warning),
        subject=_subject(scene, deed), topics=world.settings.topics.values(),
    )  # fmt: skip


def _offered(scene: Scene, visitor: Visitor, deed: Deed, warning: RiskWarning | None) -> None:
    """Nothing is asked that could not be done; NotThere."""
    if warning is not None and deed.kind not in {offer.kind for offer in offers(scene, visitor, warning)}:
        # It may have been done meanwhile, by somebody else: then the press says so.
        if not visitor.may(needed(deed.kind, deed_grade(deed, warning))):
            raise NotThere
    elif warning is None and not visitor.may(needed(deed.kind)):
        raise NotThere


def deed_grade(deed: Deed, warning: RiskWarning) -> Grade:
    """The grade that an act would let pass or mute."""
    return (warning.proposed if deed.kind is ActKind.ISSUE else None) or warning.grade


def _grades(visitor: Visitor, deed: Deed, warning: RiskWarning | None) -> list[Grade]:
    """To which one may be regraded or raised by hand, the gravest first."""
    if deed.kind is ActKind.RAISE:
        return list(reversed(RUNGS))
    if deed.kind is ActKind.REGRADE and warning is not None:
        return [grade for grade in reversed(RUNGS) if grade != warning.grade]
    return []


def _receivers(scene: Scene, visitor: Visitor, deed: Deed) -> list[str]:
    """For whom one may answer."""
    if deed.kind not in (ActKind.ACKNOWLEDGE, ActKind.UNACKNOWLEDGE):
        return []
    unread = scene.unanswered(scene.warnings[deed.on]) if deed.on in scene.warnings else []
    told = sorted(one for one in scene.people.told.get(deed.on, ()) if answers_for(visitor, one))
    return [one for one in told if (one in unread) is (deed.kind is ActKind.ACKNOWLEDGE)]


def _mutes(world: World, scene: Scene, deed: Deed, warning: RiskWarning | None) -> list[Muted]:
    """What a silence would mute, and for whom."""
    if deed.kind is not ActKind.SILENCE or warning is None:
        return []
    act = Act(
        kind=ActKind.SILENCE, area=warning.area, topic=warning.topic, at=world.clock(),
        warning=warning.id, grade=warning.grade,
    )  # fmt: skip
    settings = world.settings
    return list(silence.preview(
        act, [warning], settings.routes, settings.tree.lineage,
        lambda id_: set(scene.people.told.get(id_, ())),
    ))  # fmt: skip


def _subject(scene: Scene, deed: Deed) -> Any:
    """The task, the plan, the step or the silence that it is about; NotThere where it is none."""
    people = scene.people
    moves = [move for plan in people.plans for move in plan.moves]
    every: list[Any] = [*moves, *people.tasks, *people.plans, *people.silences]
    of = {one.id: one for one in every}
    if deed.kind in (*TASKS, *PLANS, ActKind.UNSILENCE) and deed.on not in of:
        raise NotThere
    return of.get(deed.on)


def _world(request: Request) -> World:
    world: World = request.app.state.world()
    return world
