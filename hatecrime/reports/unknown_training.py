"""Where to tailor training and school inputs: places by what happens at school and to young people, and by strand."""

import numpy as np
import pandas as pd

from hatecrime.reports.unknown_counts import Counts, Window, over
from hatecrime.reports.unknown_near import Nearby
from hatecrime.reports.unknown_tests import HIDDEN, LEAST, NEW, SHARE
from hatecrime.stats.intervals import wilson
from hatecrime.words import unknown as words

TRAINING = (
    "rank",
    "area",
    "label",
    "n",
    "school",
    "young",
    "school_or_young",
    "share",
    "low",
    "high",
    "strand",
    "strand_n",
    "stands_out",
    "put",
    "near",
)


def training(
    counts: Counts, window: Window, entries: pd.DataFrame, places: Nearby, middles: dict[str, tuple[float, float]]
) -> pd.DataFrame:
    """
    Places with incidents, those with most at school or with a victim under 18 first; one row per place.

    school and young count incidents by flag and by the victim's age, school_or_young either, share that of all n with
    its interval; missing where no record tells. strand is the one that stands out, else the commonest (none below
    three incidents); put says what to put there, near which schools and other venues are nearest.
    """
    n = counts.total(window).astype(int)
    either = over(counts.school_or_young, window).astype(int)
    limits = wilson(either, n)
    rows = []
    for i in np.flatnonzero(counts.shown & (n > 0)):
        area = str(counts.places["area_code"].iloc[i])
        strand, of_strand, stands_out = _strand(counts, window, int(i), entries[entries["area"] == area])
        rows.append(
            {
                "area": area,
                "label": counts.places["label"].iloc[i],
                "n": int(n[i]),
                "school": int(over(counts.flags["school"][0], window)[i]),
                "young": int(over(counts.flags["young"][0], window)[i]),
                "school_or_young": int(either[i]),
                "share": float(np.asarray(limits.estimate)[i]),
                "low": float(np.asarray(limits.low)[i]),
                "high": float(np.asarray(limits.high)[i]),
                "strand": strand,
                "strand_n": of_strand,
                "stands_out": stands_out or _young(entries[entries["area"] == area]),
                "put": words.training(int(either[i]), strand, stands_out),
                "near": places.around(middles.get(area), schools_first=True),
            }
        )
    ordered = pd.DataFrame(rows, columns=TRAINING[1:]).sort_values(
        ["school_or_young", "n", "area"], ascending=[False, False, True], kind="stable", ignore_index=True
    )
    ranked = ordered.assign(rank=np.arange(1, len(ordered) + 1))[list(TRAINING)]
    return _without_unknown(ranked, counts, window)


def _without_unknown(rows: pd.DataFrame, counts: Counts, window: Window) -> pd.DataFrame:
    """The same with figures missing that no record of the period tells: not told is not none."""
    unknown = [flag for flag in ("school", "young") if not over(counts.flags[flag][1], window).any()]
    figures = dict.fromkeys(unknown, pd.array([pd.NA] * len(rows), dtype="Int64"))
    if len(unknown) == 2:
        figures |= {"school_or_young": pd.array([pd.NA] * len(rows), dtype="Int64")}
        rows = rows.assign(share=np.nan, low=np.nan, high=np.nan)
    return rows.assign(**figures)


def _strand(counts: Counts, window: Window, place: int, entries: pd.DataFrame) -> tuple[str, int, bool]:
    """The strand that stands out in a place, else its commonest; how many incidents carry it; whether it stands out."""
    n = counts.of_parts(window)[:, place]
    found = {part.strand: int(n[i]) for i, part in enumerate(counts.parts) if part.strand and not part.crime_group}
    # What is only to be watched is mostly chance: nobody should be trained for it.
    sure = entries[entries["kind"].isin([HIDDEN, NEW]) & entries["sure"].isin(["confident", "likely"])]
    standing = [strand for strand in sure["strand"] if strand in found]
    if standing:
        return standing[0], found[standing[0]], True
    strand = max(found, key=lambda each: found[each], default="")
    return (strand, found[strand], False) if strand and found[strand] >= LEAST else ("", 0, False)


def _young(entries: pd.DataFrame) -> bool:
    return bool(((entries["kind"] == SHARE) & entries["code"].isin(["school", "young"])).any())
