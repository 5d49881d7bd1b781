"""The pictures of a report, as the one specification that pages, mails and documents draw."""

from __future__ import annotations

from datetime import timedelta

from engine.chart.bars import Bars
from engine.report.document import Picture


def bars(of: Picture, language: str) -> Bars:
    """Days are called by their numbers: the letters of a PNG know no other script."""
    last = of.first + timedelta(days=max(len(of.values) - 1, 0))
    return Bars(
        title=of.title.say(language),
        values=of.values,
        usual=of.usual,
        first=f"{of.first:%m-%d}",
        last=f"{last:%m-%d}",
    )
