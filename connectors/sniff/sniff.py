"""Says of a file by which connector it is read."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson

from connectors.reading import kind, nested, selection
from connectors.reading.archive import MAGIC, parts
from connectors.reading.document import Document
from connectors.reading.element import local, parse
from connectors.reading.index import ROOTS
from connectors.reading.lines import Row
from connectors.reading.tree import inner, listing, load
from connectors.reading.workbook import Workbook
from connectors.sniff import rows, tree
from connectors.sniff.encoding import encoding
from connectors.sniff.found import Sniffed
from engine.errors import FeedError, brief
from engine.model.text import numbered

#: So much of a text is looked at for its layout.
_SAMPLE = 1 << 18
#: And so much of its end.
_TAIL = 1 << 14
_MOST = 200 << 20
_CAP = "{urn:oasis:names:tc:emergency:cap:"
_ALERTS = "read it by `connector: cap`; docs/feeds.md shows the mapping that every alert has"
_EVE = "it looks like Suricata's log, of which there is a ready mapping: `preset: suricata`"
_BROUGHT = "a group of alerts that Alertmanager brings by itself; its mapping is `preset: alertmanager`"
_TAXII = "a TAXII server gives out such pages, and there is a ready mapping of them: `preset: taxii`"
_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")


def sniff(path: Path) -> Sniffed:
    """How the file is read; raises FeedError for one that no connector reads."""
    members = parts(Document.of(path, _MOST))
    with members[0].open() as stream:
        start = stream.peek(_SAMPLE)[:4]
        if start == MAGIC:
            return _workbook(Workbook(stream.read(), members[0]))
        sample = stream.read(_SAMPLE)
    body = sample.lstrip(b"\xef\xbb\xbf \t\r\n")
    if body[:1] in (b"{", b"["):
        return _json(members[0], body)
    if body[:1] == b"<":
        return _markup(members[0])
    return _text(sample, members[0])


def _text(sample: bytes, file: Document) -> Sniffed:
    codec = encoding(sample)
    if codec != "utf-16":
        with file.open() as stream:
            kind.refuse(stream, file.name, "a table")
    text = sample.decode("utf-8-sig" if codec == "utf-8" else codec, "ignore")
    mark = rows.delimiter(text, file.name)
    first = rows.split(text, file.name, mark)
    options: dict[str, Any] = {"encoding": codec} if codec != "utf-8" else {}
    if mark != ",":
        options["delimiter"] = mark
    options |= rows.layout(first)
    if codec != "utf-16" and (behind := rows.footer(_last(file, codec, mark))):
        options["footer"] = behind
    return Sniffed("csv", options, _remarks(options))


def _last(file: Document, codec: str, mark: str) -> list[Row]:
    """The last rows of a text, the first of them perhaps a part of one."""
    with file.open() as stream:
        end, whole = stream.read(_TAIL), True
        while piece := stream.read(_SAMPLE):
            end, whole = (end + piece)[-_TAIL:], False
    end = end if whole else end.partition(b"\n")[2]
    text = end.decode("utf-8-sig" if codec == "utf-8" else codec, "ignore")
    return rows.ends(text, file.name, mark)


def _workbook(book: Workbook) -> Sniffed:
    notices: list[str] = []
    sheet = selection.chosen(book, (), notices.append)[0]
    found = list(selection.rows(book, sheet, True, notices.append))
    options = rows.layout(found, ragged=True)
    reading = book.sheet()
    with closing(book.open(sheet.part)) as part:
        for _ in reading.rows(part):
            pass
    if reading.merged:
        options["fill_down"] = True
    if totals := rows.footer(found):
        options["footer"] = totals
    return Sniffed("csv", options, (*_remarks(options), *notices))


def _remarks(options: dict[str, Any]) -> tuple[str, ...]:
    unnamed = "columns" in options and "header" not in options
    named = ("no line names the columns: give them better names than c1, c2",) if unnamed else ()
    behind = options.get("footer", 0)
    said = f"left out at the end, as totals and remarks: {numbered(behind, 'line')}"
    return (*named, *([f"{said}; footer must be as many in every file"] if behind else []))


def _json(file: Document, body: bytes) -> Sniffed:
    if _by_line(body):
        named = file.name.endswith(_LINES)
        return Sniffed("json", {} if named else {"lines": True}, _eve(orjson.loads(body.partition(b"\n")[0])))
    document = load(file.read(), file.name)
    if isinstance(document, dict) and document.get("type") == "FeatureCollection":
        return Sniffed("geojson")
    if name := _published(document):
        return Sniffed(name, {}, (f"there is a ready mapping of such documents: `preset: {name}`",))
    if isinstance(document, dict) and {"alerts", "groupKey", "receiver"} <= document.keys():
        raise FeedError(f"{file.name}: {_BROUGHT}")
    found = tree.records(document)
    if why := tree.unread(document):
        raise FeedError(f"{file.name}: {why}")
    if found is None:
        raise FeedError(f"{file.name}: a JSON document without a list of records; which of it is one?")
    held = nested.records(document, found) or () if found else document
    remarks = (*_page(document), *(_eve(held[0]) if held else ()))
    return Sniffed("json", {"records": found} if found else {}, remarks)


def _page(document: Any) -> tuple[str, ...]:
    """Whether it is a page of a collection of STIX objects."""
    objects = document.get("objects") if isinstance(document, dict) else None
    first = objects[0] if isinstance(objects, list) and objects else None
    stix = isinstance(first, dict) and str(first.get("id", "")).startswith(f"{first.get('type')}--")
    return (_TAXII,) if stix else ()


def _eve(record: Any) -> tuple[str, ...]:
    """Whether it is a line of Suricata's log, whatever kind of event it tells."""
    told = isinstance(record, dict) and {"event_type", "timestamp", "flow_id"} <= record.keys()
    return (_EVE,) if told else ()


def _published(document: Any) -> str:
    """The connector of the published format that a document, or the first of a list, is of; or nothing."""
    first = document[0] if isinstance(document, list) and document else document
    if not isinstance(first, dict):
        return ""
    if first.get("type") == "bundle" and isinstance(first.get("objects"), list):
        return "stix"
    if inner(first, "document").get("csaf_version"):
        return "csaf"
    if inner(first, "cveMetadata").get("cveId"):
        return "cve"
    events = [first, *listing(first, "response")]
    return "misp" if any(inner(one, "Event").get("uuid") for one in events) else ""


def _by_line(body: bytes) -> bool:
    """Whether its first two lines, or its only one, are objects of their own."""
    first, _, rest = body.partition(b"\n")
    second = rest.partition(b"\n")[0].strip()
    try:
        whole = [orjson.loads(line) for line in (first, second) if line]
    except (orjson.JSONDecodeError, json.JSONDecodeError):
        return False
    return len(whole) == 2 and all(isinstance(one, dict) for one in whole)


def _markup(file: Document) -> Sniffed:
    root = parse(file.read(), file.name)
    if local(root) == "alert":
        raise FeedError(f"{file.name}: one CAP alert; {_ALERTS}")
    if local(root) not in ROOTS:
        raise FeedError(f"{file.name}: <{brief(local(root))}> is no feed that a connector reads")
    if any(isinstance(one.tag, str) and one.tag.startswith(_CAP) for one in root.iter()):
        remark = "it tells of alerts: the connector cap follows their chains, and what they link to"
        return Sniffed("rss", {}, (remark,))
    return Sniffed("rss")
