"""Which windows of digits are numbers of persons or devices: their lengths, groups and check digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from itertools import accumulate

from engine.guard.check import valid
from engine.guard.digits import Window

_luhn = valid("luhn")
_mod_11_2 = valid("iso7064.mod_11_2")
_norwegian = valid("no.fodselsnummer")

Check = Callable[[Window], bool]
#: By how many digits a number has: what it may be, and when it is.
Table = Mapping[int, tuple[tuple[str, Check], ...]]

#: GB/T 2260: the first two digits; 81 to 83 are residence permits, 9 begins a foreigner's.
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
#: Area codes of China's land lines; those of the second line have subscribers of eight digits.
_CHINA_LINE = re.compile(
    r"0(?:10|2\d)[1-9]\d{7}$"
    r"|0(?:311|37[179]|411|43[12]|451|51\d|52[37]|53[1269]|55[138]|57\d|58\d|59[156]|663|7[356]\d|77[13]"
    r"|791|851|871|898|991)"
    r"[1-9]\d{6,7}$"
    r"|0[3-9]\d\d[1-9]\d{6}$"
)
_MOBILE_ELSEWHERE = re.compile(r"07[02369]\d{7}$|09\d{8}$|07[1-57-9]\d{8}$|01[567]\d{8,9}$")
_CARD = re.compile(r"4|5[1-58]|2(?:22[1-9]|2[3-9]|[3-6]\d|7[01]|720)|3[4-9]|6[0-9]|9[0-9]")
_MOBILE_NETWORKS = ("454", "455", "460", "461", "466", "240", "310", "234")
_COUNTRY = re.compile(r"(?:1[2-9]|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9]\d\d)\d")

#: How mobile numbers of eleven digits are parted; all of them single digits is the other way.
_MOBILE_GROUPS = frozenset({
    (11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (3, 5, 3), (4, 3, 4), (4, 4, 3), (5, 6), (6, 5),
    (3, 4, 2, 2), (3, 2, 2, 2, 2), (3, 2, 2, 4), (3, 3, 3, 2), (1,) * 11,
})  # fmt: skip
_CARD_GROUPS = frozenset({
    (4, 4, 4, 4), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3), (6, 13), (6, 10), (4, 6, 5), (8, 8),
})  # fmt: skip


def _calendar(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def resident(window: Window) -> bool:
    """A Chinese resident identity number (GB 11643-1999): a birth date, and a province or the check digit.

    One with a wrong check digit, a slip of the pen, is somebody's number all the same.
    """
    digits = window.digits
    year, month, day = digits[6:10], digits[10:12], digits[12:14]
    if not _resident_groups(window.groups) or not ("1880" <= year <= "2049" and _calendar(year, month, day)):
        return False
    province = digits[1:3] if digits[0] == "9" else digits[:2]
    return _PROVINCE.match(province) is not None or _mod_11_2(digits)


def _resident_groups(groups: tuple[int, ...]) -> bool:
    """Broken once anywhere, as at the end of a line; else at its parts, or every so many digits."""
    if len(groups) <= 2 or len(set(groups[:-1])) == 1:
        return True
    return set(accumulate(groups)) <= {6, 10, 12, 14, 16, 17, 18}


def old_resident(window: Window) -> bool:
    """The fifteen digits of before 1999: no century and no check digit."""
    digits = window.digits
    written = window.groups in ((15,), (6, 6, 3), (6, 2, 2, 2, 3))
    born = digits[6:8] >= "20" and _calendar("19" + digits[6:8], digits[8:10], digits[10:12])
    return written and born and _PROVINCE.match(digits) is not None


def mobile(window: Window) -> bool:
    """A Chinese mobile number, with the country's code or without."""
    groups, digits = window.groups, window.digits
    if groups[0] in (2, 4) and sum(groups[1:]) == 11 and digits[: groups[0]] in ("86", "0086"):
        digits, groups = digits[groups[0] :], groups[1:]
    elif len(groups) == 1:
        digits = re.sub(r"^(?:00)?86(?=\d{11}$)", "", digits)
        groups = (len(digits),)
    elif digits.startswith("86") and (groups[0] - 2, *groups[1:]) in _MOBILE_GROUPS:
        digits, groups = digits[2:], (groups[0] - 2, *groups[1:])
    return len(digits) == 11 and digits[0] == "1" and digits[1] >= "3" and groups in _MOBILE_GROUPS


