"""Live parts, made once for all who see the same: of a hundred viewers of one state all read one answer."""

from __future__ import annotations

import gzip
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from fastapi import Request, Response

from engine.console.look import Look
from engine.console.scene import Scene
from engine.console.sight import LOOKING, who

#: So many are kept; whoever asked last keeps theirs.
MOST = 64
#: Quick rather than small: it is made anew with every state.
LEVEL = 4


@dataclass
class _One:
    """One part of one state."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    #: Of which scene; that one may go when nobody else needs it.
    scene: Callable[[], Scene | None] = lambda: None
    plain: bytes = b""
    packed: bytes = b""


class Kept:
    """The latest of each part, by what it depends on beside the scene."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, _One] = OrderedDict()

    def of(self, request: Request, scene: Scene, make: Callable[[], Response]) -> Response:
        """The part that the address asks for, made by `make` where nobody like this visitor has had it of
        this scene."""
        one = self._one((request.url.path, request.url.query, Look.of(request), _alike(request)))
        with one.lock:
            if one.scene() is not scene:
                one.plain = bytes(make().body)
                one.scene, one.packed = weakref.ref(scene), gzip.compress(one.plain, LEVEL)
        headers = {"vary": "accept-encoding"}
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(one.plain, media_type="text/html", headers=headers)
        packed = headers | {"content-encoding": "gzip"}
        return Response(one.packed, media_type="text/html", headers=packed)

    def _one(self, key: Hashable) -> _One:
        with self._lock:
            one = self._kept.setdefault(key, _One())
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
            return one


def _alike(request: Request) -> Hashable:
    """Whoever may only look is like everybody else who sees as far; whoever may act is like nobody."""
    visitor = who(request)
    own = "" if visitor.rights <= LOOKING else (visitor.name, visitor.via)
    return visitor.area, visitor.receivers, visitor.rights, own
