"""One attempt: a small change to an honest configuration or rule, and whether anything refuses it.

What an attempt may say beside `tries`, and what it changes:

* `category`, `topic`, `measure`, `receiver`, `route`, `area`: one more entry; what it leaves out is honest;
* `changed`: the category of this code, with these keys; null takes a key away;
* `feed`, `map`, `areas`, `privacy`, `grades`: these keys of the feed, of its mapping, of the file;
* `period`, `template`, `plan`: these keys of a watch period, of a template, of a plan;
* `form`, `question`: these keys of a form that a feed is filled by, one more question of it;
* `calendar`, `entry`: these keys of a calendar, an entry of its file that is called so;
* `keyword`, `skip`: the feed's mapping with these keywords, with this condition;
* `rule`, `crowd`: these keys of the rule on fires, of the crowd-safety rule;
* `correlation`: the correlation looks for this, and for `none` of that.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from engine import app
from engine.errors import ConfigError
from engine.model.problem import Level, Problem
from engine.rulebook import load

DATA = Path(__file__).parents[2] / "tests" / "data" / "charter"
TODAY = date(2026, 6, 1)

Files = dict[str, Any]

_CATEGORY = {"code": "extra", "title": "Extra", "domain": "social-stability"}
_TOPIC = {"id": "extra", "title": "Extra", "domain": "social-stability"}
_MEASURE = {"code": "extra", "what": "Extra", "department": "police", "within": "24h", "aim": "protection"}
_RECEIVER = {"id": "extra", "title": "Extra", "channels": [{"kind": "file", "path": "data/extra.jsonl"}]}
_AREA = {
    "code": "X1", "name": "Extra", "zh": "", "level": "town", "parent": "C1", "population": "20000",
    "aliases": "", "kind": "",
}  # fmt: skip
_KEYWORD = {"category": "fire"}
_PERIOD = {
    "id": "extra", "title": "Extra", "areas": ["C1"], "from": "2026-02-10", "to": "2026-02-25",
    "tighter": {"public-safety.fires": {"blue": {"at_least": 2}}},
}  # fmt: skip
_TEMPLATE = {"id": "extra", "subject": "{{ place }}", "text": "{{ grade }}: {{ why }} {{ place }}"}
_PLAN = {
    "id": "extra", "title": "Fires", "owner": "fire-desk", "review_by": "2027-06-30", "topics": ["fire"],
    "roles": [{"id": "commander", "title": "Commander", "department": "fire-rescue"}],
    "steps": [{"id": "attack", "measure": "fire-watch", "role": "commander"}],
    "stand_down": {"when": "The fire is out", "steps": [{"id": "last", "measure": "fire-watch"}]},
}  # fmt: skip
_FORM: Mapping[str, Any] = {
    "title": "Field report", "places": {"areas": ["C1"], "level": "town"},
    "questions": [{
        "id": "kind", "ask": "What is it?", "kind": "choice", "choices": {"fire": "A fire", "smoke": "Smoke"},
    }],
}  # fmt: skip
_QUESTION = {"id": "extra", "ask": "How many hurt?", "kind": "number", "needed": False}
_FILLED_IN = {
    "id": "wardens", "title": "Wardens", "connector": "form", "subject": "incident", "max_silence": "4d",
    "options": {"form": "extra"}, "covers": {"areas": ["L"], "categories": ["fire"], "from": "2026-01-01"},
    "map": {
        "source_id": "id", "occurred_at": "at", "place": {"code": "area"},
        "category": {"field": "kind", "table": {"fire": "fire", "smoke": "fire"}},
    },
}  # fmt: skip
_CALENDAR = {
    "id": "extra", "title": "Extra", "path": "config/extra.ics", "from": "2026-01-01", "to": "2026-12-31",
}  # fmt: skip
_ENTRIES = (
    "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//extra//\nBEGIN:VEVENT\nUID:1\nSUMMARY:{}\n"
    "DTSTART;VALUE=DATE:20260304\nEND:VEVENT\nEND:VCALENDAR\n"
)


def base() -> Files:
    """The honest configuration and rules, by file."""
    folder = DATA / "root"
    files: Files = {
        str(path.relative_to(folder)): yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.yaml"))
    }
    with (folder / "config" / "areas.csv").open(encoding="utf-8", newline="") as table:
        files["config/areas.csv"] = list(csv.DictReader(table))
    return files


def apply(files: Files, attempt: Mapping[str, Any]) -> Files:
    """A copy of the files with one attempt's changes."""
    changed = deepcopy(files)
    for key, value in attempt.items():
        if key not in ("tries", "writes"):
            _CHANGES[key](changed, value)
    return changed


