"""On what people may put a warning: the charter holds for their reasons as it does for rules.

What ends, lowers or comments on a warning may name what is lawful: that is why it ends.
"""

from __future__ import annotations

from engine.charter.judgement import Kind, refusals
from engine.charter.reach import lawful
from engine.model.act import Act, ActKind
from engine.model.grade import Grade

#: So much of a reason is quoted.
_QUOTED = 60


def unfit(act: Act, stands: Grade) -> str:
    """The sentence that refuses the reason of an act on a place that stands at a grade; "" where it may be a
    ground."""
    raises = act.kind is ActKind.RAISE or (act.kind is ActKind.REGRADE and (act.grade or Grade.NONE) > stands)
    if not raises:
        return ""
    quoted = act.reason if len(act.reason) <= _QUOTED else f"{act.reason[:_QUOTED]}…"
    return next(
        (
            f"no ground for a warning: {said}"
            for said in refusals(Kind.TITLE, act.reason, lawful(act.topic), quoted)
        ),
        "",
    )
