"""Who a request comes from: by a session, a token, or the link that was printed."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response

from engine.console.pace import Limit, Pace
from engine.cycle.world import World
from engine.model.staff import Right, Visitor
from engine.staff import sessions, tokens

LINK, SESSION, DEVICE, DISPLAY = "forewarn_viewer", "forewarn_session", "forewarn_device", "forewarn_display"
#: A sign-in under way somewhere else.
PROVIDER = "forewarn_provider"
#: Failed sign-ins to one account from browsers that never signed in to it, and from each that did.
TRIES = Limit(5, 900)
#: A browser is remembered for so long, a display until its token ends (seconds).
REMEMBERED, LONG = 30 * 86400, 400 * 86400
#: A source brings what it knows hundreds of times a second: its token is looked up so often (seconds).
LOOKED_UP = 1.0
LOOKS = frozenset({Right.SEE})


@dataclass
class Entrance:
    """Knows who may come in; key: of the link, "" where none was printed."""

    world: Callable[[], World]
    key: str = ""
    #: Browsers come over https.
    https: bool = False
    tries: Pace = field(default_factory=lambda: Pace(TRIES))
    #: By the digest of a source's key: who it is, and when that was looked up.
    _sources: dict[str, tuple[Visitor, float]] = field(default_factory=dict)
    _viewer: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    def visitor(self, headers: Headers) -> Visitor | None:
        """Whoever this is; None where nobody can tell."""
        world, jar = self.world(), cookies(headers)
        kind, _, key = headers.get("authorization", "").partition(" ")
        if kind:
            return self._holder(key.strip()) if kind.lower() == "bearer" else None
        if SESSION in jar:
            found = sessions.visitor(world.store, jar[SESSION], world.clock())
            if found is not None:
                return found
        if LINK in jar and same(jar[LINK], self._viewer):
            return Visitor(name="viewer", via="link", rights=LOOKS)
        shown = tokens.visitor(world.store, jar[DISPLAY], world.clock()) if DISPLAY in jar else None
        return shown if shown and shown.via == "display" else None

    def _holder(self, key: str) -> Visitor | None:
        """Whoever has the key of a token."""
        own, now = sessions.digest(key), time.monotonic()
        known, since = self._sources.get(own, (None, 0.0))
        if known is not None and now - since < LOOKED_UP:
            return known
        world = self.world()
        found = tokens.visitor(world.store, key, world.clock())
        if found is not None and found.feed:
            self._sources[own] = found, now
        return found

    def by_link(self, key: str) -> Response | None:
        """The key goes from the link into a cookie that no script can read; the address keeps none of it."""
        if not self.key or not same(key, self.key):
            return None
        answer = RedirectResponse("/", status_code=303)
        self.keep(answer, LINK, self._viewer)
        return answer

    def by_token(self, key: str) -> Response | None:
        """A display comes in by its token and goes to the wall."""
        world = self.world()
        found = tokens.visitor(world.store, key, world.clock())
        if found is None or found.via != "display":
            return None
        answer = RedirectResponse("/wall", status_code=303)
        self.keep(answer, DISPLAY, key, LONG)
        return answer

    def sign_in(self, headers: Headers, name: str, password: str) -> tuple[str | None, float]:
        """The key of a new session, or None; and for how long nothing more is tried from there.

        Who fails often waits; but a browser that signed in to the account before is counted by itself, so
        that nobody can lock somebody else out from afar.
        """
        world, device = self.world(), cookies(headers).get(DEVICE, "")
        with world.store.read() as tx:
            known = sessions.account_of(tx, device) == name
        counted = f"{name}/{sessions.digest(device) if known else ''}"
        if wait := self.tries.wait(counted):
            return None, wait
        self.tries.count(counted)  # before it is tried: many at once are no way around
        key = sessions.sign_in(world.store, name, password, world.clock())
        if key is not None:
            (self.tries.forget if known else self.tries.uncount)(counted)
        return key, 0.0

    def keep(self, answer: Response, name: str, value: str, age: int | None = None) -> None:
        answer.set_cookie(
            name, value, max_age=age, httponly=True, samesite="lax", path="/", secure=self.https
        )


def cookies(headers: Headers) -> dict[str, str]:
    jar = SimpleCookie()
    try:
        jar.load(headers.get("cookie", ""))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())
