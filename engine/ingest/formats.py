"""How a moment may be written: a name for what many sources write, or the directives of `strptime`."""

from __future__ import annotations

import re
from datetime import datetime

#: Reads months, quarters, weeks and years.
SPAN = "span"
#: The formats of moments that have a name.
FORMATS = ("iso", "rfc822", "epoch", "epoch_ms", "excel", "excel_1904", "zh", SPAN)

#: What says in strptime's directives which month or year it is, and which day.
_MONTH, _DAY = re.compile("%[bBmyYGUVW]"), re.compile("%[djcxuwaA]")


def readable(formats: tuple[str, ...]) -> None:
    """Raises ValueError for a format that nothing is read by."""
    for form in formats:
        if form not in FORMATS and "%" not in form:
            named = ", ".join(FORMATS)
            raise ValueError(f"there is no format {form!r}; write one of {named}, or as in %Y-%m-%d %H:%M")
        if form not in FORMATS:
            _possible(form)


def dayless(formats: tuple[str, ...]) -> str | None:
    """The first of the formats that tells a month or a year and no day."""
    return next(
        (form for form in formats if form == SPAN or (_MONTH.search(form) and not _DAY.search(form))), None
    )  # fmt: skip


def _possible(form: str) -> None:
    """Refuse what `strptime` itself cannot read by: else every record of the feed would say so."""
    try:
        datetime.strptime("", form.replace("%Z", "%z"))
    except re.error:
        raise ValueError(f"the format {form!r} names a part of the moment twice") from None
    except ValueError as error:
        if "does not match" not in str(error):
            raise ValueError(f"the format {form!r} cannot be read by: {error}") from None
