"""The kits: what each is made of beside the files in its own folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

#: What every kit takes over from the bundled configuration, unless its own folder has it.
_ALWAYS = ("grades.yaml", "scoring.yaml", "measures.yaml", "topics.yaml")
_SWEDISH = ("taxonomy.yaml", "privacy.yaml", "engine.yaml", "cycles.yaml")
#: Bundled rules that judge counties or less, with tests that name no place.
_RULES = (
    "cyber/fraud-surge", "political/officials", "political/rescue-services", "political/suspect-objects",
    "public-safety/burglary-surge", "public-safety/crash-day", "public-safety/explosion-wave",
    "public-safety/fire-surge", "public-safety/injury-crashes", "public-safety/theft-surge",
    "public-safety/violence-burst", "social-stability/disorder-burst", "social-stability/fights-threats",
)  # fmt: skip
_PLANS = ("large-fire", "mass-brawl", "fraud-surge", "dispute", "attack")
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Kit:
    """One kit: which bundled files go into it, and the kinds of its made-up reports."""

    name: str
    title: str
    config: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    #: What the levels of the bundled rules are called here.
    levels: Mapping[str, str] = field(default_factory=lambda: _NONE)
    #: Which areas of the bundled table are taken: those whose codes begin so; none: its own table.
    areas: tuple[str, ...] = ()


KITS = {kit.name: kit for kit in (
    Kit(
        "county-cn",
        "一个样例县：乡镇、社区、网格，四个领域，110、12345、调解室和网格员四类来源，网格员手机表单",
        (*_ALWAYS,), tuple(one for one in _RULES if one != "political/rescue-services"),
        _PLANS, {"county": "township", "municipality": "community"},
    ),
    Kit(
        "county-se", "A Swedish county with its municipalities, and made-up events of the police",
        (*_ALWAYS, *_SWEDISH), _RULES, _PLANS, areas=("SE", "03"),
    ),
    Kit(
        "country", "A country with its counties, and made-up events of the police",
        (*_ALWAYS, *_SWEDISH, "counties.geojson"), (*_RULES, "public-safety/explosion-wave-nation"), _PLANS,
        areas=("",),
    ),
    Kit("empty", "The least that is a configuration: one area, no feed and no rule", ("grades.yaml",)),
)}  # fmt: skip
