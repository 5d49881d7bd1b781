"""The privacy guard: what it masks, what it leaves alone, and that nothing gets round it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ingest.identifier import device_number, personal_number, resident_number
from engine.ingest.privacy import BuiltIn, Guard

GUARD = Guard()
NAUGHTY = json.loads((Path(__file__).parents[1] / "data/connectors/naughty_strings.json").read_text())


@pytest.mark.parametrize(("text", "masked"), [
    ("id 11010519491231002X 报案", "id [id] 报案"),
    ("110105 19491231 002X", "[id]"),
    ("１１０１０５１９４９１２３１００２Ｘ", "[id]"),
    ("personnr 811218-9876", "personnr [id]"),
    ("198112189876 och 19811278-9873", "[id] och [id]"),
    ("call 13912345678.", "call [phone]."),
    ("call 139-1234-5678", "call [phone]"),
    ("139\u200b1234\u200b5678", "[phone]"),
    ("٠٧٠١٢٣٤٥٦٧", "[phone]"),
    ("010-12345678 或 0571-1234567", "[phone] 或 [phone]"),
    ("08-123 45 67", "[phone]"),
    ("+46 70 123 45 67", "[phone]"),
    ("0046701234567", "[phone]"),
    ("(212) 555-1234", "[phone]"),
    ("mail a.b+c@example.co.uk now", "mail [email] now"),
    ("张三@例子.中国", "[email]"),
    ("京A12345 粤B·D12345 沪AD12345", "[plate] [plate] [plate]"),
    ("00:1A:2b:3c:4d:5e 00-1a-2b-3c-4d-5e 001a.2b3c.4d5e", "[device] [device] [device]"),
    ("IMEI 490154203237518", "IMEI [device]"),
    ("IMSI 460001234567890", "IMSI [device]"),
])  # fmt: skip
def test_what_identifies_is_masked(text: str, masked: str) -> None:
    assert GUARD.mask(text) == masked


@pytest.mark.parametrize("text", [
    "110105194912310021",  # its check digit is wrong
    "411270", "CVE-2021-27104", "ci41144664", "2025-05-04T13:53:46Z", "2023-03-25 22:44:44 +01:00",
    "59.329324,18.068581", "27.64,-81.88 27.64,-81.9599999 27.65,-82.03", "1746366018110", "1275930192",
    "NOAA-NWS-ALERTS-MT20100830100700TFXFlashFloodWatchTFX20100830180000MT",
    "urn:oid:2.49.0.1.840.0.7bc72346e9b904472bc072b5eb0470ba56cbfeac.001.1",
    "https://earthquake.usgs.gov/earthquakes/eventpage/pr2025124003", "25 mars 21:15, Fylleri/LOB, Stockholm",
    "苏州市发生火灾", "3 people, 12 cars, 1,500 m2", "",
])  # fmt: skip
def test_what_identifies_nobody_is_left_alone(text: str) -> None:
    assert GUARD.mask(text) == text


def test_a_text_without_anything_to_mask_keeps_its_full_width_signs() -> None:
    text = "火灾，３人受伤（轻伤），１２３４５６７。"
    assert GUARD.mask(text) == text


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
BIRTHS = st.dates(date(1900, 1, 1), date(2025, 12, 31))


@st.composite
def resident_numbers(draw: st.DrawFn) -> str:
    head = f"{draw(st.integers(110000, 659004))}{draw(BIRTHS):%Y%m%d}{draw(st.integers(0, 999)):03}"
    return head + "10X98765432"[sum(int(d) * w for d, w in zip(head, WEIGHTS, strict=True)) % 11]


@st.composite
def personal_numbers(draw: st.DrawFn) -> str:
    head = f"{draw(BIRTHS):%y%m%d}{draw(st.integers(0, 999)):03}"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(head)]
    luhn = -sum(one - 9 * (one > 9) for one in doubled) % 10
    return f"{head[:6]}{draw(st.sampled_from(['-', '', '+']))}{head[6:]}{luhn}"


AROUND = st.text(st.characters(exclude_categories=["Nd", "Cs"], exclude_characters="+-./()"), max_size=20)


@given(AROUND, resident_numbers(), AROUND)
def test_no_resident_number_gets_through(before: str, number: str, after: str) -> None:
    assert resident_number(number)
    assert number not in GUARD.mask(f"{before} {number} {after}")


@given(AROUND, personal_numbers(), AROUND)
def test_no_personal_number_gets_through(before: str, number: str, after: str) -> None:
    assert personal_number(number)
    assert number not in GUARD.mask(f"{before} {number} {after}")


@given(st.integers(0, 9_999_999_999).map(lambda rest: f"1{3 + rest % 7}{rest // 7 % 10**9:09}"), AROUND)
def test_no_mobile_number_gets_through(number: str, around: str) -> None:
    assert number not in GUARD.mask(f"{around} {number}")


@given(st.text(st.sampled_from("0123456789"), min_size=14, max_size=14))
def test_no_imei_gets_through(head: str) -> None:
    number = next(head + str(check) for check in range(10) if device_number(head + str(check)))
    assert number not in GUARD.mask(f"imei {number}")


@given(st.text() | st.sampled_from(NAUGHTY))
def test_masking_never_fails_and_is_final(text: str) -> None:
    masked = GUARD.mask(text)
    assert GUARD.mask(masked) == masked


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.just("13912345678"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=9) | st.just("a@b.se"), VALUES, max_size=5))
def test_a_cleaned_record_holds_no_number_at_any_depth(fields: dict[str, Any]) -> None:
    text = json.dumps(GUARD.clean(fields), ensure_ascii=False)
    assert "13912345678" not in text
    assert "a@b.se" not in text


def test_name_fields_are_dropped_at_any_depth_and_only_what_is_asked_for_is_kept() -> None:
    guard = Guard(BuiltIn(name_fields=("Caller",)))
    fields = {"caller": "Li Lei", "from": {"CALLER": "Li Lei", "desk": 7}, "phone": 13912345678, "other": "x"}
    assert guard.clean(fields, ("caller", "from", "phone")) == {"from": {"desk": 7}, "phone": "[phone]"}
    assert guard.names("from.caller")


def test_configured_patterns_add_to_the_built_in_guard() -> None:
    guard = Guard(BuiltIn(plates=(r"\b[A-Z]{3} ?\d{2}[A-Z0-9]\b",), patterns={"case": r"K\d{6,}"}))
    assert guard.mask("ABC 123 in K123456, 13912345678") == "[plate] in [case], [phone]"


def test_an_identifier_that_identifies_a_person_is_kept_as_a_digest() -> None:
    assert GUARD.key("411270") == "411270"
    digest = GUARD.key("13912345678")
    assert digest == GUARD.key("13912345678") != GUARD.key("13912345679")
    assert digest.startswith("~") and "139" not in digest[:4]


def test_a_long_hostile_text_is_masked_quickly() -> None:
    hostile = "a" * 50_000 + "@" * 10 + "1 " * 20_000 + "+1" * 20_000
    assert GUARD.mask(hostile)
