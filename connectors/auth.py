"""OAuth 2: a token for an account, asked for when it is needed, kept while it holds, told to nobody."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from engine.errors import FeedError
from engine.model.address import shown
from engine.model.call import basic

#: Of a token that does not say how long it holds, and what of its time is left unused (seconds).
_HOLDS, _SPARE = 300.0, 30.0
_NONE = SecretStr("")


class Auth(BaseModel):
    """Where a token is asked for, and by which account."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    grant: Literal["client_credentials", "password"]
    #: Where tokens are given out.
    url: str = Field(repr=False)
    client_id: str = ""
    client_secret: SecretStr = _NONE
    username: str = ""
    password: SecretStr = _NONE
    scope: str = ""
    audience: str = ""
    #: Whether the client names itself in the body or, as RFC 6749 would rather have it, by a header.
    client_in: Literal["body", "header"] = "body"

    @model_validator(mode="after")
    def _whole(self) -> Auth:
        if not self.url.startswith(("http://", "https://")):
            raise ValueError("the url begins with https:// (or http://, within one's own network)")
        secret = self.client_secret.get_secret_value()
        if self.grant == "client_credentials" and not (self.client_id and secret):
            raise ValueError("client_credentials needs client_id and client_secret")
        if self.grant == "password" and not (self.username and self.password.get_secret_value()):
            raise ValueError("password needs username and password")
        if self.client_in == "header" and not (self.client_id and secret):
            raise ValueError("a header names client_id and client_secret")
        return self

    @property
    def form(self) -> dict[str, str]:
        """What is posted."""
        told = {"grant_type": self.grant, "scope": self.scope, "audience": self.audience}
        if self.grant == "password":
            told |= {"username": self.username, "password": self.password.get_secret_value()}
        if self.client_in == "body":
            told |= {"client_id": self.client_id, "client_secret": self.client_secret.get_secret_value()}
        return {name: value for name, value in told.items() if value}

    @property
    def headers(self) -> dict[str, str]:
        if self.client_in == "body":
            return {}
        return {"Authorization": basic(self.client_id, self.client_secret.get_secret_value())}

    @property
    def _key(self) -> str:
        told = [self.url, self.client_in, *sorted(self.form.items()), *self.headers.values()]
        return hashlib.sha256(repr(told).encode()).hexdigest()


#: By account: a token, and until when it is used (monotonic).
_tokens: dict[str, tuple[str, float]] = {}
_lock = threading.Lock()


def bearer(auth: Auth, ask: Callable[[], bytes]) -> dict[str, str]:
    """The header with a token that holds; `ask` brings the answer to a request for one. FeedError."""
    with _lock:
        token, until = _tokens.get(auth._key, ("", 0.0))
    if time.monotonic() >= until:
        token, seconds = _read(ask(), shown(auth.url))
        with _lock:
            _tokens[auth._key] = token, time.monotonic() + max(0.0, seconds - _SPARE)
    return {"Authorization": f"Bearer {token}"}


def forget(auth: Auth) -> bool:
    """Drops the token, which is refused; whether there was one."""
    with _lock:
        return _tokens.pop(auth._key, None) is not None


def _read(body: bytes, name: str) -> tuple[str, float]:
    """The token, and how many seconds it holds. Nothing of the answer is quoted: it is a secret."""
    try:
        found: Any = json.loads(body)
        token, kind = found["access_token"], str(found.get("token_type") or "bearer")
        seconds = float(found.get("expires_in") or _HOLDS)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        found = None
    if found is None or not isinstance(token, str) or not _plain(token) or kind.lower() != "bearer":
        raise FeedError(f"{name}: gives no bearer token; check the url of auth and the account") from None
    return token, seconds


def _plain(token: str) -> bool:
    return bool(token) and token.isascii() and token.isprintable() and " " not in token
