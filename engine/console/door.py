"""What stands before every request: our own names, our own pages, somebody we know, and a strict policy.

What changes anything comes from a page of ours (`Origin`, `Sec-Fetch-Site`) or brings a token; a cookie alone
is no proof of that. Where somebody may not go, there is nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil
from urllib.parse import parse_qs, quote, urlsplit

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.console.api.problem import PREFIX, problem
from engine.console.entrance import Entrance
from engine.console.headers import with_headers
from engine.console.pace import Limit, Pace
from engine.model.staff import Visitor

#: What a page may load: what comes from here, and nothing written into it.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY, "x-content-type-options": "nosniff", "referrer-policy": "same-origin",
    "x-frame-options": "DENY", "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()", "cache-control": "no-store",
}  # fmt: skip
HTTPS = HEADERS | {"strict-transport-security": "max-age=31536000"}
#: Under these names this machine calls itself; another name in the request is another site's trick.
OURS = frozenset({"127.0.0.1", "localhost", "[::1]"})
#: Anybody may have these: they say nothing of risks.
FILES = ("/static/", "/healthz", "/readyz")
OPEN = (*FILES, "/sign-in")
#: What a program's token, a one-time password, and a display's token open.
PROGRAMS, FIRST = ("/v1", "/metrics"), ("/password", "/sign-out")
DISPLAYS = ("/wall", "/part/wall", "/live", "/map/")
#: Where sources push what they know, and nobody else has anything to do.
INTAKE = "/v1/incidents"
#: Nothing that people write is longer (bytes), nor anything that a source brings at once: its feed says how
#: much it may.
LONGEST, LARGEST = 64 * 1024, 16 << 20
#: Requests of one visitor; a page with its parts takes a dozen. A source tells of everything that happens.
OFTEN, SOURCES = Limit(900, 60), Limit(60_000, 60)
_SAFE = ("GET", "HEAD")
_LENGTH = re.compile(r"[0-9]{1,12}")


class Door:
    """Lets in who may, and says nothing to the others."""

    def __init__(
        self, app: ASGIApp, entrance: Entrance, names: Sequence[str] = (), free: Sequence[str] = ()
    ) -> None:
        self.app, self.entrance = app, entrance
        self._names, self._guests = OURS | set(names), tuple(free)
        self._pace, self._sources = Pace(OFTEN), Pace(SOURCES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = self._refusal(scope) or await run_in_threadpool(self._known, scope)
        headers = HTTPS if self.entrance.https else HEADERS
        await (answer or self.app)(scope, receive, with_headers(send, headers))

    def _refusal(self, scope: Scope) -> Response | None:
        """Of what kind of request nobody here has use."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not {host, host.rpartition(":")[0]} & self._names:
            return PlainTextResponse("no site of this name is here", status_code=421)
        # No database keeps the sign that ends texts in C, and nothing of ours is named with it.
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            return _bad(scope["path"], "an address has no such sign")
        if scope["method"] in _SAFE:
            return None
        if scope["method"] != "POST":
            return PlainTextResponse("", status_code=405, headers={"allow": "GET, HEAD, POST"})
        most = LARGEST if scope["path"] == INTAKE else LONGEST
        if not _LENGTH.fullmatch(said := headers.get("content-length", "")) or int(said) > most:
            return PlainTextResponse("a request says how long it is, and is short", status_code=413)
        # No browser has anything to bring there: without a token it is told that one is missing.
        proven = "authorization" in headers or scope["path"].startswith((*self._guests, INTAKE))
        if not proven and not ours(headers):
            return PlainTextResponse("this came from a page that is none of ours", status_code=403)
        return None

    def _known(self, scope: Scope) -> Response | None:
        """Who it is, for the pages; or what a stranger is told."""
        path, headers = scope["path"], Headers(scope=scope)
        if path.startswith(FILES):
            return None
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        if path == "/enter":
            return self.entrance.by_link(asked.get("key", [""])[0]) or _no_link()
        if path == "/display":
            return self.entrance.by_token(asked.get("token", [""])[0]) or _no_link()
        visitor = self.entrance.visitor(headers)
        scope.setdefault("state", {})["visitor"] = visitor
        if path.startswith((*OPEN, *self._guests)):
            return None
        if visitor is None:
            return _stranger(scope)
        pace = self._sources if visitor.feed else self._pace
        if wait := pace.take(visitor.session or visitor.name):
            return PlainTextResponse("", status_code=429, headers={"retry-after": str(ceil(wait))})
        if visitor.provisional and not path.startswith(FIRST):
            return RedirectResponse("/password", status_code=303)
        if not _allowed(visitor, path):
            scope["path"] = scope["raw_path"] = "/nowhere"
        return None


def _bad(path: str, why: str) -> Response:
    """A request that cannot be read, said as whoever sent it reads."""
    return problem(400, why) if path.startswith(PREFIX) else PlainTextResponse(why, status_code=400)


def ours(headers: Headers) -> bool:
    """Whether a page of ours sent it, as the browser vouches; one that says nothing is none."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    if origin is not None:
        return urlsplit(origin).netloc == headers.get("host")
    return site == "same-origin"


def _allowed(visitor: Visitor, path: str) -> bool:
    if visitor.feed or path == INTAKE:
        return bool(visitor.feed) and path == INTAKE
    within = {"api": PROGRAMS, "display": DISPLAYS}.get(visitor.via)
    return within is None or path.startswith(within)


def _stranger(scope: Scope) -> Response:
    path = scope["path"]
    if path.startswith(PROGRAMS):
        told = {"type": "about:blank", "title": "Unauthorized", "status": 401,
                "detail": "say who you are: `Authorization: Bearer fw_...`"}  # fmt: skip
        return Response(
            orjson.dumps(told), 401, {"www-authenticate": "Bearer"}, media_type="application/problem+json"
        )
    if scope["method"] not in _SAFE or path == "/live":
        return PlainTextResponse("sign in first\n", status_code=403)
    query = scope["query_string"].decode("latin-1")
    wanted = quote(path + (f"?{query}" if query else ""), safe="")
    return RedirectResponse("/sign-in" if path == "/" else f"/sign-in?next={wanted}", status_code=303)


def _no_link() -> Response:
    return PlainTextResponse("this link is no longer valid\n此链接已失效\n", status_code=403)
