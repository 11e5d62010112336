"""Working days from the receipt of a referral to the first contact."""

from __future__ import annotations

import datetime as dt

import duckdb
import holidays
import numpy as np
import pyarrow as pa

from hatecrime.extracts.staging import Staged
from hatecrime.settings import settings


def contact_working_days(con: duckdb.DuckDBPyConnection, staged: Staged) -> pa.Array:
    """Working days after the day of receipt up to the first contact, empty where there was none."""
    days = con.table(staged.table).select("received_on", "first_contact_on").fetchnumpy()
    received, contact = (np.ma.filled(days[name].astype("datetime64[D]"), np.datetime64("NaT")) for name in days)
    known = ~(np.isnat(received) | np.isnat(contact))
    counted = np.zeros(received.size, np.int32)
    counted[known] = working_days(received[known], contact[known])
    return pa.array(counted, mask=~known)


def working_days(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Days after `start` up to and including `end` that are neither weekend nor bank holiday.

    >>> working_days(np.array(["2026-12-24"], "datetime64[D]"), np.array(["2026-12-30"], "datetime64[D]"))
    array([2])
    """
    if not start.size:
        return np.zeros(0, np.int64)
    years = range(int(str(start.min())[:4]), int(str(end.max())[:4]) + 2)
    free = [dt.date.fromisoformat(str(d)) for d in holidays.country_holidays("GB", settings().bank_holidays, years)]
    day = np.timedelta64(1, "D")
    return np.busday_count(start + day, end + day, holidays=np.array(free, "datetime64[D]"))
