"""A small root folder with one feed of each connector, and the same records written for each of them."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from unittest.mock import patch
from xml.sax.saxutils import escape

from connectors.reading import broker, postbox

#: What a record says: every field the mapping reads, and one that it does not.
FIELDS = ("id", "at", "kind", "town", "title", "severity", "amount", "note")
Fields = Mapping[str, str]

_FILES = {
    "config/areas.yaml": "{zone: UTC, levels: [county, town], table: areas.csv}\n",
    "config/areas.csv": (
        "code,name,zh,level,parent,population,aliases,kind\n"
        "C,The County,,county,,90000,,\nT1,Easttown,,town,C,40000,,\nT2,Westtown,,town,C,30000,,\n"
    ),
    "config/taxonomy.yaml": (
        "categories:\n  - {code: fire, title: Fire, domain: public-safety,"
        " codes: {desk: [fire], cameo: ['19']}}\n"
    ),
    "config/topics.yaml": "topics:\n  - {id: fires, title: Fires, domain: public-safety}\n",
    "config/measures.yaml": (
        "measures:\n  - {code: patrols, what: Patrols, department: police, within: 24h, aim: patrol}\n"
    ),
    "config/routes.yaml": (
        "receivers:\n  - {id: duty, title: Duty centre, operator: true,"
        " channels: [{kind: file, path: data/outbox/duty.jsonl}]}\n"
        "routes:\n  - {id: all, receivers: [duty]}\n"
    ),
    "config/engine.yaml": "database: sqlite:///data/forewarn.db\nlog: debug\n",
    "config/forms/desk.yaml": """title: The desk
places: {areas: [C], level: town}
questions:
  - {id: kind, ask: What, kind: text}
  - {id: town, ask: Where about, kind: text}
  - {id: title, ask: In a few words, kind: text}
  - {id: severity, ask: How grave, kind: text}
  - {id: amount, ask: How many, kind: text}
  - {id: note, ask: What else, kind: text}
""",
    "rules/fire.yaml": """rules:
  - id: desk.fires
    title: Fires
    domain: public-safety
    topic: fires
    cycle: daily
    level: town
    status: stable
    owner: desk
    review_by: 2030-06-30
    why: Fires come in runs.
    indicator: {count: incidents, where: {category: fire}}
    window: 3d
    grades: {blue: {at_least: 1}}
    measures: [patrols]
""",
}
_FEED = """  - id: {id}
    title: The desk by {id}
    connector: {connector}
    subject: incident
{asked}    max_silence: 20d
    covers: {{areas: [C], categories: [fire], from: 2026-01-01}}
    map:
      source_id: {prefix}id
      occurred_at: {{field: {prefix}at}}
      place: [{{code: {prefix}town}}, {{name: {prefix}town}}]
      category: {{field: {prefix}kind, scheme: desk}}
      severity: {{field: {prefix}severity, bounds: [1, 2, 3, 4]}}
      measures: {{amount: {prefix}amount}}
      title: {prefix}title
      keep_text: true
"""
_QUEUED = "    options: {host: 127.0.0.1, security: none, client: desk, topics: [desk]}\n    poll: 1h\n"
_MAILED = """    options:
      {host: 127.0.0.1, user: desk, password: "${DESK}", senders: ["@desk.example"], attachments: "*.csv"}
    poll: 1h
"""
_FILLED = "    options: {form: desk}\n"
#: What is said of a feed whose source is asked.
_ASKED = "    options: {{path: {path}}}\n    poll: 1h\n"
_QUERIED = "    options: {path: desk.db, query: SELECT * FROM desk}\n    poll: 1h\n"
#: Connectors that give a record fields of their own: which of these holds what, and what is put there.
_OWN = {
    "misp": {"id": "uuid", "at": "date", "town": "analysis", "kind": "threat_level_id", "title": "info"},
    "csaf": {"id": "id", "at": "released", "town": "publisher", "kind": "category", "title": "title"},
    "gdelt": {
        "id": "GLOBALEVENTID", "at": "SQLDATE", "town": "place", "kind": "EventRootCode",
        "title": "ActionGeo_ADM1Code",
    },
    "cve": {"id": "id", "at": "published", "town": "vendors", "kind": "state", "title": "title"},
}
_OWN_FEED = """  - id: {connector}
    title: The desk by {connector}
    connector: {connector}
    subject: incident
    options: {{path: desk.{connector}.json}}
    poll: 1h
    max_silence: 20d
    covers: {{areas: [C], categories: [fire], from: 2026-01-01}}
    map:
      source_id: {id}
      occurred_at: {{field: {at}}}
      place: [{{code: {town}}}, {{name: {town}}}]
      category: {{field: {kind}, scheme: {scheme}}}
      title: {title}
      keep_text: true
"""
_CAP_FEED = """  - id: cap
    title: The desk by cap
    connector: cap
    subject: hazard
    options: {path: "cap/*.xml"}
    poll: 1h
    max_silence: 20d
    covers: {areas: [C], categories: [fire], from: 2026-01-01}
    map:
      source_id: id
      occurred_at: {field: onset}
      place: {name: areaDesc}
      category: {field: event, scheme: desk}
      severity: {field: severity, table: {Severe: 3}}
      title: headline
      keep_text: true
