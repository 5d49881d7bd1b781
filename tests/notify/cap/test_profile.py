"""What profiles ask beyond CAP itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.notify.cap.validate.document import validate

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
GOOD = "43010042800000_20260303160000_0"
MESSAGE = """<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{identifier}</identifier>
<sender>duty@county.example</sender><sent>2026-03-03T{sent}</sent><status>Actual</status>
<msgType>Alert</msgType><scope>Public</scope><info><category>Safety</category><event>Storm</event>
<urgency>Expected</urgency><severity>{severity}</severity><certainty>Likely</certainty>{level}
</info></alert>"""
LEVEL = "<parameter><valueName>awareness_level</valueName><value>{}</value></parameter>"


def told(profile: str, **own: str) -> list[tuple[int, str]]:
    level = LEVEL.format(own.pop("level")) if "level" in own else ""
    given = {"identifier": GOOD, "sent": "16:00:00+08:00", "severity": "Severe", **own, "level": level}
    report = validate("a.xml", MESSAGE.format(**given).encode(), (), NOW, profile)
    return [(one.line, one.sentence) for one in report.problems if one.name == "profile"]


@pytest.mark.parametrize(
    ("own", "line", "said"),
    [
        ({"identifier": "A1"}, 1, "31 characters, and not A1"),
        ({"identifier": GOOD + "1"}, 1, "31 characters"),
        ({"identifier": "43010042800000_20260230160000_0"}, 1, "20260230160000, which is no moment"),
        ({"sent": "08:00:00-00:00"}, 2, "moments are those of Beijing"),
    ],
)
def test_identifiers_and_moments_of_gbt_35965(own: dict[str, str], line: int, said: str) -> None:
    ((at, sentence),) = told("gbt-35965", **own)
    assert at == line and said in sentence


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({}, "awareness_level is missing"),
        ({"level": "orange"}, "a number from 1 to 4"),
        ({"level": "5; purple; Extreme"}, "a number from 1 to 4"),
        ({"level": "2; yellow; Moderate"}, "2 goes with Moderate, and not Severe"),
    ],
)
def test_levels_of_meteoalarm(own: dict[str, str], said: str) -> None:
    ((at, sentence),) = told("meteoalarm", **own)
    assert at == 3 and said in sentence


def test_what_keeps_the_rules_is_told_nothing() -> None:
    assert told("gbt-35965") == told("meteoalarm", level="3; naranja") == told("") == []
