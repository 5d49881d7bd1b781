"""The application: its pages, its files, what it says when it cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from loguru import logger

from engine.console import atlas, pages
from engine.console.door import Door
from engine.console.entrance import Entrance
from engine.console.live import Pulse
from engine.console.look import FOLDER, page
from engine.console.scene import Scene, Scenes
from engine.console.sight import sight
from engine.cycle.world import World

#: Maps are named by their content and may be kept.
FOREVER = {"cache-control": "private, max-age=31536000, immutable"}


@dataclass(frozen=True)
class Guest:
    """Pages of another room beside the console's own. free: the beginnings of those that need nobody known,
    because they look for themselves (a signed link)."""

    router: APIRouter
    free: tuple[str, ...] = ()


def create(
    world: Callable[[], World], key: str = "", *, names: Sequence[str] = (), https: bool = False,
    guests: Sequence[Guest] = (),
) -> FastAPI:  # fmt: skip
    """The console over the world that `world` gives at each request; who has `key` may look. names: by which
    browsers ask for it, beside this machine's own; https: they come over it."""
    app = FastAPI(title="forewarn", docs_url=None, redoc_url=None, openapi_url=None)
    entrance = Entrance(world, key, https)
    free = [path for guest in guests for path in guest.free]
    app.add_middleware(Door, entrance=entrance, names=names, free=free)
    scenes = Scenes()
    app.state.world, app.state.entrance = world, entrance
    app.state.scene = lambda top="": scenes.of(world(), top)
    app.state.sheets = Sheets()
    app.state.pulse = Pulse(lambda: _state(world()))
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    for router in (*(module.router for module in pages.PAGES), *(guest.router for guest in guests)):
        app.include_router(router)
    app.add_api_route("/live", _live)
    app.add_api_route("/map/{name}", _map)
    app.add_api_route("/healthz", lambda: PlainTextResponse("ok\n"))
    app.add_exception_handler(404, _absent)
    app.add_exception_handler(Exception, _broke)
    return app


class Sheets:
    """The maps of an area tree, drawn once for each part of it that somebody sees."""

    def __init__(self) -> None:
        self._gazetteer: object = None
        self._drawn: dict[str, atlas.Sheet | None] = {}

    def of(self, scene: Scene) -> atlas.Sheet | None:
        """Of what a scene shows; where that has no parts with shapes, of the whole."""
        gazetteer = scene.world.settings.gazetteer
        if self._gazetteer is not gazetteer:
            self._gazetteer, self._drawn = gazetteer, {}
        if scene.top not in self._drawn:
            own = {code: shape for code, shape in gazetteer.polygons.items() if scene.shows(code)}
            found = atlas.draw(gazetteer.tree, own) or atlas.draw(gazetteer.tree, gazetteer.polygons)
            self._drawn[scene.top] = found
        return self._drawn[scene.top]


def _state(world: World) -> str:
    with world.store.read() as tx:
        return str(tx.horizon())


async def _live(request: Request) -> Response:
    pulse: Pulse = request.app.state.pulse
    seen = request.headers.get("last-event-id", "")
    return StreamingResponse(pulse.events(seen), media_type="text/event-stream")


def _map(request: Request, name: str) -> Response:
    sheet = request.app.state.sheets.of(sight(request))
    if sheet is None or name != sheet.name:
        return PlainTextResponse("", status_code=404)
    return Response(sheet.svg, media_type="image/svg+xml", headers=FOREVER)


def _absent(request: Request, error: Exception) -> Response:
    if getattr(request.state, "visitor", None) is None:
        return PlainTextResponse("", 404)
    return page(request, sight(request), "said.html", 404, said="absent", active="")


def _broke(request: Request, error: Exception) -> Response:
    logger.opt(exception=error).error("a page of the console broke")
    return PlainTextResponse(
        "This page could not be made; the log tells why.\n页面生成失败，原因见日志。\n", 500
    )