"""


def _csv(folder: Path, records: Sequence[Fields], header: str) -> None:
    with (folder / "desk.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*FIELDS, header, header] if header else FIELDS)
        writer.writerows(
            [*(record[name] for name in FIELDS), *(["x", "x"] if header else [])] for record in records
        )


def _json(folder: Path, records: Sequence[Fields], header: str) -> None:
    lines = [
        json.dumps({**record, **({header: "x"} if header else {})}, ensure_ascii=False) for record in records
    ]
    (folder / "desk.jsonl").write_text("\n".join(lines), encoding="utf-8")


def _geojson(folder: Path, records: Sequence[Fields], header: str) -> None:
    features = [
        {"type": "Feature", "id": record["id"], "geometry": None,
         "properties": {**record, **({header: "x"} if header else {})}}
        for record in records
    ]  # fmt: skip
    document = {"type": "FeatureCollection", "features": features}
    (folder / "desk.geojson").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


_ALERT = """<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{id}</identifier>
<sender>desk</sender><sent>2026-03-01T09:00:00+00:00</sent><status>Actual</status><msgType>Alert</msgType>
<scope>Public</scope><note>{note}</note><info><language>en-US</language><category>Fire</category>
<event>{kind}</event><urgency>Immediate</urgency><severity>{severity}</severity><certainty>Observed</certainty>
<onset>{at}</onset><senderName>{note}</senderName><headline>{title}</headline>
<parameter><valueName>{column}</valueName><value>{amount}</value></parameter>
<area><areaDesc>{town}</areaDesc></area></info></alert>
"""


def _cap(folder: Path, records: Sequence[Fields], header: str) -> None:
    (folder / "cap").mkdir(exist_ok=True)
    for number, record in enumerate(records):
        said = {name: escape(text) for name, text in record.items()} | {"column": escape(header)}
        said["severity"] = "Severe" if record["severity"] == "3" else said["severity"]
        said["town"] = said["town"].replace("T1", "Easttown")
        said["at"] = said["at"].replace("Z", "+00:00")
        (folder / "cap" / f"{number:06}.xml").write_text(_ALERT.format(**said), encoding="utf-8")


def _rss(folder: Path, records: Sequence[Fields], header: str) -> None:
    items = "".join(
        f"<item>{''.join(f'<{name}>{escape(text)}</{name}>' for name, text in record.items())}</item>"
        for record in records
    )
    document = f"<rss version='2.0'><channel><title>{escape(header)}</title>{items}</channel></rss>"
    (folder / "desk.rss").write_text(document, encoding="utf-8")


def _misp(folder: Path, records: Sequence[Fields], header: str) -> None:
    own = _OWN["misp"]
    events = [{"Event": {own[name]: record[name] for name in own} | {header: "x"}} for record in records]
    _written(folder / "desk.misp.json", {"response": events})


def _csaf(folder: Path, records: Sequence[Fields], header: str) -> None:
    """A document holds one advisory: the first."""
    one = records[0]
    tracking = {"id": one["id"], "initial_release_date": one["at"]}
    head = {"title": one["title"], "category": one["kind"], "publisher": {"name": one["town"]}, header: "x"}
    _written(folder / "desk.csaf.json", {"document": {**head, "tracking": tracking}})


def _cve(folder: Path, records: Sequence[Fields], header: str) -> None:
    told = [
        {"cveMetadata": {"cveId": one["id"], "state": one["kind"], "datePublished": one["at"]},
         "containers": {"cna": {"title": one["title"], "affected": [{"vendor": one["town"]}], header: "x"}}}
        for one in records
    ]  # fmt: skip
    _written(folder / "desk.cve.json", told)


def _stix(folder: Path, records: Sequence[Fields], header: str) -> None:
    objects = [{"type": "note", **record, **({header: "x"} if header else {})} for record in records]
    _written(folder / "desk.stix.json", {"type": "bundle", "objects": objects})


def _written(file: Path, document: object) -> None:
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def _sql(folder: Path, records: Sequence[Fields], header: str) -> None:
    """The table `desk` of an SQLite file; the feed asks for the header by another query."""
    file = folder / "desk.db"
    file.unlink(missing_ok=True)
    names = [*FIELDS, *([header] if header else [])]
    quoted = ", ".join(f'"{name.replace(chr(34), chr(34) * 2)}"' for name in names)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(f"CREATE TABLE desk ({quoted})")
        rows = [[*(record[name] for name in FIELDS), *(["x"] if header else [])] for record in records]
        database.executemany(f"INSERT INTO desk VALUES ({', '.join('?' * len(names))})", rows)


def _push(folder: Path, records: Sequence[Fields], header: str) -> None:
    """What is pushed: see `PUSHED`."""
    told = [{**record, **({header: "x"} if header else {})} for record in records]
    (folder / PUSHED["push"]).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def _form(folder: Path, records: Sequence[Fields], header: str) -> None:
    """What is filled in, past the page."""
    told = [{**record, **({header: "x"} if header else {})} for record in records]
    (folder / PUSHED["form"]).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def _gdelt(folder: Path, records: Sequence[Fields], header: str) -> None:
    """An export: the columns that are read hold what the record says."""
    lines = []
    for record in records:
        cells = [""] * 61
        for name, at in {"id": 0, "at": 1, "town": 52, "title": 54, "note": 6}.items():
            cells[at] = record[name].replace("\t", " ").replace("\n", " ")
        cells[28], cells[53] = "19", header
        lines.append("\t".join(cells))
    (folder / "desk.gdelt.json").write_text("\n".join(lines), encoding="utf-8")


def _mqtt(folder: Path, records: Sequence[Fields], header: str) -> None:
    """Messages that the broker kept, one a line: see `served`."""
    told = [json.dumps({**record, **({header: "x"} if header else {})}) for record in records]
    (folder / "desk.mqtt").write_text("\n".join(told), encoding="utf-8")


def _imap(folder: Path, records: Sequence[Fields], header: str) -> None:
    """The table that is attached to a mail: see `served`."""
    _csv(folder, records, header)
    (folder / "desk.imap").write_bytes((folder / "desk.csv").read_bytes())


@contextmanager
def served(folder: Path) -> Iterator[None]:
    """What a broker and a mailbox would bring, without them: all but the exchange is as it is."""

    def drained(visit: Any, stored: Any) -> broker.Drained:
        lines = (folder / "desk.mqtt").read_bytes().splitlines()
        return broker.Drained(tuple(broker.Message("desk", line) for line in lines))

    def visited(*asked: Any) -> postbox.Found:
        mail = EmailMessage()
        content = (folder / "desk.imap").read_bytes()
        mail.add_attachment(content, maintype="text", subtype="csv", filename="desk.csv")
        return postbox.Found("1", 1, (postbox.Mail(1, mail),), more=False)

    with (
        patch.object(broker, "drained", drained), patch.object(postbox, "visit", visited),
        patch.dict(os.environ, {"DESK": "0123456789abcdef"}),
    ):  # fmt: skip
        yield


#: What the sources of feeds bring that nobody asks.
PUSHED = {"push": "desk.push.json", "form": "desk.form.json"}
#: By connector: how it is fed. A new connector is tested once it stands here.
WRITERS: Mapping[str, Callable[[Path, Sequence[Fields], str], None]] = {
    "csv": _csv, "json": _json, "geojson": _geojson, "cap": _cap, "rss": _rss,
    "push": _push, "form": _form, "mqtt": _mqtt, "imap": _imap, "gdelt": _gdelt, "sql": _sql,
    "misp": _misp,
    "csaf": _csaf, "cve": _cve, "stix": _stix,
}  # fmt: skip
_PATHS = {
    "csv": ("desk.csv", ""), "json": ("desk.jsonl", ""), "geojson": ("desk.geojson", "properties."),
    "rss": ("desk.rss", ""), "stix": ("desk.stix.json", ""),
}  # fmt: skip
#: For each connector, a file that it must refuse as a whole, with words of the source in what it says.
BROKEN: Mapping[str, tuple[str, str]] = {
    "csv": ("desk.csv", "{said},{said}\n1,2\n"),
    "json": ("desk.jsonl", '{{"id": "{said}\n{said}\n'),
    "geojson": ("desk.geojson", '{{"{said}": [{said}'),
    "cap": ("cap/000000.xml", "<x{said}>{said}"),
    "rss": ("desk.rss", "<{said}>{said}"),
    "gdelt": ("desk.gdelt.json", "<html>{said}"),
    "mqtt": ("desk.mqtt", '{{"{said}": [{said}'),
    "imap": ("desk.imap", "{said},{said}\n1,2\n"),
    **{name: (file, '{{"{said}": [{said}') for name, file in PUSHED.items()},
    "sql": ("desk.db", "{said}\n{said}"),
    **{name: (f"desk.{name}.json", '{{"{said}": [{said}') for name in ("misp", "csaf", "cve", "stix")},
}


def write(folder: Path, records: Sequence[Fields], header: str = "") -> None:
    """A root folder whose every feed brings these records; header: the name of one more field."""
    for name, text in _FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    feeds = [_feed(id_, prefix, _ASKED.format(path=path)) for id_, (path, prefix) in _PATHS.items()]
    schemes = {"gdelt": "cameo"}
    feeds += [
        _OWN_FEED.format(connector=name, scheme=schemes.get(name, "desk"), **own)
        for name, own in _OWN.items()
    ]
    feeds += [_feed("mqtt", asked=_QUEUED), _feed("imap", asked=_MAILED)]
    feeds += [_CAP_FEED, _feed("push"), _feed("form", asked=_FILLED), _feed("sql", asked=_QUERIED)]
    text = "".join(["feeds:\n", *feeds])
    (folder / "config/feeds.yaml").write_text(text, encoding="utf-8")
    for writer in WRITERS.values():
        writer(folder, records, header)


def _feed(id_: str, prefix: str = "", asked: str = "") -> str:
    return _FEED.format(id=id_, connector=id_, prefix=prefix, asked=asked)
