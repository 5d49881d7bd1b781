"""Words by which a table says of a line that it adds up others."""

from __future__ import annotations

import re

#: Whole words at the beginning of a cell: `Sumy` and `Totana` are towns.
_LATIN = (
    "grand total|sub ?-?totals?|totals?|totalt|totale|totali|totaux|totaal|sous-total|gesamt(?:summe)?"
    "|insgesamt|sum|summa|summe|samtals|i alt|ialt|yhteensä|suma|soma|razem|celkem|toplam|итого|всего"
)
#: Scripts that part no words, and blanks that only widen them.
_UNPARTED = (
    r"[本全]?[页頁]?(?:合\s*[计計]|总\s*[计計]|總\s*計|小\s*[计計]|共\s*[计計]|総計)"
    r"|합\s*계|총\s*계|소\s*계|المجموع"
)
_TOTAL = re.compile(rf"\s*(?:(?:{_LATIN})(?!\w)|{_UNPARTED}).{{0,40}}", re.I)


def is_total(cell: str) -> bool:
    """Whether a text, the first of its line, says that the line is a total of others."""
    return _TOTAL.fullmatch(cell) is not None
