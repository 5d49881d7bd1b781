"""An identity provider that speaks OpenID Connect, asked by the engine's own rules for the network.

What it says of itself is kept for an hour, its keys until one is missing. What it says of somebody counts
only as far as it is signed by it, meant for us, about this sign-in, and of now.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson

from engine.cycle.config import provider as config
from engine.errors import Busy, FeedError, UsageError, extra
from engine.model.call import Call, basic

#: Signed by a key that only the provider has; never by a secret that others share, never by nothing.
SIGNED_BY = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
)
#: What it says of itself is asked for again after so long; keys, for one that is missing (seconds).
STALE, SPARED = 3600.0, 60.0
#: Clocks may differ by so much (seconds).
LEEWAY = 60
#: Its answers are waited for in so many places at once.
AT_ONCE = 4
_PARTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Refused(Exception):
    """What came back lets nobody in."""


@dataclass
class Provider:
    """One, as it is configured; asked from several threads."""

    of: config.Provider
    call: Callable[[Call], bytes]
    _itself: Mapping[str, Any] = field(default_factory=dict)
    _asked: float = 0.0
    _keys: Mapping[str, Any] = field(default_factory=dict)
    _keyed: float = 0.0
    _turns: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))

    def address(self, **asked: str) -> str:
        """Where a browser goes to sign in."""
        itself = self._told()
        fields = {"response_type": "code", "client_id": self.of.client, "scope": " ".join(self.of.scopes)}
        return _with(itself["authorization_endpoint"], fields | asked)

    def farewell(self, back: str) -> str:
        """Where a browser signs out there as well; "" where it has no such page, or is not known yet."""
        end = self._itself.get("end_session_endpoint", "")
        return _with(end, {"client_id": self.of.client, "post_logout_redirect_uri": back}) if end else ""

    def claims(self, code: str, verifier: str, nonce: str, back: str, at: datetime) -> Mapping[str, Any]:
        """What it says of whoever came back with a code. Raises Refused, FeedError."""
        itself = self._told()
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier,
        }  # fmt: skip
        headers: dict[str, str] = {}
        if "client_secret_basic" in itself.get(
            "token_endpoint_auth_methods_supported", ["client_secret_basic"]
        ):
            headers["Authorization"] = basic(self.of.client, self.of.secret.get_secret_value())
        else:
            form |= {"client_id": self.of.client, "client_secret": self.of.secret.get_secret_value()}
        told = self._ask(itself["token_endpoint"], form, headers)
        token = told.get("id_token")
        if not isinstance(token, str):
            raise Refused("it says nothing of who somebody is")
        return self._checked(token, nonce, str(told.get("access_token", "")), at)

    def _checked(self, token: str, nonce: str, access: str, at: datetime) -> Mapping[str, Any]:
        """The claims of a token. Whatever is wrong with it, the answer is the same: no."""
        with extra("oidc"):
            from authlib.oidc.core import CodeIDToken
            from joserfc.errors import JoseError
        asked = {"iss": {"essential": True, "value": self.of.issuer},
                 "aud": {"essential": True, "value": self.of.client}}  # fmt: skip
        about = {"nonce": nonce, "client_id": self.of.client, "access_token": access}
        try:
            read = self._read(token)
            claims = CodeIDToken(read.claims, read.header, asked, about)
            claims.validate(now=int(at.timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise Refused(f"its token does not hold: {type(error).__name__}: {str(error)[:200]}") from error
        found: dict[str, Any] = {**claims}
        return found

    def _read(self, token: str) -> Any:
        """The token, its signature checked; with newer keys where none of those we have made it."""
        from joserfc import jwt
        from joserfc.errors import BadSignatureError, InvalidKeyIdError
        from joserfc.jwk import KeySet

        try:
            return jwt.decode(token, KeySet.import_key_set(self._jwks()), algorithms=list(SIGNED_BY))
        except (InvalidKeyIdError, BadSignatureError):
            if time.monotonic() - self._keyed < SPARED:
                raise
            return jwt.decode(token, KeySet.import_key_set(self._jwks(new=True)), algorithms=list(SIGNED_BY))

    def _told(self) -> Mapping[str, Any]:
        """What it says of itself. Raises FeedError where it says what cannot be."""
        if self._itself and time.monotonic() - self._asked < STALE:
            return self._itself
        where = f"{self.of.issuer.rstrip('/')}/.well-known/openid-configuration"
        itself: Mapping[str, Any] = self._ask(where)
        if itself.get("issuer") != self.of.issuer:
            raise FeedError(
                f"{self.of.issuer}: calls itself {str(itself.get('issuer'))[:200]!r}; check `issuer`"
            )
        for name in (*_PARTS, *({"end_session_endpoint"} & itself.keys())):
            try:
                config.safe(str(itself.get(name, "")))
            except ValueError as error:
                raise FeedError(f"{self.of.issuer}: its {name} cannot be asked: {error}") from error
        self._itself, self._asked = itself, time.monotonic()
        return itself

    def _jwks(self, new: bool = False) -> Any:
        if new or not self._keys:
            self._keys, self._keyed = self._ask(self._told()["jwks_uri"]), time.monotonic()
        return self._keys

    def _ask(
        self, url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        call = Call(url=url, home=self.of.issuer, hosts=self.of.hosts, headers=headers or {}, form=form)
        with self._taking_turns():
            body = self.call(call)
        try:
            found = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise FeedError(f"{self.of.issuer}: answers with what is no JSON") from error
        if not isinstance(found, dict):
            raise FeedError(f"{self.of.issuer}: answers with what is no object")
        return found

    @contextmanager
    def _taking_turns(self) -> Iterator[None]:
        if not self._turns.acquire(blocking=False):
            raise Busy("too many sign in at this moment; try again in a few seconds")
        try:
            yield
        finally:
            self._turns.release()


def challenge(verifier: str) -> str:
    """By which the provider knows that whoever brings the code is whoever asked for it (RFC 7636)."""
    with extra("oidc"):
        from authlib.oauth2.rfc7636 import create_s256_code_challenge
    made: str = create_s256_code_challenge(verifier)
    return made


def ready() -> None:
    """Raises UsageError where what it takes is not installed."""
    try:
        challenge("x" * 43)
    except UsageError as error:
        raise UsageError(f"config/engine.yaml: `provider` of the console: {error}") from error


def _with(url: str, fields: Mapping[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(fields)}"
