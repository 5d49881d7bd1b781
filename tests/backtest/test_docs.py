"""The page says what the command does."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.backtest.expect import Expectations, Line
from engine.backtest.skill import FIGURES
from engine.cli.backtest import command
from engine.ingest import truth

PAGE = (Path(__file__).parents[2] / "docs" / "backtest.md").read_text(encoding="utf-8")
#: Shown in words or by their family there.
FAMILIES = ("frequency_", "onset_lead_", "areas", "days", "base_rate")


@pytest.mark.parametrize("name", [name for name in FIGURES if not name.startswith(FAMILIES)])
def test_every_figure_is_defined(name: str):
    assert f"`{name}`" in PAGE


def test_every_option_column_and_key_is_named():
    options = [option for parameter in command.params for option in parameter.opts if option.startswith("--")]
    fields = {**Line.model_fields, **Expectations.model_fields}
    keys = [field.alias or name for name, field in fields.items()]
    assert [one for one in (*options, *truth.COLUMNS, *truth.OPTIONAL) if one not in PAGE] == []
    assert [key for key in keys if f"{key}:" not in PAGE] == []
