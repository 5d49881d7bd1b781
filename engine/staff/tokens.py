"""Tokens: made once and shown once; a program's for the API, a display's for one wall, a source's for its
feed."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from engine.errors import UsageError
from engine.model.problem import nearest
from engine.model.staff import Account, Entry, Right, Token, TokenKind, Visitor
from engine.staff.sessions import digest
from engine.store import audit, staff, tokens
from engine.store.database import Store, Tx

#: By it, a program that looks for leaked keys knows one of ours.
PREFIX = "fw_"
#: A use is marked at most so often.
MARKED = timedelta(hours=1)


def make(
    tx: Tx, title: str, kind: TokenKind, at: datetime, *, by: str, via: str, owner: Account | None = None,
    scopes: Collection[Right] = (Right.SEE,), area: str = "", feed: str = "", lasts: timedelta | None = None,
) -> tuple[Token, str]:  # fmt: skip
    """A token and its key, which nobody can read again. owner: whose rights bound it; feed: which one a
    source speaks for."""
    if (kind is TokenKind.FEED) != bool(feed):
        raise UsageError("a source's token names its feed, and no other token does")
    if kind is TokenKind.FEED and (set(scopes) != {Right.SEE} or owner or area):
        raise UsageError("a source only tells: it has no scopes, no owner and no area")
    if kind is TokenKind.DISPLAY and set(scopes) != {Right.SEE}:
        raise UsageError("a display can only see")
    if owner is not None and (beyond := set(scopes) - owner.rights):
        raise UsageError(f"{owner.name} may not {', '.join(sorted(beyond))}, and no token of theirs may")
    if not title.strip():
        raise UsageError("a token needs a title, so that whoever sees it in the list knows what it is for")
    key = PREFIX + secrets.token_urlsafe(32)
    token = Token(
        id=secrets.token_hex(4), title=title.strip(), kind=kind, owner=owner.name if owner else "",
        scopes=frozenset() if feed else frozenset(scopes) | {Right.SEE},
        area=area or (owner.area if owner else ""), feed=feed, since=at,
        ends_at=at + lasts if lasts else None,
    )  # fmt: skip
    tokens.add(tx, token, digest(key))
    audit.add(tx, Entry(at=at, who=by, what=f"{kind} token made", via=via, about=f"{token.id} {title}"))
    return token, key


def revoke(tx: Tx, id_: str, at: datetime, *, by: str, via: str) -> None:
    """The token opens nothing from now on."""
    known = {one.id: one for one in tokens.every(tx)}
    if id_ not in known:
        raise UsageError(f"there is no token '{id_}'{nearest(id_, known)}; `forewarn token list`")
    tokens.revoke(tx, id_, at)
    audit.add(tx, Entry(at=at, who=by, what="token revoked", via=via, about=id_))


def visitor(store: Store, key: str, at: datetime) -> Visitor | None:
    """Who holds the key of a token that still holds; its rights end with its owner's."""
    if not key.startswith(PREFIX):
        return None
    with store.read() as tx:
        token = tokens.find(tx, digest(key))
        owner = staff.find(tx, token.owner) if token and token.owner else None
    if token is None or not token.holds(at) or (token.owner and not (owner and owner.closed_at is None)):
        return None
    if token.used_at is None or at - token.used_at >= MARKED:
        with store.begin() as tx:
            tokens.mark(tx, token.id, at)
    return Visitor(
        name=owner.name if owner else f"token:{token.id}",
        via=token.kind.value, feed=token.feed,
        rights=token.scopes & owner.rights if owner else token.scopes, area=token.area,
        receivers=owner.receivers if owner else (), language=owner.language if owner else "",
    )  # fmt: skip
