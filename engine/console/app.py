"""The application: its pages, its files, what it says when it cannot."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from loguru import logger

from engine.console import atlas, pages
from engine.console.door import Door
from engine.console.live import Pulse
from engine.console.look import FOLDER, page
from engine.console.scene import Scenes
from engine.cycle.world import World

#: Maps are named by their content and may be kept.
FOREVER = {"cache-control": "private, max-age=31536000, immutable"}


def create(world: Callable[[], World], key: str) -> FastAPI:
    """The console over the world that `world` gives at each request; who has `key` may look."""
    app = FastAPI(title="forewarn", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Door, key=key)
    scenes = Scenes()
    app.state.scene = lambda: scenes.of(world())
    app.state.sheets = Sheets()
    app.state.pulse = Pulse(lambda: _state(world()))
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    for module in pages.PAGES:
        app.include_router(module.router)
    app.add_api_route("/live", _live)
    app.add_api_route("/map/{name}", _map)
    app.add_api_route("/healthz", lambda: PlainTextResponse("ok\n"))
    app.add_exception_handler(404, _absent)
    app.add_exception_handler(Exception, _broke)
    return app


class Sheets:
    """The map of an area tree, drawn once for each."""

    def __init__(self) -> None:
        self._of: tuple[object, atlas.Sheet | None] | None = None

    def of(self, world: World) -> atlas.Sheet | None:
        gazetteer = world.settings.gazetteer
        if self._of is None or self._of[0] is not gazetteer:
            self._of = gazetteer, atlas.draw(gazetteer.tree, gazetteer.polygons)
        return self._of[1]


def _state(world: World) -> str:
    with world.store.read() as tx:
        return str(tx.horizon())


async def _live(request: Request) -> Response:
    pulse: Pulse = request.app.state.pulse
    seen = request.headers.get("last-event-id", "")
    return StreamingResponse(pulse.events(seen), media_type="text/event-stream")


def _map(request: Request, name: str) -> Response:
    sheet = request.app.state.sheets.of(request.app.state.scene().world)
    if sheet is None or name != sheet.name:
        return PlainTextResponse("", status_code=404)
    return Response(sheet.svg, media_type="image/svg+xml", headers=FOREVER)


def _absent(request: Request, error: Exception) -> Response:
    return page(request, request.app.state.scene(), "said.html", 404, said="absent", active="")


def _broke(request: Request, error: Exception) -> Response:
    logger.opt(exception=error).error("a page of the console broke")
    return page(request, request.app.state.scene(), "said.html", 500, said="broke", active="")
