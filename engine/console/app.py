"""The application: its pages, its files, what it says when it cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from loguru import logger
from starlette.middleware.gzip import GZipMiddleware

from engine.console import atlas, pages
from engine.console.api import acting, exporting, health, pushing, reading
from engine.console.api.problem import ABSENT, PREFIX, REFUSED, Problem, problem
from engine.console.door import Door
from engine.console.elsewhere import Elsewhere
from engine.console.entrance import Entrance
from engine.console.kept import Kept
from engine.console.live import Pulse
from engine.console.look import FOLDER, page
from engine.console.scene import Scene, Scenes
from engine.console.sight import sight
from engine.console.yearbook import Yearbook
from engine.cycle.loops.intake import Take
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
    guests: Sequence[Guest] = (), take: Take | None = None,
) -> FastAPI:  # fmt: skip
    """The console over the world that `world` gives at each request; who has `key` may look. names: by which
    browsers ask for it, beside this machine's own; https: they come over it; take: what the service beside it
    does with what sources push."""
    app = FastAPI(
        title="forewarn", version=version("forewarn"), docs_url=None, redoc_url=None,
        openapi_url="/v1/openapi.json",
    )  # fmt: skip
    entrance = Entrance(world, key, https)
    free = [path for guest in guests for path in guest.free]
    # No page holds a secret beside what whoever asks has sent: nothing can be guessed from its length.
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Door, entrance=entrance, names=names, free=free)
    scenes = Scenes()
    app.state.world, app.state.entrance = world, entrance
    app.state.elsewhere = Elsewhere(world)
    app.state.scene = lambda top="", eased=False: scenes.of(world(), top, eased=eased)
    app.state.sheets, app.state.kept, app.state.yearbook = Sheets(), Kept(), Yearbook()
    app.state.take = take
    app.state.pulse = Pulse(lambda: str(scenes.state(world())))
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    for module in pages.PAGES:
        app.include_router(module.router, include_in_schema=False)
    own = (reading.router, exporting.router, acting.router, pushing.router, health.router)
    for router in (*own, *(guest.router for guest in guests)):
        app.include_router(router)
    app.add_api_route("/live", _live, include_in_schema=False)
    app.add_api_route(
        "/v1/events", _live, tags=["reading"], summary="An event with every new state", responses=REFUSED
    )
    app.add_api_route("/map/{name}", _map, include_in_schema=False)
    app.add_exception_handler(400, _garbled)
    app.add_exception_handler(404, _absent)
    app.add_exception_handler(405, _absent)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _unread)
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
            tree = gazetteer.tree
            found = atlas.draw(tree, own) or atlas.draw(tree, gazetteer.polygons)
            self._drawn[scene.top] = found or atlas.tiles(tree, filter(scene.shows, tree.areas))
        return self._drawn[scene.top]


async def _live(request: Request) -> Response:
    pulse: Pulse = request.app.state.pulse
    seen = request.headers.get("last-event-id", "")
    return StreamingResponse(pulse.events(seen), media_type="text/event-stream")


def _map(request: Request, name: str) -> Response:
    sheet = request.app.state.sheets.of(sight(request))
    if sheet is not None and name == sheet.name:
        return Response(sheet.svg, media_type="image/svg+xml", headers=FOREVER)
    if sheet is not None and name == sheet.file:
        return Response(sheet.json, media_type="application/json", headers=FOREVER)
    return PlainTextResponse("", status_code=404)


def _absent(request: Request, error: Exception) -> Response:
    visitor = getattr(request.state, "visitor", None)
    if visitor is None:
        return PlainTextResponse("", 404)
    if visitor.via in ("api", "feed") or request.url.path.startswith(PREFIX):
        return problem(404, ABSENT)
    return page(request, sight(request), "said.html", 404, said="absent", active="")


def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem(error.status, error.detail)


def _garbled(request: Request, error: Exception) -> Response:
    """What is no text at all, such as bytes that are not UTF-8."""
    if request.url.path.startswith(PREFIX):
        return problem(400, "the body cannot be read; JSON is UTF-8")
    return PlainTextResponse("this form cannot be read\n表单无法读取\n", 400)


def _unread(request: Request, error: Exception) -> Response:
    """A request that cannot be read: each mistake with its place; on a page, it is no page."""
    if not request.url.path.startswith(PREFIX):
        return _absent(request, error)
    assert isinstance(error, RequestValidationError)
    told = [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors()]
    return problem(422, "; ".join(told)[:1000])


def _broke(request: Request, error: Exception) -> Response:
    logger.opt(exception=error).error("a page of the console broke")
    return PlainTextResponse(
        "This page could not be made; the log tells why.\n页面生成失败，原因见日志。\n", 500
    )
