"""What was planted, written beside the sample so that tests can ask whether the analyses find it."""

from typing import Any

from hatecrime.sample.calibration import Recipe
from hatecrime.sample.files import Extract
from hatecrime.sample.gmp import hotspot_records
from hatecrime.sample.places import TRAFFORD


def truth(recipe: Recipe, extracts: dict[str, Extract], rows: dict[str, int], welsh_rows: int) -> dict[str, Any]:
    """Everything planted: signals with their size, faults by file, rows by file."""
    return {
        "synthetic": True,
        "seed": recipe.seed,
        "scale": recipe.scale,
        "covers": {"first_day": "2013-04-01", "last_day": "2017-03-31", "received": "2017-04-30"},
        "signals": _signals(recipe) if recipe.signals else {},
        "files": {name: {"rows": n} for name, n in rows.items()}
        | {name: _faults(extract) for name, extract in extracts.items()},
        "welsh_labels": {"wales_incidents.csv": welsh_rows},
        "encodings": {"wales_incidents.csv": "UTF-8 with a byte-order mark", "referrals.csv": "Windows-1252"},
        "notes": [
            "A row of a file is a line after the header, including refused ones.",
            "refused, folded and values_refused are what a loader must report for the file.",
            "Of two rows that differ under one reference the first is kept and the second refused.",
            "A fault whose effect is 'loads' is read as it stands; a quality check may still name it.",
        ],
    }


def _faults(extract: Extract) -> dict[str, Any]:
    faults = extract.plan.truth()

    def count(effect: str) -> dict[str, int]:
        reasons = sorted({str(fault["reason"]) for fault in faults if fault["effect"] == effect})
        return {
            reason: sum(
                int(str(fault["rows"]))
                for fault in faults
                if fault["effect"] == effect and str(fault["reason"]) == reason
            )
            for reason in reasons
        }

    return {
        "rows": extract.rows,
        "refused": count("row_refused"),
        "values_refused": count("value_refused"),
        "folded": sum(count("row_folded").values()),
        "faults": faults,
    }


def _signals(recipe: Recipe) -> dict[str, Any]:
    signals, figures = recipe.figures["signals"], recipe.figures
    spike, hotspot, centres = signals["spike"], signals["hotspot"], signals["centres"]
    return {
        "referendum_spike": {
            "what": "Records of race or religion, in every force, rise for a fortnight and then fade.",
            "first_day": str(spike["first_day"]),
            "days": spike["days"],
            "factor": spike["factor"],
            "over_on": str(spike["over_on"]),
            "strands": ["race", "religion"],
            "basis": "recorded",
            "referrals": {"factor": spike["referral_factor"], "days": spike["referral_days"]},
            "expect": "14 days from the first day over the 14 before: ratio near 1.45, its interval above 1; "
            "other strands: ratio near 1.",
        },
        "emerging_hotspot": {
            "what": "Criminal damage with disability hostility grows in one ward; as much is taken from "
            "other wards, so the borough's totals by crime type do not show it.",
            "ward": hotspot["ward"],
            "ward_name": "Broadheath",
            "crime_type": "criminal_damage",
            "strand": "disability",
            "first_month": str(hotspot["first_month"]),
            "records_a_month": [round(hotspot_records(recipe, month), 2) for month in recipe.months[-13:]],
            "expect": "About 3 a year before, about 14 in the last 12 months, rising through them.",
        },
        "disability_not_captured": {
            "what": "Disability hate crime is recorded every month, but no reporting centre takes any of it.",
            "strand": "disability",
            "expect": "No record with a centre carries disability, alone or with another strand.",
        },
        "no_centre_in_locality": {
            "what": "No reporting centre lies in the South locality.",
            "area": f"{TRAFFORD}-south",
            "expect": "A fifth or more of the borough's incidents, no centre.",
        },
        "silent_centres": {
            "what": "Two centres take no report: one among many incidents, one far from most.",
            "silent_although_near": centres["silent_although_near"],
            "silent_as_expected": centres["silent_as_expected"],
            "since": str(centres["silent_since"]),
            "sends_no_returns": "SYN-C7",
            "expect": "Given the incidents around each, none surprises for the first and not for the second.",
        },
        "self_referrals": {
            "what": "The share of referrals that people make themselves (self or online form) rises.",
            "first_month": str(signals["self_referral"]["first_month"]),
            "before": figures["referrals"]["self_share"],
            "after": signals["self_referral"]["share"],
            "expect": "A step up; the month after the referendum dilutes it.",
        },
    }
