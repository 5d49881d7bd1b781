"""The kits: what each is made of beside the files in its own folder."""

from __future__ import annotations

from dataclasses import dataclass

#: What every kit takes over from the bundled configuration, unless its own folder has it.
_ALWAYS = ("grades.yaml", "scoring.yaml", "measures.yaml", "topics.yaml")
_SWEDISH = ("taxonomy.yaml", "privacy.yaml", "engine.yaml", "cycles.yaml")
_PLANS = ("large-fire", "mass-brawl", "fraud-surge", "dispute", "attack")


@dataclass(frozen=True)
class Kit:
    """One kit: which bundled files go into it, and the kinds of its made-up reports."""

    name: str
    title: str
    config: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    #: Which areas of the bundled table are taken: those whose codes begin so; none: its own table.
    areas: tuple[str, ...] = ()


KITS = {kit.name: kit for kit in (
    Kit(
        "county-cn",
        "一个样例县：乡镇、社区、网格，四个领域，110、12345、调解室、气象和网格员五类来源，网格员手机表单",
        (*_ALWAYS,), _PLANS,
    ),
    Kit(
        "county-se", "A Swedish county with its municipalities, and made-up events of the police",
        (*_ALWAYS, *_SWEDISH), _PLANS, areas=("SE", "03"),
    ),
    Kit(
        "country", "A country with its counties, and made-up events of the police",
        (*_ALWAYS, *_SWEDISH, "counties.geojson"), _PLANS, areas=("",),
    ),
    Kit("empty", "The least that is a configuration: one area, no feed and no rule", ("grades.yaml",)),
)}  # fmt: skip
