"""CVE 5: records from files and archives, and by the list of what changed, with CISA's verdicts (SSVC)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.follow import Ask, Following, Index, latest, link
from connectors.follow import fetch as follow
from connectors.reading.tree import inner, listing
from connectors.vulnerability import scored
from engine.errors import FeedError
from engine.model.feed import Broken, Fetch, Record

ID = "cve"

#: How the options of a verdict are called there, and here.
_VERDICT = {"Exploitation": "exploitation", "Automatable": "automatable", "Technical Impact": "impact"}


class Options(Following):
    """See docs/feeds.md."""


def fetch(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """A vulnerability a record; raises FeedError for what is neither a record nor a list of changes."""
    return follow(options, cursor, _listed, _records)


def _listed(document: Any, name: str, ask: Ask) -> Index | None:
    """`delta.json`, what changed in the last minutes, or `deltaLog.json`, a month of them."""
    deltas = document if isinstance(document, list) else [document]
    if not deltas or not all(isinstance(one, dict) and "fetchTime" in one for one in deltas):
        return None
    changed = [one for delta in deltas for kind in ("new", "updated") for one in listing(delta, kind)]
    links = (link(one.get("cveId"), one.get("githubLink"), one.get("dateUpdated")) for one in changed)
    return Index(latest(links))


def _records(document: Any, where: str) -> Iterator[Record | Broken]:
    items = document if isinstance(document, list) else [document]
    if not items or not any(_is_record(one) for one in items):
        raise FeedError(f"{where}neither a CVE 5 record nor a list of changes; check the address")
    for number, item in enumerate(items, start=1):
        place = f"{where}record {number}"
        yield Record(_told(item), place) if _is_record(item) else Broken(place, "not a CVE 5 record")


def _is_record(item: Any) -> bool:
    return isinstance(item, dict) and bool(inner(item, "cveMetadata").get("cveId"))


def _told(item: Mapping[str, Any]) -> dict[str, Any]:
    about, containers = inner(item, "cveMetadata"), inner(item, "containers")
    own = inner(containers, "cna")
    parts = [own, *listing(containers, "adp")]
    metrics = [one for part in parts for one in listing(part, "metrics")]
    score, severity = scored(metrics) or (None, "")
    affected = listing(own, "affected")
    return {
        "id": about["cveId"], "state": about.get("state"), "title": own.get("title"),
        "published": about.get("datePublished"), "updated": about.get("dateUpdated"),
        "vendors": _each(affected, "vendor"), "products": _each(affected, "product"),
        "cwes": _each([
            one for part in parts for kind in listing(part, "problemTypes")
            for one in listing(kind, "descriptions")
        ], "cweId"),
        "score": score, "severity": severity, **_verdict(metrics),
    }  # fmt: skip


def _verdict(metrics: list[dict[str, Any]]) -> dict[str, Any]:
    """What CISA says of it: whether it is exploited, by whom as a matter of routine, with which effect; and
    since when its catalogue lists it as exploited."""
    told: dict[str, Any] = dict.fromkeys([*_VERDICT.values(), "judged", "exploited_since"])
    for other in (inner(one, "other") for one in metrics):
        content = inner(other, "content")
        if other.get("type") == "ssvc":
            said = {key: value for one in listing(content, "options") for key, value in one.items()}
            told |= {ours: said.get(theirs) for theirs, ours in _VERDICT.items()}
            told["judged"] = content.get("timestamp")
        elif other.get("type") == "kev":
            told["exploited_since"] = content.get("dateAdded")
    return told


def _each(items: list[dict[str, Any]], name: str) -> list[str]:
    """The texts under that name, each once, in order."""
    return list(dict.fromkeys(str(one[name]) for one in items if one.get(name)))
