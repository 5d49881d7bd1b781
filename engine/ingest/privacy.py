"""The privacy guard: what identifies a person or a device is masked before anything is stored."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

#: Every decimal digit of any script as ASCII, full-width letters and signs as ASCII, and what has no
#: width as nothing: `１３９` or a zero-width space inside a number must not hide it.
_PLAIN: dict[int, int | None] = {
    **{code: 0x30 + unicodedata.decimal(chr(code)) for code in range(0x80, 0x1FFFF)
       if unicodedata.category(chr(code)) == "Nd"},
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)
       if chr(code) in "＠＋－．（）＿" or chr(code).isalpha()},
    **dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF]),
    **dict.fromkeys([*range(0x2010, 0x2016), 0x2212], ord("-")),
}  # fmt: skip

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_HEX = "0-9A-Fa-f"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Config(Protocol):
    """What config/privacy.yaml adds to the built-in guard; it never takes away from it."""

    @property
    def name_fields(self) -> Iterable[str]: ...
    @property
    def plates(self) -> Iterable[str]: ...
    @property
    def patterns(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class BuiltIn:
    """Nothing beyond the built-in guard."""

    name_fields: tuple[str, ...] = ()
    plates: tuple[str, ...] = ()
    patterns: Mapping[str, str] = field(default_factory=dict)


def _calendar(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _luhn(digits: str) -> bool:
    total = sum(
        digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4)
        for place, digit in enumerate(int(mark) for mark in reversed(digits))
    )
    return total % 10 == 0


def resident_number(text: str) -> bool:
    """A Chinese resident identity number: 17 digits with a birth date, and their check digit
    (GB 11643-1999)."""
    digits = re.sub(r"[ -]", "", text)
    if not _calendar(digits[6:10], digits[10:12], digits[12:14]):
        return False
    check = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False)) % 11
    return digits[17].upper() == "10X98765432"[check]


def personal_number(text: str) -> bool:
    """A Swedish personal or coordination number: a birth date (day + 60 for the latter) and a Luhn
    digit over the last ten."""
    digits = re.sub(r"\D", "", text)[-10:]
    day = int(digits[4:6])
    return _calendar("2000", digits[2:4], f"{day - 60 if day > 60 else day}") and _luhn(digits)


def device_number(text: str) -> bool:
    """15 digits that are an IMEI (Luhn), an IMSI (its country code begins with 2 to 7) or an old
    Chinese identity number."""
    digits = re.sub(r"\D", "", text)
    born = "19" + digits[6:8], digits[8:10], digits[10:12]
    return _luhn(digits) or digits[0] in "234567" or _calendar(*born)


#: (what stands in its place, how it looks, what else must hold), the longest kinds first.
_KINDS: tuple[tuple[str, str, Callable[[str], bool] | None], ...] = (
    ("email", r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}", None),
    ("device", rf"(?<![{_HEX}:])[{_HEX}]{{2}}([:-])[{_HEX}]{{2}}(?:\1[{_HEX}]{{2}}){{4}}(?![{_HEX}:])", None),
    ("device", rf"(?<![{_HEX}.])(?:[{_HEX}]{{4}}\.){{2}}[{_HEX}]{{4}}(?![{_HEX}.])", None),
    ("id", r"(?<!\d)[1-9]\d{5}[ -]?\d{8}[ -]?\d{3}[\dXx](?!\d)", resident_number),
    ("id", r"(?<!\d)(?:19|20)?\d{2}[01]\d[0-9]\d ?[-+]? ?\d{4}(?!\d)", personal_number),
    ("device", r"(?<!\d)\d{2}[ -]?\d{6}[ -]?\d{6}[ -]?\d(?!\d)", device_number),
    ("phone", r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)", None),
    ("phone", r"(?<![\d-])0\d{1,3}[ /-]{1,3}\d{2,4}(?:[ -]?\d{2,4}){1,2}(?![\d-])", None),
    ("phone", r"(?<!\d)07[02369]\d{7}(?!\d)", None),
    ("phone", r"(?<!\d)(?:\+|00)[1-9](?:[ ./()-]{0,2}\d){7,14}(?!\d)", None),
    ("phone", r"(?<![\d.])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\d.])", None),
    ("plate", rf"[{_PROVINCES}][A-HJ-NP-Z][ ·•.-]?[A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳]", None),
)


class Guard:
    """Masks texts and cleans records; `config` adds name fields, plates and patterns of its own."""

    def __init__(self, config: Config | None = None) -> None:
        config = config or BuiltIn()
        self._names = frozenset(name.casefold() for name in config.name_fields)
        added = [("plate", look) for look in config.plates] + list(config.patterns.items())
        kinds = (*_KINDS, *((name, look, None) for name, look in added))
        self._kinds = [(re.compile(look), _replacement(f"[{name}]", holds)) for name, look, holds in kinds]
        self._all = bool(added)

    def mask(self, text: str) -> str:
        """`text` with a mark such as `[phone]` for whatever identifies a person or a device.

        A text in which something is masked comes out with its digits as ASCII and without zero-width
        characters; any other stays as it is.
        """
        plain = text if text.isascii() else text.translate(_PLAIN)
        if not self._all and not _suspect(plain):
            return text
        masked = plain
        for look, replacement in self._kinds:
            masked = look.sub(replacement, masked)
        return text if masked == plain else masked

    def names(self, field: str) -> bool:
        """Whether a field (its last part, in a dotted path) is configured to hold names."""
        return field.rpartition(".")[2].casefold() in self._names

    def clean(self, fields: Mapping[str, Any], keep: Iterable[str] | None = None) -> dict[str, Any]:
        """A record fit to be stored as a reject: only the fields to `keep` (all by default) without
        the name fields, and every text in them masked."""
        kept = None if keep is None else frozenset(keep)
        return {
            self.mask(name): self._clean(value)
            for name, value in fields.items()
            if (kept is None or name in kept) and not self.names(name)
        }

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, Mapping):
            return self.clean({str(key): item for key, item in value.items()})
        if isinstance(value, list | tuple):
            return [self._clean(item) for item in value]
        if isinstance(value, int | float) and not isinstance(value, bool):
            masked = self.mask(str(value))
            return value if masked == str(value) else masked
        return value if value is None or isinstance(value, bool) else self.mask(str(value))

    def key(self, text: str) -> str:
        """A source's own identifier, or its digest where it identifies a person or a device: the
        incident keeps an identity, and nobody's number is stored."""
        if self.mask(text) == text:
            return text
        return "~" + hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _suspect(text: str) -> bool:
    """Whether anything built in could match: an @, a device's colons, enough digits, a province."""
    if len(text) < 7 and "@" not in text:
        return False
    if "@" in text or text.count(":") >= 5 or text.count(".") >= 2 or text.count("-") >= 5:
        return True
    if sum(map(text.count, "0123456789")) >= 7:
        return True
    return not text.isascii() and not set(_PROVINCES).isdisjoint(text)


def _replacement(mark: str, holds: Callable[[str], bool] | None) -> Callable[[re.Match[str]], str]:
    return lambda found: mark if holds is None or holds(found[0]) else found[0]
