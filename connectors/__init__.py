"""One kind of feed per module: ID, Options, fetch(options, cursor) -> engine.model.feed.Fetch."""

from __future__ import annotations

from connectors import csv

CONNECTORS = {"csv": csv}
