"""A backtest as one page that works from a file, offline: no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from engine.backtest import chart, skill
from engine.backtest.drawing import COLOURS, TRUTH
from engine.backtest.expect import Verdict
from engine.backtest.lists import beside, heading, warnings
from engine.backtest.run import Backtest
from engine.backtest.skill import Row
from engine.backtest.timeline import areas, timeline
from engine.model.grade import RUNGS

#: A level with more areas than this is folded away until asked for.
UNFOLDED = 30

_STYLE = """
:root { color-scheme: light; }
body { font: 14px/1.45 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; color: #24292f; margin: 0 auto;
  max-width: 1080px; padding: 24px; background: #fff; }
h1 { font-size: 24px; margin: 0; } h3 { font-size: 14px; margin: 14px 0 0; } p { margin: 6px 0; }
h2 { font-size: 18px; margin: 32px 0 8px; border-bottom: 1px solid #d8dee4; }
.zh, .faint { color: #57606a; font-weight: normal; }
svg { width: 100%; height: auto; display: block; } svg text { font-family: inherit; }
.tiles { display: flex; flex-wrap: wrap; gap: 12px; margin: 16px 0; }
.tile { border: 1px solid #d8dee4; border-radius: 6px; padding: 8px 14px; min-width: 110px; }
.tile b { display: block; font-size: 22px; } .tile span { color: #57606a; font-size: 12px; }
.charts { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 12px; width: 100%; }
th, td { padding: 3px 6px; text-align: right; border-bottom: 1px solid #eaeef2; white-space: nowrap; }
th { color: #57606a; font-weight: 600; vertical-align: bottom; white-space: normal; }
td:first-child, th:first-child, .list td, .list th { text-align: left; vertical-align: top; }
.key i { display: inline-block; width: 12px; height: 12px; margin: 0 4px 0 12px; vertical-align: -1px; }
summary { cursor: pointer; font-weight: 600; margin-top: 14px; }
dt { font-weight: 600; } dd { margin: 0 0 4px 16px; }
.broken { color: #cf2e2e; font-weight: 600; }
@media print { body { padding: 0; max-width: none; } table { font-size: 9px; } .wide { overflow: visible; }
  section, h3, svg { break-inside: avoid; } }
"""

#: (heading, key of the row, decimals)
Column = tuple[str, str, int]

_VOLUME: tuple[Column, ...] = (
    ("warnings", "warnings", 0), ("per area and week", "warnings_per_area_week", 4),
    ("by chance", "chance_warnings", 1), ("share", "chance_share", 2),
)  # fmt: skip
_DAYS = (
    ("hits", "hits", 0), ("misses", "misses", 0), ("false alarms", "false_alarms", 0),
    ("correct quiet", "correct_quiet", 0), ("POD", "pod", 2), ("FAR", "far", 2), ("CSI", "csi", 2),
    ("Brier", "brier", 4), ("skill: climatology", "skill_climatology", 2),
    ("skill: persistence", "skill_persistence", 2), ("skill if fitted", "skill_fitted", 2),
)  # fmt: skip
_EVENTS = (
    ("events", "events", 0), ("warned", "events_warned", 0), ("POD", "event_pod", 2),
    ("in time", "events_in_time", 0), ("POD in time", "event_pod_in_time", 2),
    ("false warnings", "false_warnings", 0), ("of all", "false_warning_share", 2),
    ("lead, days", "lead_median", 1), ("quartile", "lead_q1", 1), ("quartile", "lead_q3", 1),
    ("onsets", "onset_events", 0), ("warned", "onset_warned", 0), ("lead, days", "onset_lead_median", 1),
)  # fmt: skip


def as_page(done: Backtest, verdicts: Sequence[Verdict] = ()) -> str:
    """HTML with inline SVG; every length and colour is in it."""
    title = f"Backtest {done.span.first} to {done.span.last}"
    parts = [*_head(done), *_expected(verdicts), *beside(done), *_charts(done), *_tables(done)]
    parts += [*warnings(done), *_timelines(done), _words()]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body>{''.join(parts)}</body></html>"
    )


def _head(done: Backtest) -> Iterator[str]:
    span, opened = done.span, done.opened
    yield '<h1>Backtest <span class="zh">规则回测</span></h1>'
    yield f"<p>{span.first} to {span.last}, every run as known then. Rules {escape(done.book.hash[:16])}.</p>"
    tiles = [("days lived through", span.days), ("rules tried", len(done.book.rules)),
             ("warnings", opened), ("warnings a week", f"{opened / span.weeks:.1f}")]  # fmt: skip
    if done.on_trial:
        tiles.append(("more by rules on trial, of which nobody hears", done.on_trial))
    if done.degraded or done.disputed:
        tiles.append(("runs degraded, rules disputed", f"{done.degraded}, {len(done.disputed)}"))
    yield '<div class="tiles">'
    yield from (f'<div class="tile"><b>{value}</b><span>{name}</span></div>' for name, value in tiles)
    yield "</div>"


def _expected(verdicts: Sequence[Verdict]) -> Iterator[str]:
    if not verdicts:
        return
    yield heading("Expectations", "预期")
    broken = sum(not one.held for one in verdicts)
    state = " open" if len(verdicts) <= UNFOLDED else ""
    yield f"<details{state}><summary>{len(verdicts) - broken} held, {broken} broken</summary>"
    yield "<table><tr><th>expected</th><th>came</th><th></th></tr>"
    for one in verdicts:
        state = "held" if one.held else '<span class="broken">broken</span>'
        yield f"<tr><td>{escape(one.name)}</td><td>{escape(one.said)}</td><td>{state}</td></tr>"
    yield "</table></details>"


def _charts(done: Backtest) -> Iterator[str]:
    yield heading("Volume and calibration", "数量与校准")
    yield '<div class="charts"><section><h3>Warnings opened a month, by the highest grade reached</h3>'
    yield chart.volume(done) + "</section>"
    if any(row["frequency"] is not None for row in done.assessment.grades if "frequency" in row):
        yield "<section><h3>Calibration: on the line, a grade keeps its word</h3>"
        yield chart.calibration(done) + "</section>"
    yield "</div>" + _key()
    if any(row["chance_warnings"] is not None for row in done.assessment.rules):
        yield "<section><h3>Warnings of each rule; the red line is what chance alone would open</h3>"
        yield chart.chance(done) + "</section>"
    if any(row["lead_median"] is not None for row in done.assessment.rules):
        yield "<section><h3>Lead time of each rule: median and quartiles; left of 0 it came late</h3>"
        yield chart.lead(done) + "</section>"


def _tables(done: Backtest) -> Iterator[str]:
    rows = done.assessment
    titles = {rule.id: f"{rule.title.en} {rule.title.zh}".strip() for rule in done.book.rules.values()}
    yield heading("Rules", "规则")
    yield _table("rule", rows.rules, _VOLUME, titles)
    if done.against is not None:
        measured = [row for row in rows.rules if row["days"] is not None]
        yield "<h3>In judgements</h3>" + _table("rule", measured, _DAYS, {})
        yield "<h3>In events</h3>" + _table("rule", measured, _EVENTS, {})
    for key, of, en, zh in (
        ("grade", rows.grades, "Grades (each with those above it)", "等级"),
        ("domain", rows.domains, "Domains", "领域"),
    ):
        yield heading(en, zh) + _table(key, of, _VOLUME[:2], {})
        if done.against is not None:
            yield "<h3>In judgements</h3>" + _table(key, of, _DAYS, {})
            yield "<h3>In events</h3>" + _table(key, of, _EVENTS, {})


def _timelines(done: Backtest) -> Iterator[str]:
    yield heading("Areas", "区域")
    yield '<p class="faint">In the order of their codes. The higher a bar, the graver the warning.</p>'
    yield _key()
    for level, codes in areas(done).items():
        state = " open" if len(codes) <= UNFOLDED else ""
        yield f"<details{state}><summary>{escape(level)} ({len(codes)})</summary>"
        for code in codes:
            name = done.tree[code].name
            yield f'<section><h3>{escape(code)} {escape(name.en)} '
            yield f'<span class="zh">{escape(name.zh)}</span></h3>'
            yield timeline(done, code) + "</section>"
        yield "</details>"


def _words() -> str:
    said = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in skill.FIGURES.items())
    return f"<details><summary>What the figures mean</summary><dl>{said}</dl></details>"


def _key() -> str:
    grades = "".join(f'<i style="background:{COLOURS[grade]}"></i>{grade.word}' for grade in RUNGS)
    return f'<p class="key">{grades}<i style="background:{TRUTH}"></i>what happened</p>'


def _table(key: str, rows: Sequence[Row], columns: Sequence[Column], titles: Mapping[str, str]) -> str:
    head = "".join(f"<th>{heading}</th>" for heading, _, _ in columns)
    lines = []
    for row in rows:
        name = str(row[key])
        title = f'<br><span class="zh">{escape(titles[name])}</span>' if name in titles else ""
        cells = "".join(f"<td>{_cell(row, column, digits)}</td>" for _, column, digits in columns)
        lines.append(f"<tr><td>{escape(name)}{title}</td>{cells}</tr>")
    return f'<div class="wide"><table><tr><th>{key}</th>{head}</tr>{"".join(lines)}</table></div>'


def _cell(row: Row, column: str, digits: int) -> str:
    """The figure, with its interval where it has one."""
    value, low, high = row[column], row.get(f"{column}_low"), row.get(f"{column}_high")
    if not isinstance(value, int | float):
        return "–"
    said = f"{value:.{digits}f}"
    if isinstance(low, int | float) and isinstance(high, int | float):
        said += f'<br><span class="faint">{low:.{digits}f} to {high:.{digits}f}</span>'
    return said
