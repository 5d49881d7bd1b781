"""Moments as CAP writes them."""

from __future__ import annotations

from datetime import datetime, tzinfo


def written(moment: datetime, zone: tzinfo) -> str:
    """To the second, with the zone's offset; UTC is -00:00."""
    text = moment.astimezone(zone).isoformat(timespec="seconds")
    return text.removesuffix("+00:00") + "-00:00" if text.endswith("+00:00") else text
