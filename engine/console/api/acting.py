"""What programs may do: the acts of people, by a token of theirs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from engine.console.api import shapes
from engine.console.api.listing import answer
from engine.console.api.problem import ABSENT, REFUSED, Problem
from engine.console.deed import Deed, NotThere, kind_of, perform
from engine.console.sight import needs, sight, who
from engine.errors import ActRefused
from engine.model.act import ActKind
from engine.model.staff import Right

router = APIRouter(
    prefix="/v1", tags=["acting"], dependencies=[Depends(needs(Right.ANSWER))], responses=REFUSED
)

#: No database keeps the sign that ends texts in C.
_KEPT = r"^[^\x00]*$"
Word = Annotated[str, Field(max_length=300, pattern=_KEPT)]


class Wish(BaseModel):
    """An act: of which kind, on what, and what was seen. Refused where that has moved since."""

    model_config = ConfigDict(extra="forbid")

    kind: ActKind
    on: Word = Field("", description="The warning, task, step, plan or silence.")
    seen: Word = Field("", description="`change` of the warning as it was read; empty: as it stands.")
    why: Annotated[str, Field(max_length=2000, pattern=_KEPT)] = ""
    grade: Word = ""
    until: Word = Field("", description="A moment; without an offset it is local.")
    receiver: Word = ""
    verdict: Word = ""
    outcome: Word = Field("", description="The day on which it happened.")
    area: Word = Field("", description="Of a warning by hand.")
    topic: Word = Field("", description="Of a warning by hand.")


@router.post("/acts", status_code=201, summary="Acknowledge, issue, decline, close, ...")
def act(request: Request, wish: Wish) -> Response:
    """409 where the engine refuses it, with its sentence; 404 where it is not there for whoever asks."""
    deed = Deed(kind_of(wish.kind), wish.on, wish.model_dump(mode="json"))
    try:
        done = perform(request.app.state.world(), sight(request), who(request), deed)
    except NotThere:
        raise Problem(404, ABSENT) from None
    except ActRefused as refused:
        raise Problem(409, str(refused)) from None
    told = answer(request, shapes.act(done))
    told.status_code = 201
    return told
