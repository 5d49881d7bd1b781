"""Moments as spreadsheets keep them: days since an epoch, the time of day as a part of one."""

from __future__ import annotations

from datetime import datetime, timedelta

#: The day before the first one: 1899-12-30, because Excel holds 1900 for a leap year.
_EPOCH_1900 = datetime(1899, 12, 30)
_EPOCH_1904 = datetime(1904, 1, 1)
#: Excel's 1900-02-29, which never was; the days before it are one further from the epoch.
_NO_DAY = 60
#: 9999-12-31, the last day that a spreadsheet knows.
_LAST = 2_958_465


def moment(serial: float, *, epoch_1904: bool = False) -> datetime:
    """The moment, naive and to the second, that a spreadsheet shows for a number.

    Books of old Macintosh programs count from 1904. Raises ValueError for what is no day.
    """
    if not 0 <= serial <= _LAST + 1 or (not epoch_1904 and _NO_DAY <= serial < _NO_DAY + 1):
        raise ValueError(f"no day of a spreadsheet: {serial}")
    late = not epoch_1904 and serial < _NO_DAY
    epoch = _EPOCH_1904 if epoch_1904 else _EPOCH_1900 + timedelta(days=late)
    return epoch + timedelta(seconds=round(serial * 86_400))
