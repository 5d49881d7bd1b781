"""What one visitor sees: the scene below the top of their area, nothing beyond their rights."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import HTTPException, Request

from engine.console.scene import Scene
from engine.model.staff import Right, Visitor

#: Nothing that is done with these changes what others are shown.
LOOKING = frozenset({Right.SEE, Right.DRAFT})


def who(request: Request) -> Visitor:
    """Whoever asks; the door has let them in."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    if visitor is None:
        raise HTTPException(404)
    return visitor


def sight(request: Request) -> Scene:
    """The scene as far as whoever asks may see it."""
    scene: Scene = request.app.state.scene(who(request).area)
    return scene


def glance(request: Request) -> Scene:
    """The same for what pages fetch by themselves: who only looks is shown what others were a moment ago."""
    visitor = who(request)
    scene: Scene = request.app.state.scene(visitor.area, eased=visitor.rights <= LOOKING)
    return scene


def needs(right: Right) -> Callable[[Request], Visitor]:
    """For those who have this right; to others there is no such page. Who administers, administers all: of a
    part alone nobody can."""

    def check(request: Request) -> Visitor:
        visitor = who(request)
        if not visitor.may(right) or (right is Right.ADMINISTER and visitor.area):
            raise HTTPException(404)
        return visitor

    return check
