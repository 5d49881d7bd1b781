"""Signing in somewhere else: where a browser goes, and what is made of it when it comes back.

A sign-in under way is kept here, in the process: it is used once, and only by the browser that began it.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.console.entrance import same
from engine.console.provider import Provider, Refused, challenge
from engine.cycle.config import provider as config
from engine.cycle.world import World
from engine.errors import FeedError
from engine.staff import elsewhere
from engine.staff.elsewhere import Claims

#: A sign-in is over after so long (seconds); of more at once, the oldest is forgotten.
PATIENCE, MANY = 600.0, 10_000


@dataclass(frozen=True, slots=True)
class Begun:
    """One sign-in under way."""

    nonce: str
    verifier: str
    onward: str
    back: str
    since: float


@dataclass
class Elsewhere:
    """The provider that the configuration in force names, and the sign-ins under way."""

    world: Callable[[], World]
    _provider: Provider | None = None
    _begun: OrderedDict[str, Begun] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def asked(self) -> config.Provider | None:
        """As it is configured; None: people sign in here alone."""
        return self.world().settings.engine.provider

    @property
    def provider(self) -> Provider | None:
        of = self.asked
        if of is None:
            return None
        with self._lock:
            if self._provider is None or self._provider.of != of:
                self._provider = Provider(of, lambda call: self.world().call(call))
            return self._provider

    @property
    def farewell(self) -> bool:
        """Whether the provider has a page to sign out by, as far as is known."""
        provider = self.provider
        return provider is not None and bool(provider.farewell("/"))

    def begin(self, provider: Provider, onward: str, back: str) -> tuple[str, str]:
        """Where the browser goes, and what it keeps until it comes back. Raises FeedError, Busy."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        address = provider.address(
            redirect_uri=back, state=state, nonce=nonce, code_challenge=challenge(verifier),
            code_challenge_method="S256",
        )  # fmt: skip
        with self._lock:
            self._begun[state] = Begun(nonce, verifier, onward, back, time.monotonic())
            while len(self._begun) > MANY:
                self._begun.popitem(last=False)
        return address, state

    def taken(self, state: str, kept: str) -> Begun | None:
        """The sign-in that the browser began, and now used up; None where it began none, or long ago."""
        if not state or not same(state, kept):
            return None
        with self._lock:
            begun = self._begun.pop(state, None)
        return begun if begun and time.monotonic() - begun.since < PATIENCE else None

    def signed_in(self, provider: Provider, begun: Begun, code: str) -> str | None:
        """The key of a new session; None where nobody said that they may come in. What was wrong with what
        the provider says is in the audit. Raises FeedError, Busy, Refused."""
        world = self.world()
        try:
            claims = provider.claims(code, begun.verifier, begun.nonce, begun.back, world.clock())
            name = _known_as(provider.of, claims)
        except (FeedError, Refused) as error:
            with world.store.begin() as tx:
                elsewhere.refuse(tx, str(error)[:300], world.clock())
            raise
        grant = elsewhere.fitting(claims, [one.grant for one in provider.of.grants])
        wanted = str(elsewhere.said(claims, provider.of.named_by) or name)
        return elsewhere.sign_in(world.store, name, wanted, grant, world.clock())


def _known_as(of: config.Provider, claims: Claims) -> str:
    """The name that they are known by; an address of theirs only where the provider has checked it."""
    name = elsewhere.said(claims, of.known_by)
    if not isinstance(name, str) or not name.strip() or len(name) > 500:
        raise Refused(f"its token has no claim {of.known_by!r}")
    if of.known_by == "email" and claims.get("email_verified") is not True:
        raise Refused("nobody has checked that this e-mail address is theirs")
    return name
