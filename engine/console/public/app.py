"""The application for whoever has no account: small, under a strict policy, without script but for forms."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from loguru import logger
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.console.headers import with_headers
from engine.console.pace import Limit, Pace
from engine.console.public import answer, cap, form
from engine.cycle.loops.intake import Take
from engine.cycle.world import World

ROUTERS = (answer.router, cap.router, form.router)
POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow", "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
}  # fmt: skip
#: In a minute, for one link and for one address: a proxy in front shows one address for all.
LOOKS, PRESSES, FEEDS = 240, 60, 6000


def create(world: Callable[[], World], take: Take | None = None) -> FastAPI:
    """Over the world that `world` gives at each request. take: what the service beside it does with what is
    filled in."""
    app = FastAPI(title="forewarn", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.world, app.state.take = world, take
    app.state.limits = {
        "looks": Pace(Limit(LOOKS, 60)), "presses": Pace(Limit(PRESSES, 60)), "feeds": Pace(Limit(FEEDS, 60)),
    }  # fmt: skip
    app.add_middleware(_Guarded)
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(404, lambda request, error: answer.said("unknown"))
    app.add_exception_handler(Exception, _broke)
    app.add_api_route("/healthz", lambda: PlainTextResponse("ok\n"))
    return app


def _broke(request: Request, error: Exception) -> Response:
    logger.opt(exception=error).error("a page behind a link broke")
    return answer.said("broke")


class _Guarded:
    """Puts the headers on whatever is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, with_headers(send, HEADERS))
