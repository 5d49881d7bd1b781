"""CSAF 2.0: advisories from files, and from a provider by its metadata, a ROLIE feed or what changed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from connectors.follow import Ask, Following, Index, Link, latest, link
from connectors.follow import fetch as follow
from connectors.reading.tree import inner, listing, load
from connectors.vulnerability import scored
from engine.errors import FeedError
from engine.model.feed import Broken, Fetch, Record

ID = "csaf"

_CHANGES = "changes.csv"


class Options(Following):
    """See docs/feeds.md."""


def fetch(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """An advisory a record; raises FeedError for what is none, nor leads to any."""
    return follow(options, cursor, _listed, _advisory)


def _listed(document: Any, name: str, ask: Ask) -> Index | None:
    if not isinstance(document, dict):
        return None
    if "feed" in document:
        return Index(_entries(document))
    if "distributions" not in document:
        return None
    links: list[Link | Broken] = []
    for distribution in listing(document, "distributions"):
        feeds = [one["url"] for one in listing(inner(distribution, "rolie"), "feeds") if one.get("url")]
        if feeds:
            for url in feeds:
                links += _entries(load(ask(url), url.rpartition("/")[2]))
        elif directory := distribution.get("directory_url"):
            links += _changes(str(directory).rstrip("/") + "/", ask)
    if not links:
        raise FeedError(f"{name}: the provider's metadata lead to no advisory; ask the provider")
    # That the metadata are as they were says nothing of what they lead to.
    return Index(latest(links), settled=False)


def _entries(document: Any) -> list[Link | Broken]:
    feed = inner(document, "feed") if isinstance(document, dict) else {}
    return [link(one.get("id"), _address(one), one.get("updated")) for one in listing(feed, "entry")]


def _address(entry: Mapping[str, Any]) -> Any:
    own = (one.get("href") for one in listing(entry, "link") if one.get("rel") == "self")
    return inner(entry, "content").get("src") or next(own, None)


def _changes(directory: str, ask: Ask) -> list[Link | Broken]:
    text = ask(urljoin(directory, _CHANGES)).decode("utf-8-sig", "replace")
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if len(row) >= 2]
    return [link(row[0], urljoin(directory, row[0]), row[1]) for row in rows]


def _advisory(document: Any, where: str) -> Iterator[Record | Broken]:
    head = inner(document, "document") if isinstance(document, dict) else {}
    tracking = inner(head, "tracking")
    if not tracking.get("id"):
        raise FeedError(f"{where}no CSAF advisory: document.tracking.id is missing; check the address")
    flaws = listing(document, "vulnerabilities")
    scores = [one for flaw in flaws if (one := scored(listing(flaw, "scores")))]
    score, severity = max(scores, default=(None, ""))
    yield Record({
        "id": tracking["id"], "title": head.get("title"), "category": head.get("category"),
        "released": tracking.get("initial_release_date"), "updated": tracking.get("current_release_date"),
        "status": tracking.get("status"), "version": tracking.get("version"),
        "publisher": inner(head, "publisher").get("name"),
        "tlp": inner(inner(head, "distribution"), "tlp").get("label"),
        "aggregate_severity": inner(head, "aggregate_severity").get("text"),
        "cves": [flaw["cve"] for flaw in flaws if flaw.get("cve")],
        "score": score, "severity": severity,
    }, where.strip() or "advisory")  # fmt: skip
