"""Signing in by an identity provider: there, and back."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from loguru import logger

from engine.console.elsewhere import PATIENCE, Elsewhere
from engine.console.entrance import PROVIDER, SESSION, Entrance, cookies
from engine.console.form import local
from engine.console.pages.sign import ended, gate
from engine.console.provider import Provider, Refused
from engine.errors import Busy, FeedError

router = APIRouter()


@router.get("/sign-in/there")
def there(request: Request, next: str = "/") -> Response:
    """To the provider; what comes back is believed of this browser alone."""
    elsewhere, provider = _provider(request)
    try:
        address, state = elsewhere.begin(provider, local(next), _address(request, "/sign-in/back"))
    except FeedError as error:
        logger.warning("the identity provider cannot be asked: {}", error)
        return gate(request, 503, "elsewhere away", onward=local(next))
    except Busy:
        return gate(request, 503, "sign busy", onward=local(next))
    answer = RedirectResponse(address, status_code=303)
    _entrance(request).keep(answer, PROVIDER, state, int(PATIENCE))
    return answer


@router.get("/sign-in/back")
def back(request: Request, state: str = "", code: str = "", iss: str = "") -> Response:
    """From the provider: a session of its own, or why not."""
    elsewhere, provider = _provider(request)
    begun = elsewhere.taken(state, cookies(request.headers).get(PROVIDER, ""))
    if begun is None or not code or iss not in ("", provider.of.issuer):
        return gate(request, 400, "elsewhere again")
    try:
        key = elsewhere.signed_in(provider, begun, code)
    except (FeedError, Refused):
        return gate(request, 401, "elsewhere again", onward=begun.onward)
    except Busy:
        return gate(request, 503, "sign busy", onward=begun.onward)
    if key is None:
        return gate(request, 403, "elsewhere unknown", onward=begun.onward)
    ended(request)
    answer = RedirectResponse(begun.onward, status_code=303)
    answer.delete_cookie(PROVIDER)
    _entrance(request).keep(answer, SESSION, key)
    return answer


@router.get("/sign-in/leave")
def leave(request: Request) -> Response:
    """Out of the provider's own session as well."""
    _, provider = _provider(request)
    farewell = provider.farewell(_address(request, "/sign-in"))
    return RedirectResponse(farewell or "/sign-in", status_code=303)


def _provider(request: Request) -> tuple[Elsewhere, Provider]:
    elsewhere: Elsewhere = request.app.state.elsewhere
    provider = elsewhere.provider
    if provider is None:
        raise HTTPException(404)
    return elsewhere, provider


def _address(request: Request, path: str) -> str:
    """An address of ours as browsers ask for it; the door has looked at the name."""
    scheme = "https" if _entrance(request).https else "http"
    return f"{scheme}://{request.headers['host']}{path}"


def _entrance(request: Request) -> Entrance:
    entrance: Entrance = request.app.state.entrance
    return entrance