def problems(root: Path, files: Files) -> list[Problem]:
    """Every error with which the engine refuses these files, written below `root`; none: it takes them."""
    shutil.rmtree(root, ignore_errors=True)
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, data)
    try:
        settings = app.settings(root)
        load.load(root / "rules", app.context(settings, TODAY))
    except ConfigError as error:
        return [problem for problem in error.problems if problem.level is Level.ERROR]
    return []


def _write(path: Path, data: Any) -> None:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as table:
            writer = csv.DictWriter(table, _AREA)
            writer.writeheader()
            writer.writerows(data)
    elif isinstance(data, str):
        path.write_text(data, encoding="utf-8")
    else:
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")


def merged(old: Any, new: Any) -> Any:
    """`old` with the keys of `new`, level by level; null takes a key away, lists are replaced."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    both = {**old, **{key: merged(old.get(key), value) for key, value in new.items()}}
    return {key: value for key, value in both.items() if value is not None}


def _added(name: str, listing: str, honest: Mapping[str, Any]) -> Callable[[Files, Any], None]:
    def add(files: Files, value: Any) -> None:
        files[name][listing].append({**honest, **value})

    return add


def _area(files: Files, value: Any) -> None:
    files["config/areas.csv"].append({**_AREA, **value})


def _changed(files: Files, value: Any) -> None:
    def look(entries: list[Any]) -> None:
        for at, entry in enumerate(entries):
            if entry["code"] == value["code"]:
                entries[at] = merged(entry, value)
            look(entry.get("children", []))

    look(files["config/taxonomy.yaml"]["categories"])


def _file(name: str) -> Callable[[Files, Any], None]:
    def change(files: Files, value: Any) -> None:
        files[name] = merged(files.get(name, {}), value)

    return change


def _feed(files: Files, value: Any) -> None:
    feeds = files["config/feeds.yaml"]["feeds"]
    feeds[0] = merged(feeds[0], value)


def _map(files: Files, value: Any) -> None:
    feed = files["config/feeds.yaml"]["feeds"][0]
    feed["map"] = {**feed["map"], **value}


def _keyword(files: Files, value: Any) -> None:
    _map(files, {"category": {"fields": ["text"], "keywords": [{**_KEYWORD, **value}]}})


def _skip(files: Files, value: Any) -> None:
    _map(files, {"skip": value})


def _rule(number: int) -> Callable[[Files, Any], None]:
    def change(files: Files, value: Any) -> None:
        rules = files["rules/rules.yaml"]["rules"]
        rules[number] = merged(rules[number], value)

    return change


def _correlation(files: Files, value: Any) -> None:
    correlate = files["rules/rules.yaml"]["rules"][2]["correlate"]
    positive = {key: pattern for key, pattern in value.items() if key != "none"}
    correlate["all"][0] = positive
    if "none" in value:
        correlate["none"] = [value["none"]]


def _period(files: Files, value: Any) -> None:
    files["config/watch.yaml"] = {"periods": [merged(_PERIOD, value)]}


def _template(files: Files, value: Any) -> None:
    files["config/routes.yaml"]["templates"] = [merged(_TEMPLATE, value)]


def _plan(files: Files, value: Any) -> None:
    files["config/plans/extra.yaml"] = merged(_PLAN, value)


def _form(files: Files, value: Any) -> None:
    files["config/forms/extra.yaml"] = merged(_FORM, value)
    files["config/feeds.yaml"]["feeds"].append(_FILLED_IN)


def _question(files: Files, value: Any) -> None:
    _form(files, {"questions": [*_FORM["questions"], merged(_QUESTION, value)]})


def _calendar(files: Files, value: Any, entry: str = "Fair") -> None:
    files["config/calendars.yaml"] = {"calendars": [merged(_CALENDAR, value)]}
    files["config/extra.ics"] = _ENTRIES.format(entry)


def _entry(files: Files, value: str) -> None:
    _calendar(files, {}, value)


_CHANGES: Mapping[str, Callable[[Files, Any], None]] = {
    "category": _added("config/taxonomy.yaml", "categories", _CATEGORY),
    "topic": _added("config/topics.yaml", "topics", _TOPIC),
    "measure": _added("config/measures.yaml", "measures", _MEASURE),
    "receiver": _added("config/routes.yaml", "receivers", _RECEIVER),
    "route": _added("config/routes.yaml", "routes", {"id": "extra", "receivers": ["centre"]}),
    "area": _area,
    "changed": _changed,
    "feed": _feed,
    "map": _map,
    "areas": _file("config/areas.yaml"),
    "privacy": _file("config/privacy.yaml"),
    "grades": _file("config/grades.yaml"),
    "keyword": _keyword,
    "skip": _skip,
    "rule": _rule(0),
    "crowd": _rule(1),
    "correlation": _correlation,
    "period": _period,
    "template": _template,
    "plan": _plan,
    "form": _form,
    "question": _question,
    "calendar": _calendar,
    "entry": _entry,
}
