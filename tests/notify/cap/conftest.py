"""A good message, and what the validator says of one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.model.problem import Problem
from engine.notify.cap.validate.document import validate

NOW = datetime(2026, 3, 10, tzinfo=UTC)
DATA = Path(__file__).parents[2] / "data" / "cap"

GOOD = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>3301.storm.2</identifier>
<sender>duty@example.org</sender>
<sent>2026-03-08T08:00:00+08:00</sent>
<status>Actual</status>
<msgType>Update</msgType>
<scope>Public</scope>
<references>duty@example.org,3301.storm.1,2026-03-08T07:00:00+08:00</references>
<info>
<language>en-US</language>
<category>Safety</category>
<event>Storm</event>
<responseType>Prepare</responseType>
<urgency>Expected</urgency>
<severity>Moderate</severity>
<certainty>Likely</certainty>
<eventCode><valueName>local</valueName><value>storm</value></eventCode>
<effective>2026-03-08T08:00:00+08:00</effective>
<onset>2026-03-08T09:00:00+08:00</onset>
<expires>2026-03-09T08:00:00+08:00</expires>
<senderName>Duty centre</senderName>
<headline>Storm over the bay</headline>
<description>Gusts up to 28 m/s until evening.</description>
<instruction>Stay inside.</instruction>
<web>https://example.org/storm</web>
<contact>duty centre</contact>
<area>
<areaDesc>Bay</areaDesc>
<polygon>30.10,120.10 30.10,120.30 30.30,120.30 30.30,120.10 30.10,120.10</polygon>
<geocode><valueName>GB/T 2260</valueName><value>330100</value></geocode>
</area>
</info>
<info>
<language>zh-CN</language>
<category>Safety</category>
<event>大风</event>
<responseType>Prepare</responseType>
<urgency>Expected</urgency>
<severity>Moderate</severity>
<certainty>Likely</certainty>
<eventCode><valueName>local</valueName><value>storm</value></eventCode>
<effective>2026-03-08T08:00:00+08:00</effective>
<onset>2026-03-08T09:00:00+08:00</onset>
<expires>2026-03-09T08:00:00+08:00</expires>
<senderName>值班中心</senderName>
<headline>海湾大风</headline>
<description>阵风可达每秒28米，持续至傍晚。</description>
<instruction>请留在室内。</instruction>
<web>https://example.org/storm/zh</web>
<contact>值班中心</contact>
<area>
<areaDesc>海湾</areaDesc>
<polygon>30.10,120.10 30.10,120.30 30.30,120.30 30.30,120.10 30.10,120.10</polygon>
<geocode><valueName>GB/T 2260</valueName><value>330100</value></geocode>
</area>
</info>
</alert>
"""


def told(text: str | bytes) -> tuple[Problem, ...]:
    """What is said of a message."""
    content = text.encode() if isinstance(text, str) else text
    return validate("alert.xml", content, [], NOW).problems


@pytest.fixture
def data() -> Path:
    return DATA
