"""A small identity provider on loopback: OpenID Connect by authorization code, with PKCE and a client secret.

It says of whoever comes what a test tells it to, and remembers what it was asked. Its tokens are really
signed, its keys really published; it is strict about everything that it can check of a client.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT, SECRET = "forewarn", "a-secret:with/signs that are encoded"


@dataclass
class Identity:
    """What it will say of the next who signs in, and what it was asked."""

    issuer: str = ""
    now: float = 0.0
    claims: dict[str, Any] = field(default_factory=dict)
    #: Of what it says of itself.
    itself: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "one"}))
    #: What tokens are signed with, where that is not its key.
    forged: RSAKey | OctKey | None = None
    algorithm: str = "RS256"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/leave", **self.itself,
        }  # fmt: skip

    def authorize(self, query: dict[str, str]) -> str:
        """Where it sends the browser of somebody who has signed in."""
        assert query["response_type"] == "code" and query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256" and "openid" in query["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return query["redirect_uri"] + "?" + urlencode({"code": code, "state": query["state"]})

    def token(self, form: dict[str, str], authorization: str) -> dict[str, str] | None:
        """What a code is worth, once, to whoever can show that it is theirs."""
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        asked = self.codes.pop(form.get("code", ""), None)
        fits = asked is not None and pair == urlencode({CLIENT: SECRET}).replace("=", ":")
        if asked is None or not fits or form.get("redirect_uri") != asked["redirect_uri"]:
            return None
        seen = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode()
        return {"id_token": self.signed(asked), "access_token": "x", "token_type": "Bearer"} if (
            seen.rstrip("=") == asked["code_challenge"]
        ) else None  # fmt: skip

    def signed(self, asked: dict[str, str]) -> str:
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "4711", "nonce": asked["nonce"],
            "iat": int(self.now), "exp": int(self.now) + 300, **self.claims,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm == "none":
            parts = ({"alg": "none", "kid": "one"}, claims)
            coded = [base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts]
            return ".".join((*coded, ""))
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return jwt.encode(header, claims, self.forged or self.key, algorithms=[self.algorithm])


@contextmanager
def identity() -> Iterator[Identity]:
    of = Identity()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            of.asked.append(parts.path)
            if parts.path == "/authorize":
                query = {name: value for name, (value, *_) in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", of.authorize(query))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            pages = {"/.well-known/openid-configuration": of.told(),
                     "/keys": KeySet([of.key]).as_dict(private=False)}  # fmt: skip
            self.answer(pages.get(parts.path))

        def do_POST(self) -> None:
            of.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: value for name, (value, *_) in parse_qs(body).items()}
            self.answer(of.token(form, self.headers.get("Authorization", "")))

        def answer(self, said: object) -> None:
            body = json.dumps(said or {"error": "invalid_grant"}).encode()
            self.send_response(200 if said else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        of.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield of
        finally:
            server.shutdown()
            thread.join()