def _decimal(window: Window) -> bool:
    return len(window.groups) == 2 and window.gaps[0] == "."


def mobile_in_groups(window: Window) -> bool:
    """A mobile number in its usual groups; by itself whatever stands between them, else not what parts a
    list of counts."""
    if window.groups[-2:] != (4, 4) or not mobile(window):
        return False
    if window.alone and len(set(window.gaps)) == 1:
        return True
    return not any(set(gap) & set(",;|:") for gap in window.gaps)


def loose_mobile(window: Window) -> bool:
    """A mobile number in other groups; lists of counts are parted by commas and colons."""
    if _decimal(window) and window.groups != (3, 8):
        return False
    marks = " .-_/()\t\r\n" if window.groups[0] <= 4 else " -"
    return window.parted_by(marks) and mobile(window)


def land_line(window: Window) -> bool:
    """A number that begins with 0 and an area code: China's unparted, anybody's in groups."""
    groups, digits = window.groups, window.digits
    if not digits.startswith("0") or digits[1] == "0":
        return False
    if len(groups) == 1:
        german = digits[5:7] == "00" and digits[7:9] == digits[10:]  # its key says a municipality twice
        return not german and bool(_CHINA_LINE.match(digits) or _MOBILE_ELSEWHERE.match(digits))
    if not window.parted_by(" -()/") or not 8 <= len(digits) <= 12 or min(groups) < 2 or len(groups) > 5:
        return False
    return 3 <= groups[0] <= 5 or (groups[0] == 2 and (groups[1] >= 3 or groups == (2, 2, 2, 2, 2)))


def china_line(window: Window) -> bool:
    """A land line behind 86 without a plus."""
    groups, digits = window.groups, window.digits
    if groups[0] != 2 or len(groups) < 3 or not digits.startswith("86") or not window.parted_by(" -()"):
        return False
    return _CHINA_LINE.match("0" + digits[2:]) is not None


def russian(window: Window) -> bool:
    """Eight, or seven, an area code, and seven digits in groups."""
    groups = window.groups
    if groups not in ((1, 3, 3, 2, 2), (1, 3, 3, 4), (1, 3, 7)) or not window.parted_by(" -()"):
        return False
    return window.digits[0] in "78" and window.digits[1] in "3489" and not window.parted_by(" ")


def brazilian(window: Window) -> bool:
    """An area code in brackets, and eight or nine digits."""
    return (
        window.groups in ((2, 5, 4), (2, 4, 4))
        and "(" in window.lead
        and window.gaps[0].startswith(")")
        and window.parted_by(" -()")
    )


def north_american(window: Window) -> bool:
    groups = window.groups[1:] if window.groups[0] == 1 and window.digits[0] == "1" else window.groups
    if groups != (3, 3, 4) or not window.parted_by(" .-()"):
        return False
    return not window.parted_by(" ") or (window.alone and window.digits[-10] >= "2")


def international(window: Window) -> bool:
    """A number behind + or 00 and a country's code."""
    digits, groups = window.digits, window.groups
    if len(groups) > 7 or not window.parted_by(" ./-()") or _decimal(window):
        return False
    if "+" in window.lead:
        return len(digits) >= (9 if len(groups) == 1 else 8) and _COUNTRY.match(digits) is not None
    if (
        groups[0] == 1
        or (len(groups) > 1 and groups[0] > 5)
        or not digits.startswith("00")
        or not 11 <= len(digits) <= 17
        or _COUNTRY.match(digits[2:]) is None
    ):
        return False
    return digits[2] != "1" or len(digits) == 13


def card(window: Window) -> bool:
    """A bank card: its issuer's first digits and a Luhn digit; China's own (62) also without one."""
    digits, groups = window.digits, window.groups
    if not (len(groups) == 1 and len(digits) >= 16) and groups not in _CARD_GROUPS:
        return False
    if not _CARD.match(digits) or _decimal(window) or not window.parted_by(" .-_/\t\r\n"):
        return False
    return _luhn(digits) or (digits.startswith("62") and len(digits) in (16, 19))


