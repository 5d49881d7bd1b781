"""The JSON schema of each configuration file, for completion in editors."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from engine.cycle.config import areas, budget, feeds, routes, service, taxonomy, topics

#: What each file of config/ holds, by its name.
MODELS: dict[str, type[BaseModel]] = {
    "areas": areas.AreasFile,
    "taxonomy": taxonomy.TaxonomyFile,
    "topics": topics.TopicsFile,
    "measures": topics.MeasuresFile,
    "feeds": feeds.FeedsFile,
    "routes": routes.RoutesFile,
    "grades": service.GradesFile,
    "scoring": service.ScoringFile,
    "cycles": service.Cycles,
    "privacy": service.Privacy,
    "engine": service.Engine,
    "budget": budget.BudgetFile,
}


def json_schema(name: str) -> dict[str, Any]:
    """The JSON schema (2020-12) of config/NAME.yaml."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **MODELS[name].model_json_schema(by_alias=True),
        "title": f"forewarn config/{name}.yaml",
    }
