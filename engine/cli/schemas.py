"""The grammar of every file that people write, by name, as it is committed in docs/schema."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from engine.cycle.config.form import FormFile
from engine.cycle.config.plan.written import PlanFile
from engine.cycle.config.schema import MODELS
from engine.rulebook.language import schema as language
from engine.rulebook.language.example import TwinFile
from engine.rulebook.trial.routing import RoutingFile


def _report() -> dict[str, Any]:
    # With it come the figures and their wording, of which no other command here needs anything.
    from engine.report import exchange

    return exchange.schema()


#: What each name stands for: the rules, their twin files, the tests of the routes, response plans, reports
#: as JSON, the configuration.
SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "rule": language.json_schema,
    "rule.test": partial(language.titled, "tests of a rule file", TypeAdapter(TwinFile)),
    "routes.test": partial(language.titled, "tests of the routes", TypeAdapter(RoutingFile)),
    "plan": partial(language.titled, "config/plans/*.yaml", TypeAdapter(PlanFile)),
    "form": partial(language.titled, "config/forms/*.yaml", TypeAdapter(FormFile)),
    "report": _report,
    **{
        name: partial(language.titled, f"config/{name}.yaml", TypeAdapter(model))
        for name, model in MODELS.items()
    },
}


def schema_text(name: str) -> str:
    """The schema as it stands in docs/schema/NAME.schema.json."""
    return json.dumps(SCHEMAS[name](), ensure_ascii=False, indent=1) + "\n"


def write(folder: Path) -> None:
    """Every schema as NAME.schema.json."""
    folder.mkdir(exist_ok=True)
    for name in SCHEMAS:
        (folder / f"{name}.schema.json").write_text(schema_text(name), encoding="utf-8")