def equipment(window: Window) -> bool:
    """An IMEI (a Luhn digit), or an IMSI of a country that is often met."""
    if window.groups not in ((15,), (2, 6, 6, 1), (8, 6, 1), (6, 2, 6, 1), (6, 8, 1)):
        return False
    return _luhn(window.digits) or window.digits.startswith(_MOBILE_NETWORKS)


def _stamp(digits: str) -> bool:
    """Whether twelve digits are rather a moment to the minute: nobody born lately is written about."""
    return digits[:4] >= "2010" and digits[8:10] < "24" and digits[10:] < "60"


def personal(window: Window) -> bool:
    """A Swedish personal or coordination number (day + 60): a birth date and a Luhn digit over the last ten.

    Without its hyphen it is taken for a day and a number of that day where that is small, and without its
    century for a count of seconds (10...19) or for the number of a call (20...29) where it could be one.
    """
    digits, groups = window.digits, window.groups
    if groups not in ((6, 4), (8, 4), (10,), (12,)) or not window.parted_by(" -+"):
        return False
    if len(digits) == 12 and (digits[:2] not in ("19", "20") or _stamp(digits)):
        return False
    if len(groups) == 1 and digits[-4:-2] == "00":
        return False
    if groups == (10,) and "10" <= digits[:2] <= "29":
        return False
    ten = digits[-10:]
    day = int(ten[4:6])
    return _calendar("2000", ten[2:4], f"{day - 60 if day > 60 else day}") and _luhn(ten)


def social_security(window: Window) -> bool:
    """A number of the United States' social security."""
    digits = window.digits
    if window.groups != (3, 2, 4) or len(set(window.gaps)) > 1 or not window.parted_by("- ."):
        return False
    return digits[:3] not in ("000", "666") and digits[0] != "9" and digits[3:5] != "00"


def _hyphened(shape: tuple[int, ...], marks: str, real: Callable[[str], bool]) -> Check:
    return lambda window: window.groups == shape and window.parted_by(marks) and real(window.digits)


def _danish(digits: str) -> bool:
    return _calendar("2000", digits[2:4], digits[:2])


#: Read before anything is taken for a date: their own digits tell them, whatever stands between.
SURE: Table = {
    11: (("phone", mobile_in_groups),),
    13: (("phone", mobile_in_groups),),
    15: (("phone", mobile_in_groups),),
    18: (("id", resident),),
}
_PHONES: tuple[tuple[str, Check], ...] = (
    ("phone", loose_mobile), ("phone", international), ("phone", land_line), ("phone", north_american),
    ("phone", china_line), ("phone", russian), ("phone", brazilian),
)  # fmt: skip
_OTHERS: tuple[tuple[str, range | tuple[int, ...], Check], ...] = (
    ("id", (15,), old_resident),
    ("device", (15,), equipment),
    ("card", range(15, 20), card),
    ("id", (10, 12), personal),
    ("id", (9,), social_security),
    ("id", (10,), _hyphened((6, 4), "-", _danish)),
    ("id", (13,), _hyphened((6, 7), "-", valid("kr.rrn"))),
    ("id", (12,), _hyphened((4, 4, 4), " -", valid("verhoeff"))),
    ("id", (11,), _hyphened((3, 3, 3, 2), ".-", valid("br.cpf"))),
    ("id", (11,), lambda window: window.groups in ((11,), (6, 5)) and _norwegian(window.digits)),
)
#: By how many digits; the first that holds names it.
LIKELY: Table = {
    length: (
        *((kind, check) for kind, lengths, check in _OTHERS if length in lengths),
        *(_PHONES if 8 <= length <= 17 else ()),
    )
    for length in range(8, 20)
}


def kind_of(window: Window, table: Table) -> str | None:
    """What the window holds; None where it holds no identifier."""
    return next((kind for kind, check in table.get(len(window.digits), ()) if check(window)), None)
