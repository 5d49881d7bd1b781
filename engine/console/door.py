"""Who comes in, and what no page may do: a key, this machine's own names, and a strict policy.

The console listens to this machine alone. Whoever has the link that was printed may look; the key goes from
the link into a cookie that no script can read, and the address keeps none of it.
"""

from __future__ import annotations

import secrets
from http.cookies import SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "forewarn_viewer"
#: What a page may load: what comes from here, and nothing written into it.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}  # fmt: skip
#: Under these names this machine calls itself; another name in the request is another site's trick.
OURS = frozenset({"127.0.0.1", "localhost", "[::1]"})
#: Anybody may have these: they say nothing.
OPEN = ("/static/", "/healthz")


class Door:
    """Stands before every request."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        self.app, self.key = app, key
        self._session = secrets.token_urlsafe(24)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = self._refusal(scope)
        await (answer or self.app)(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> Response | None:
        headers, path = Headers(scope=scope), scope["path"]
        if headers.get("host", "").rpartition(":")[0] not in OURS and headers.get("host") not in OURS:
            return PlainTextResponse("no site of this name is here", status_code=421)
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("this console is for reading", status_code=405, headers={"allow": "GET"})
        if path == "/enter":
            return self._enter(scope)
        if path.startswith(OPEN) or self._known(headers):
            return None
        return PlainTextResponse(
            "forewarn: open this page with the link that was printed when the console started.\n"
            "请使用 forewarn 启动时给出的链接打开本页。\n", status_code=403,
        )  # fmt: skip

    def _enter(self, scope: Scope) -> Response:
        (given, *_) = parse_qs(scope["query_string"].decode("latin-1")).get("key", [""])
        if not secrets.compare_digest(given.encode(), self.key.encode()):
            return PlainTextResponse("this link is no longer valid\n", status_code=403)
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(COOKIE, self._session, httponly=True, samesite="lax", path="/")
        return answer

    def _known(self, headers: Headers) -> bool:
        jar = SimpleCookie()
        jar.load(headers.get("cookie", ""))
        return COOKIE in jar and secrets.compare_digest(jar[COOKIE].value.encode(), self._session.encode())


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return sent
