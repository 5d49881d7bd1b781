"""One module and one template a page; whoever adds one adds it here."""

from __future__ import annotations

from engine.console.pages import (
    act,
    area,
    audit,
    editor,
    elsewhere,
    faults,
    feeds,
    form,
    now,
    plans,
    reports,
    rota,
    rules,
    runs,
    settings,
    sign,
    wall,
    warning,
    warnings,
)

PAGES = (
    now, wall, warnings, warning, area, rules, editor, faults, feeds, form, runs, plans, rota, reports, audit,
    settings, sign, elsewhere, act,
)  # fmt: skip
