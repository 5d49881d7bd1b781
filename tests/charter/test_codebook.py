"""Of an event codebook only violence is harm; a scheme is known by any of its names."""

from __future__ import annotations

import pytest

from engine.charter import codebook


@pytest.mark.parametrize(("scheme", "code"), [
    ("cameo", "14"), ("CAMEO", "1411"), ("cameo-2", "02"), ("gdelt_v2", "145"), ("icews", "111"),
    ("acled", "Protests"), ("acled", "Peaceful protest"), ("acled", "Violent demonstration"),
    ("plover", "PROTEST"), ("scad", "1"), ("iccs", "0805"), ("iccs", "08.01.2"), ("iccs", "0803"),
    ("navco", "1"),
])  # fmt: skip
def test_speech_assembly_and_migration_are_no_harm(scheme: str, code: str) -> None:
    sentence = codebook.refusal(scheme, code)
    assert sentence is not None and f"'{code}' is no violence" in sentence


@pytest.mark.parametrize(("scheme", "code"), [
    ("cameo", "18"), ("cameo", "190"), ("gdelt", "2042"), ("acled", "Battles"), ("acled", "Mob violence"),
    ("acled", "Explosions/Remote violence"), ("acled", "Excessive force against protesters"),
    ("plover", "ASSAULT"), ("scad", "8"), ("iccs", "0101"), ("iccs", "08.01.1"), ("ucdp", "1"),
    ("nfirs", "141"), ("se_police", "Brand"),
])  # fmt: skip
def test_violence_is_and_other_classifications_are_free(scheme: str, code: str) -> None:
    assert codebook.refusal(scheme, code) is None


def test_a_codebook_is_known_by_its_columns_and_its_addresses() -> None:
    assert codebook.of_column("event.EventRootCode") == "cameo" and codebook.of_column("type") is None
    assert codebook.named("http://data.gdeltproject.org/events") == "cameo"
    assert codebook.named("Dispatch desk") is None
