"""What each file of config/ is read as; its JSON schema follows from it."""

from __future__ import annotations

from pydantic import BaseModel

from engine.cycle.config import (
    areas,
    budget,
    calendars,
    duty,
    feeds,
    rota,
    routes,
    service,
    taxonomy,
    topics,
    watch,
)
from engine.rulebook.packs.filter import PacksFile

#: What each file of config/ holds, by its name.
MODELS: dict[str, type[BaseModel]] = {
    "areas": areas.AreasFile,
    "taxonomy": taxonomy.TaxonomyFile,
    "topics": topics.TopicsFile,
    "measures": topics.MeasuresFile,
    "feeds": feeds.FeedsFile,
    "routes": routes.RoutesFile,
    "rota": rota.RotaFile,
    "grades": service.GradesFile,
    "scoring": service.ScoringFile,
    "cycles": service.Cycles,
    "privacy": service.Privacy,
    "engine": service.Engine,
    "budget": budget.BudgetFile,
    "duty": duty.DutyFile,
    "calendars": calendars.CalendarsFile,
    "watch": watch.WatchFile,
    "packs": PacksFile,
}
