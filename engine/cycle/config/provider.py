"""`provider:` of the console: who is signed in somewhere else comes in, as far as somebody said so."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, field_validator

from engine.cycle.config.written import Bilingual, Strict
from engine.model.network import address, inward
from engine.model.staff import Grant, Office

Claim = Annotated[str, Field(min_length=1, max_length=200)]


def safe(url: str) -> str:
    """An address over https; over http one of this machine alone. ValueError for any other."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    literal = address(host)
    own = host == "localhost" or (literal is not None and inward(literal) == "loopback")
    if not host or parts.scheme not in ("https", "http") or (parts.scheme == "http" and not own):
        raise ValueError("whoever signs people in is asked over https, or over http on this machine")
    if "@" in parts.netloc or parts.fragment:
        raise ValueError("this address has neither a user nor a fragment")
    return url


class GrantEntry(Strict):
    """Whom a claim lets in, without an account of theirs: in which roles, and how far they see."""

    claim: Claim
    value: Annotated[str, Field(min_length=1)]
    roles: Annotated[tuple[Office, ...], Field(min_length=1)]
    #: The top of what they see; "" for everything has to be written.
    area: str
    receivers: tuple[str, ...] = ()

    @field_validator("roles")
    @classmethod
    def _named(cls, roles: tuple[Office, ...]) -> tuple[Office, ...]:
        if Office.ADMINISTRATOR in roles:
            raise ValueError("who administers has an account of their own: `forewarn account add`")
        return roles

    @property
    def grant(self) -> Grant:
        return Grant(
            claim=self.claim, value=self.value, offices=frozenset(self.roles), area=self.area,
            receivers=self.receivers,
        )  # fmt: skip


class Provider(Strict):
    """An identity provider that speaks OpenID Connect. Nobody comes in by it but who is named: by an account
    that says what they are known as there, or by a grant."""

    title: Bilingual
    issuer: Annotated[str, AfterValidator(safe)]
    client: Annotated[str, Field(min_length=1)]
    secret: Annotated[SecretStr, Field(min_length=1)]
    #: The claim by which accounts know people: one that they cannot change themselves.
    known_by: Claim = "sub"
    #: The claim that names the account of whom a grant lets in.
    named_by: Claim = "preferred_username"
    scopes: tuple[str, ...] = ("openid", "profile")
    #: Where it asks besides the issuer's own host.
    hosts: tuple[str, ...] = ()
    grants: tuple[GrantEntry, ...] = ()

    @field_validator("scopes")
    @classmethod
    def _open(cls, scopes: tuple[str, ...]) -> tuple[str, ...]:
        if "openid" not in scopes:
            raise ValueError("without the scope openid it says nothing of who somebody is")
        return scopes
