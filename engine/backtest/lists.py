"""The parts of the page that list: each rule beside its rivals, what its grades are worth, its warnings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from engine.backtest import chances
from engine.backtest.contest import in_chinese, in_words
from engine.backtest.run import Backtest
from engine.backtest.skill import Row

_CONTEST = (
    "rule", "rival", "verdict", "judgements", "events", "brier_rule", "brier", "gain", "gain_low",
    "gain_high", "csi_rule", "csi", "csi_gain", "csi_gain_low", "csi_gain_high",
)  # fmt: skip


def heading(en: str, zh: str) -> str:
    return f'<h2>{en} <span class="zh">{zh}</span></h2>'


def beside(done: Backtest) -> Iterator[str]:
    """A sentence for each rule, then the figures behind it, and what its grades came to be worth."""
    if not done.contested:
        return
    yield heading("Beside what anybody could have said", "与简易预报相比")
    yield "<p>Learned on the earlier two thirds of the time, compared on the last by the Brier score.</p><ul>"
    for rule in done.book.rules.values():
        if rows := [row for row in done.contested if row["rule"] == rule.id]:
            yield f"<li><b>{escape(rule.title.en)}</b> {escape(in_words(rows))}. "
            yield f'<span class="zh">{escape(rule.title.zh)}：{in_chinese(rows)}。</span></li>'
    yield "</ul><details><summary>Each rule beside each rival</summary>"
    yield _plain(done.contested, _CONTEST) + "</details>"
    yield "<h3>What a grade came to be worth</h3><p>came, told: so many of so many came true in time. "
    yield "claimed: the chance learned by then, beside what came later; bore out: within its interval.</p>"
    yield _plain([row for row in done.claims if row["told"] or row["later_told"]], chances.COLUMNS)


def _plain(rows: Sequence[Row], keys: Sequence[str]) -> str:
    head = "".join(f"<th>{key.replace('_', ' ')}</th>" for key in keys)
    lines = ("".join(f"<td>{_said(row[key])}</td>" for key in keys) for row in rows)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>'


def _said(value: object) -> str:
    return "–" if value is None else f"{value:.3g}" if isinstance(value, float) else escape(str(value))


def warnings(done: Backtest) -> Iterator[str]:
    if not done.listed:
        return
    yield heading("Warnings", "预警逐条")
    yield "<p>As each opened: the incidents counted then, and the command that tells why.</p>"
    for rule in done.book.rules:
        rows = [row for row in done.listed if row["rule"] == rule]
        if rows:
            yield f"<details><summary>{escape(rule)} ({len(rows)})</summary>{_listed(rows)}</details>"


def _listed(rows: Sequence[Row]) -> str:
    lines = "".join(
        f'<tr><td>{escape(str(row["area"]))}</td><td>{_steps(row)}</td><td>{row["outcome"] or "–"}</td>'
        f"<td>{_claim(row)}</td>"
        f'<td>{_incidents(row)}</td><td><code>{escape(str(row["why"]))}</code></td></tr>'
        for row in rows
    )
    names = ("area", "steps", "outcome", "claimed as it opened", "incidents", "why")
    head = "".join(f"<th>{name}</th>" for name in names)
    return f'<div class="wide"><table class="list"><tr>{head}</tr>{lines}</table></div>'


def _claim(row: Row) -> str:
    return "–" if row["told"] is None else f"{row['chance']:.0%}: {row['came']} of {row['told']}"


def _steps(row: Row) -> str:
    return "<br>".join(escape(step) for step in str(row["steps"]).split("; "))


def _incidents(row: Row) -> str:
    if row["incidents"] is None:
        return "–"
    return f'<span title="{escape(str(row["counted"]))}">{row["incidents"]}</span>'
