"""A backtest as text for people, as JSON for machines, as a page, and as test results."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from engine.backtest.expect import Verdict
from engine.backtest.junit import as_junit
from engine.backtest.page import as_page
from engine.backtest.run import Backtest
from engine.backtest.skill import Row
from engine.model.text import numbered

#: Columns of the text: (heading, key, decimals).
_VOLUME = (("warnings", "warnings", 0), ("/area/week", "warnings_per_area_week", 4))
_CHANCE = (("by chance", "chance_warnings", 1), ("share", "chance_share", 2))
_SKILL = (
    ("hits", "hits", 0), ("misses", "misses", 0), ("false", "false_alarms", 0), ("quiet", "correct_quiet", 0),
    ("POD", "pod", 2), ("FAR", "far", 2), ("CSI", "csi", 2), ("events", "events", 0),
    ("warned", "events_warned", 0), ("in time", "events_in_time", 0), ("lead d", "lead_median", 1),
    ("Brier", "brier", 4), ("vs climate", "skill_climatology", 2), ("vs persist", "skill_persistence", 2),
)  # fmt: skip


_LISTED = ("rule", "area", "steps", "outcome", "chance", "came", "told", "incidents", "why")
_CLAIMS = (
    "rule", "grade", "came", "told", "days", "chance", "chance_low", "chance_high", "claimed", "later_came",
    "later_told", "bore_out",
)  # fmt: skip


def as_json(done: Backtest, verdicts: Sequence[Verdict] = ()) -> str:
    """`from`, `to`, and all rows, of rules, grades, domains, rivals, claims and warnings: flat objects."""
    rows = done.assessment
    whole: dict[str, Any] = {
        "from": done.span.first.isoformat(), "to": done.span.last.isoformat(),
        "rules": rows.rules, "grades": rows.grades, "domains": rows.domains,
        "rivals": done.contested, "claims": done.claims, "warnings": done.listed,
        "degraded": done.degraded, "disputed": dict(done.disputed),
        "expect": [asdict(verdict) for verdict in verdicts],
    }  # fmt: skip
    return json.dumps(whole, ensure_ascii=False, indent=1)


def as_text(done: Backtest, verdicts: Sequence[Verdict] = ()) -> str:
    """Three tables and the warnings; what the truth does not speak of has no figures of skill."""
    span, rows = done.span, done.assessment
    rules = numbered(len(done.book.rules), "rule")
    head = f"{span.first} to {span.last}: {numbered(span.days, 'day')}, {rules}, "
    findings = sum(finding.at > span.since for finding in done.history.findings)
    lines = [head + f"{numbered(findings, 'finding')}, {numbered(done.opened, 'warning')}{_on_trial(done)}"]
    if done.degraded or done.disputed:
        lines.append(f"{numbered(done.degraded, 'run')} degraded; disputed: {dict(done.disputed) or 'none'}")
    skill = _SKILL if done.against else ()
    lines += ["", *_table("rule", rows.rules, (*_VOLUME, *_CHANCE, *skill))]
    if any(rule.stands for rule in done.book.rules.values()):
        lines += ["", *_table("grade", rows.grades, (*_VOLUME, *skill))]
        lines += ["", *_table("domain", rows.domains, (*_VOLUME, *skill))]
    if done.contested:
        lines += ["", *(f"{row['rule']} {row['verdict']}." for row in rows.rules if row["verdict"])]
        lines += ["", *_lines([row for row in done.claims if row["told"] or row["later_told"]], _CLAIMS)]
    if done.listed:
        lines += ["", *_lines(done.listed, _LISTED)]
    lines += [f"{'held' if one.held else 'BROKEN'}: {one.name} ({one.said})" for one in verdicts]
    return "\n".join(lines)


def _on_trial(done: Backtest) -> str:
    """What the rows of rules count beside: without it the head would tell of none, and a row of three."""
    return f" and {done.on_trial} more by rules on trial, of which nobody hears" if done.on_trial else ""


def _table(key: str, rows: Sequence[Row], columns: Sequence[tuple[str, str, int]]) -> list[str]:
    cells = [[key, *(heading for heading, _, _ in columns)]]
    cells += [[str(row[key]), *(_number(row[name], digits) for _, name, digits in columns)] for row in rows]
    widths = [max(len(line[at]) for line in cells) for at in range(len(cells[0]))]
    return [
        "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]) for line in cells
    ]  # fmt: skip


def _lines(rows: Sequence[Row], keys: Sequence[str]) -> list[str]:
    """A line for each row; what is too long for one stands in the other forms."""
    cells = [list(keys), *([_word(row[key]) for key in keys] for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(keys))]
    return ["  ".join(map(str.ljust, line, widths)).rstrip() for line in cells]


def _word(value: object) -> str:
    return "-" if value in (None, "") else f"{value:.2g}" if isinstance(value, float) else str(value)


def _number(value: object, digits: int) -> str:
    return f"{value:.{digits}f}" if isinstance(value, int | float) else "-"


Format = Callable[[Backtest, Sequence[Verdict]], str]

FORMATS: Mapping[str, Format] = {
    "text": as_text, "json": as_json, "html": as_page, "junit": as_junit,
}  # fmt: skip
SUFFIX = {"text": "txt", "json": "json", "html": "html", "junit": "xml"}
