"""Texts cut to what a service takes, in its own unit."""

from __future__ import annotations

import pytest

from engine.notify.channels.cut import cut, size

LINK = "查看并答复：https://warn.example.org/a/abc"
TEXT = "\n".join(
    ["【红色预警】某县：入室盗窃激增", "", *(f"第{n}行，发生若干起。" for n in range(200)), LINK]
)


@pytest.mark.parametrize("unit", ["bytes", "signs"])
@pytest.mark.parametrize("most", [90, 400, 2048])
def test_it_is_never_longer_and_keeps_its_beginning(unit: str, most: int) -> None:
    short = cut(TEXT, most, unit, LINK)  # type: ignore[arg-type]
    assert size(short, unit) <= most  # type: ignore[arg-type]
    assert short.startswith("【红色预警】") and "…" in short
    assert short.endswith(LINK) == (size(LINK, unit) + 5 < most // 2)  # type: ignore[arg-type]


def test_what_fits_is_left_as_it_is() -> None:
    assert cut("甲乙", 6, "bytes") == cut("甲乙", 2, "signs") == "甲乙"


def test_2000_chinese_signs_are_three_times_as_many_bytes() -> None:
    assert size(cut("字" * 2000, 2048, "bytes"), "bytes") in range(2040, 2049)
    assert cut("字" * 2000, 2048, "signs") == "字" * 2000


@pytest.mark.parametrize(
    "seen", ["e\u0301", "👩\u200d👩\u200d👧", "👍🏽", "🇨🇳", "❤\ufe0f", "葛\U000e0100", "กี"]
)
@pytest.mark.parametrize("unit", ["bytes", "signs"])
def test_what_a_reader_sees_as_one_is_not_cut_in_two(seen: str, unit: str) -> None:
    for most in range(30, 60):
        whole, _, rest = cut(seen * 90, most, unit).partition("\n")  # type: ignore[arg-type]
        assert rest == "…" and whole and whole == seen * (len(whole) // len(seen))


def test_a_text_that_is_but_the_line_to_keep_is_cut_as_any() -> None:
    assert cut(LINK * 9, 90, "bytes", LINK * 9).startswith("查看并答复：")
    assert cut(LINK, 30, "signs", LINK) == LINK[:28] + "\n…"


@pytest.mark.parametrize("most", range(60, 75))
def test_no_sign_is_cut_in_two(most: int) -> None:
    assert cut("警" * 100, most, "bytes").startswith("警警警")
