"""Event codebooks that code speech, assembly and migration beside violence, and which codes are harm."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.charter.folding import plain, tokens


@dataclass(frozen=True)
class Codebook:
    """One classification: how it and its data sets are called, and how the codes that are harm begin.

    A code that begins otherwise (protest, demand, appeal, criticism, strike, migration) may stand in
    protected categories only.
    """

    names: frozenset[str]
    harms: tuple[str, ...]
    source: str

    def harm(self, code: str) -> bool:
        """Whether a code means violence, or force used against assemblies."""
        folded = plain(code).casefold().strip()
        compact = re.sub(r"[\s.]", "", folded) if folded[:1].isdigit() else folded
        return compact.startswith(self.harms)


#: By the name that stands in sentences.
CODEBOOKS: Mapping[str, Codebook] = {
    "cameo": Codebook(
        frozenset({"cameo", "gdelt", "gdeltproject", "icews", "phoenix", "petrarch", "terrier"}),
        ("18", "19", "20"),
        "CAMEO 1.1b3: 18 assault, 19 fight, 20 unconventional mass violence",
    ),
    "acled": Codebook(
        frozenset({"acled", "acleddata"}),
        (
            "battles", "explosions", "violence against civilians", "mob violence",
            "excessive force against protesters", "armed clash", "attack", "sexual violence",
            "abduction", "air/drone strike", "suicide bomb", "shelling", "remote explosive", "grenade",
            "chemical weapon",
        ),
        "ACLED codebook: event types and sub-event types",
    ),
    "plover": Codebook(frozenset({"plover", "polecat"}), ("assault", "fight"), "PLOVER: event types"),
    "scad": Codebook(
        frozenset({"scad"}), ("7", "8", "9", "10"),
        "Social Conflict Analysis Database: 7 to 10 are violence by or between governments and groups",
    ),
    "iccs": Codebook(
        frozenset({"iccs"}),
        ("01", "02", "03", "04", "05", "06", "07", "08011", "0806", "0901", "0902", "0903", "0906", "10"),
        "International Classification of Crime for Statistical Purposes 1.0: not 0801 norms, 0803 expression,"
        " 0805 migration, 0807 elections, 0808 labour, 0904 state security",
    ),
    "crowd counts": Codebook(
        frozenset({"crowdcounting", "massmobilization", "mmad", "navco"}), (), "data sets of protest alone",
    ),
}  # fmt: skip

#: Columns of the event databases coded by CAMEO: such a feed must be classified by that scheme.
_CAMEO_COLUMNS = frozenset({"eventcode", "eventbasecode", "eventrootcode"})


def named(text: str) -> str | None:
    """The codebook that a scheme, a title or an address names."""
    words = set(tokens(plain(text)))
    return next((name for name, book in CODEBOOKS.items() if book.names & words), None)


def of_column(field: str) -> str | None:
    """The codebook whose codes a column of this name holds."""
    return "cameo" if field.rpartition(".")[2].casefold() in _CAMEO_COLUMNS else None


def refusal(scheme: str, code: str) -> str | None:
    """Why a code of a scheme means no harm, or None."""
    name = named(scheme)
    if name is None or CODEBOOKS[name].harm(code):
        return None
    allowed = ", ".join(CODEBOOKS[name].harms) or "none"
    return (
        f"the {name} code '{code}' is no violence; allowed are codes that begin with {allowed}, and any in"
        " protected categories"
    )
