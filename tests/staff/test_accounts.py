"""Accounts from their one-time password to their end, and what the audit says of it."""

from __future__ import annotations

import pytest

from engine.errors import UsageError
from engine.model.staff import Office
from engine.staff import accounts, sessions
from engine.store import audit, staff
from engine.store.database import Store
from tests.staff.conftest import AT

OWN = "four quite plain words"


def added(store: Store, name: str = "anna", *offices: Office) -> str:
    with store.begin() as tx:
        return accounts.add(tx, name, offices or [Office.OFFICER], AT, by="cli", via="cli")


def test_the_one_time_password_opens_and_must_be_replaced(store: Store):
    given = added(store)
    key = sessions.sign_in(store, "anna", given, AT)
    found = sessions.visitor(store, str(key), AT)
    assert found is not None and found.provisional
    with store.begin() as tx:
        accounts.choose(tx, "anna", OWN, AT, keep=found.session)
    again = sessions.visitor(store, str(key), AT)
    assert again is not None and not again.provisional
    assert sessions.sign_in(store, "anna", given, AT) is None
    assert sessions.sign_in(store, "anna", OWN, AT) is not None


def test_neither_password_nor_key_is_in_the_store(store: Store):
    given = added(store)
    key = str(sessions.sign_in(store, "anna", given, AT))
    with store.read() as tx:
        kept = [str(tuple(row)) for table in ("account", "session", "audit")
                for row in tx.conn.exec_driver_sql(f"SELECT * FROM {table}")]  # fmt: skip
    assert kept and not [row for row in kept if given in row or key in row]


@pytest.mark.parametrize(
    "wanted", ["short", "anna has a long one", "aaaaaaaaaaaaaaaa", "abababababababab", "x" * 201]
)
def test_a_password_that_is_none_is_refused(store: Store, wanted: str):
    added(store)
    with store.begin() as tx, pytest.raises(UsageError):
        accounts.choose(tx, "anna", wanted, AT)


@pytest.mark.parametrize("name", ["", "A", "two words", "../x", "x" * 41, "anna\n", "安娜"])
def test_a_name_that_is_none_is_refused(store: Store, name: str):
    with pytest.raises(UsageError, match="is no name for an account"):
        added(store, name)


def test_a_name_is_not_used_twice_even_after_its_end(store: Store):
    added(store)
    with store.begin() as tx:
        accounts.close(tx, "anna", AT, by="cli", via="cli")
    with pytest.raises(UsageError, match="names are not used twice"):
        added(store)


def test_a_reset_or_closed_account_is_signed_out_at_once(store: Store):
    for what in (accounts.reset, accounts.close):
        given = added(store, what.__name__)
        key = str(sessions.sign_in(store, what.__name__, given, AT))
        with store.begin() as tx:
            what(tx, what.__name__, AT, by="cli", via="cli")
        assert sessions.visitor(store, key, AT) is None
        assert sessions.sign_in(store, what.__name__, given, AT) is None


def test_the_last_administrator_stays(store: Store):
    added(store, "eva", Office.ADMINISTRATOR)
    with store.begin() as tx, pytest.raises(UsageError, match="the only administrator"):
        accounts.close(tx, "eva", AT, by="cli", via="cli")
    added(store, "otto", Office.ADMINISTRATOR)
    with store.begin() as tx:
        accounts.close(tx, "eva", AT, by="cli", via="cli")
        assert staff.find(tx, "eva").closed_at == AT  # type: ignore[union-attr]


def test_the_first_password_is_given_until_somebody_has_one_of_their_own(store: Store):
    with store.begin() as tx:
        name, first = accounts.first(tx, AT) or ("", "")
        name, second = accounts.first(tx, AT) or ("", "")
    assert name == "admin" and sessions.sign_in(store, name, first, AT) is None
    key = sessions.sign_in(store, name, second, AT)
    with store.begin() as tx:
        accounts.choose(tx, name, OWN, AT, keep=sessions.digest(str(key)))
        assert accounts.first(tx, AT) is None


def test_where_somebody_else_was_added_first_there_is_no_set_up(store: Store):
    added(store, "eva", Office.ADMINISTRATOR)
    with store.begin() as tx:
        assert accounts.first(tx, AT) is None


def test_where_nobody_added_administers_the_set_up_is_still_there(store: Store):
    added(store, "eva", Office.OFFICER)
    with store.begin() as tx:
        name, given = accounts.first(tx, AT) or ("", "")
    assert name == "admin" and sessions.sign_in(store, name, given, AT) is not None


def test_everything_is_in_the_audit_and_a_password_in_the_wrong_field_is_not(store: Store):
    given = added(store)
    sessions.sign_in(store, "anna", "wrong", AT)
    sessions.sign_in(store, "my secret password", "x", AT)
    sessions.sign_in(store, "anna", given, AT)
    with store.read() as tx:
        told = [(one.who, one.what, bool(one.refused)) for one in audit.listing(tx)][::-1]
    assert told == [
        ("cli", "account added", False), ("anna", "sign in", True), ("(unknown)", "sign in", True),
        ("anna", "sign in", False),
    ]  # fmt: skip
