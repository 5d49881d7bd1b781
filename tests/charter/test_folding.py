"""One word has one spelling, however it is disguised, and honest texts stay what they are."""

from __future__ import annotations

import pytest

from engine.charter.folding import plain, readings, tokens


@pytest.mark.parametrize(("text", "expected"), [
    ("Prоtеst", "Protest"), ("Ρrοtests", "Protests"), ("Ｐｒｏｔｅｓｔ", "Protest"), ("Prótèst", "Protest"),
    ("Pro\u200btest", "Protest"), ("wor\u00adship", "worship"), ("ᴘʀᴏᴛᴇsᴛ", "protest"),
    ("𝐏𝐫𝐨𝐭𝐞𝐬𝐭", "Protest"),
    ("上訪", "上访"), ("遊行示威", "游行示威"), ("⽰威", "示威"), ("%E4%B8%8A%E8%AE%BF", "上访"),
    ("%25E5%25AE%2597", "宗"), ("&#109;osque", "mosque"), ("Söder", "Soder"), ("١٢", "١٢"),
    ("fire 12", "fire 12"),
])  # fmt: skip
def test_a_plain_text(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("CountryOfOrigin", ("country", "of", "origin")), ("country_of-origin2", ("country", "of", "origin")),
    ("Actor1EthnicCode", ("actor", "ethnic", "code")), ("ID号", ("id", "号")), ("", ()),
    ("火灾fire", ("火灾", "fire")),
])  # fmt: skip
def test_the_words_of_a_name(text: str, expected: tuple[str, ...]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(("text", "word"), [
    ("pr0te5t", "protest"), ("mo$que visits", "mosque"), ("w0rsh1p", "worship"), ("bl4ck1ist", "blacklist"),
    ("P r o t e s t", "protest"), ("p.e.t.i.t.i.o.n", "petition"), ("w_o_r_s_h_i_p", "worship"),
    ("上·访", "上访"), ("信 访", "信访"), ("信*访", "信访"), ("上、访", "上访"),
])  # fmt: skip
def test_a_disguised_word_is_read(text: str, word: str) -> None:
    assert any(word in words for words in readings(plain(text)))


def test_the_stops_of_a_chinese_sentence_part_its_words() -> None:
    assert not any("民族" in word for words in readings(plain("居民、族谱和家谱")) for word in words)
