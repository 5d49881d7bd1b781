"""Whether a feed tells of anything that a rule may ever count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from engine.model.incident import Incident
from engine.model.taxonomy import Taxonomy


def idle(incidents: Iterable[Incident], taxonomy: Taxonomy) -> str:
    """Of what categories all incidents of a feed are, where nobody judges any of them: no rule can ever warn
    by it, however well it is read. Empty where one of them is judged, and where there is none."""
    counts = Counter(one.category for one in incidents if not one.withdrawn)
    if not counts or any(taxonomy[code].judged for code in counts):
        return ""
    of = " and ".join(f"'{code}'" for code, _ in counts.most_common(3))
    many = counts.total()
    said = f"all {many} incidents are" if many > 1 else "its only incident is"
    return f"{said} of {of}, which nobody judges: no rule can warn by this feed; mend its `category`"
