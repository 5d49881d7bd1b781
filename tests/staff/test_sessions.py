"""Sessions end by themselves, by a hand, and with their account; tokens hold what their owner may."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.errors import Busy, UsageError
from engine.model.staff import Office, Right, TokenKind
from engine.staff import accounts, password, sessions, tokens
from engine.store import sessions as kept
from engine.store.database import Store
from tests.staff.conftest import AT


def signed(store: Store, *offices: Office) -> str:
    with store.begin() as tx:
        given = accounts.add(tx, "anna", offices or [Office.OFFICER], AT, by="cli", via="cli", area="T1")
    return str(sessions.sign_in(store, "anna", given, AT))


@pytest.mark.parametrize(
    ("looks", "holds"),
    [
        ([timedelta(hours=3)], True), ([timedelta(hours=4)], False),
        ([timedelta(hours=n) for n in (3, 6, 9, 12, 15)], True),
        ([timedelta(hours=n) for n in (3, 6, 9, 12, 15, 16)], False), ([timedelta(seconds=-1)], False),
    ],
)  # fmt: skip
def test_how_long_a_session_holds(store: Store, looks: list[timedelta], holds: bool):
    key = signed(store)
    found = [sessions.visitor(store, key, AT + after) for after in looks]
    assert all(found[:-1]) and (found[-1] is not None) is holds


def test_one_that_was_ended_holds_no_more_and_each_sign_in_has_its_own(store: Store):
    key = signed(store)
    found = sessions.visitor(store, key, AT)
    assert found is not None and (found.area, found.via) == ("T1", "console")
    with store.begin() as tx:
        sessions.end(tx, found.session, AT, by="anna")
    assert sessions.visitor(store, key, AT) is None and sessions.visitor(store, "", AT) is None


def test_what_is_long_over_is_forgotten(store: Store):
    key = signed(store)
    with store.begin() as tx:
        kept.forget(tx, AT + timedelta(days=31))
        assert sessions.account_of(tx, key) == ""


def token(store: Store, kind: TokenKind = TokenKind.API, *scopes: Right, **more: object) -> str:
    with store.begin() as tx:
        owner = accounts.known(tx, "anna")
        _, key = tokens.make(tx, "A title", kind, AT, by="cli", via="cli", owner=owner,
                             scopes=scopes or [Right.SEE], **more)  # type: ignore[arg-type]  # fmt: skip
    return key


def test_a_token_may_part_of_what_its_owner_may_and_ends_with_it(store: Store):
    signed(store)
    key = token(store, TokenKind.API, Right.ANSWER, lasts=timedelta(days=1))
    found = tokens.visitor(store, key, AT)
    assert found is not None and found.rights == {Right.SEE, Right.ANSWER} and found.area == "T1"
    assert tokens.visitor(store, key, AT + timedelta(days=1)) is None
    with store.begin() as tx, pytest.raises(UsageError, match="may not command"):
        tokens.make(tx, "x", TokenKind.API, AT, by="cli", via="cli", owner=accounts.known(tx, "anna"),
                    scopes=[Right.COMMAND])  # fmt: skip
    with store.begin() as tx:
        accounts.close(tx, "anna", AT, by="cli", via="cli")
    assert tokens.visitor(store, key, AT) is None


def test_a_display_can_only_see(store: Store):
    signed(store)
    found = tokens.visitor(store, token(store, TokenKind.DISPLAY), AT)
    assert found is not None and found.via == "display" and found.rights == {Right.SEE}
    with pytest.raises(UsageError, match="a display can only see"):
        token(store, TokenKind.DISPLAY, Right.ANSWER)


def test_a_revoked_token_opens_nothing(store: Store):
    signed(store)
    key = token(store)
    with store.begin() as tx:
        (one,) = tokens.tokens.every(tx)
        tokens.revoke(tx, one.id, AT, by="cli", via="cli")
    assert tokens.visitor(store, key, AT) is None
    assert tokens.visitor(store, "fw_nothing", AT) is None and tokens.visitor(store, key[3:], AT) is None


def test_too_many_at_once_are_told_to_come_again():
    held = password.AT_ONCE + password.WAITING
    for _ in range(held):
        assert password._room.acquire(blocking=False)
    try:
        with pytest.raises(Busy):
            password.hashed("four quite plain words")
    finally:
        for _ in range(held):
            password._room.release()
