"""What a cell says by its shape: whether it looks as if it named a person, whatever column it stands in."""

from __future__ import annotations

import re
from unicodedata import category, normalize

LONG = 120
SEVERAL_WORDS = 6
LETTER = r"[^\W\d_]"
STREET = (
    r"street|st|road|rd|avenue|ave|lane|ln|drive|crescent|cres|terrace|gardens|gdns|grove|mews|square|boulevard|blvd"
)
# Words that mean a street only where they are written as part of a name: "2 months in court" is no address.
STREET_NAME = r"Court|Place|Way|Close|View|Hill|Row|Walk|Rise|Parade|Park|Green|Maes|Clos"
HEOL = r"heol|stryd|ffordd|lon|lôn|rhodfa|rhes"
HOUSE = (
    r"(?<![\w/])(?<!section\s)(?<!act\s)(?!(?:19|20)\d\d\b)\d{1,4}(?:\s?-\s?\d{1,4})?[A-Za-z]?,?\s+"
    r"(?!(?i:months?|years?|days?|weeks?|hours?|or|and|to|of|people|persons)\b)"
)
# "12 Public road" is a kind of place with a number before it.
WORD = rf"(?!(?:public|private|residential|other|open|wheel|on|off|in|near)\b){LETTER}[\w'’.-]*\s+"
# Abbreviations of the law and of roads after a letter and a number: "D5 RTC" is no vehicle.
NO_MARK = r"(?!(?:ABH|GBH|POA|PHA|RTA|RTC|JCT|CJA|CDA|MDA|SOA)\b)"
EVERYWHERE = (
    r"[^\s@,;]{1,64}@[^\s@,;]{1,255}\.[A-Za-z]{2}",  # e-mail
    r"(?i:\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]\b)",  # National Insurance number
    r"(?i:\b[A-HJ-PR-Y][A-HJ-PR-Y]\d\d ?[A-HJ-PR-Z]{3}\b)",  # vehicle mark since 2001
    rf"\b[A-HJ-NPRTV-Y]\d{{1,3}} ?{NO_MARK}[A-HJ-PR-Z]{{3}}\b",  # vehicle mark 1983 to 2001
    r"\b[A-HJ-PR-Z]{3} \d{3}[A-HJ-NPRSTV-Y]\b",  # vehicle mark before 1983
    r"(?i:\b(?:[A-PR-UWYZ]\d{1,2}|[A-PR-UWYZ][A-HK-Y]\d{1,2}|[A-PR-UWYZ]\d[A-HJKPSTUW]|[A-PR-UWYZ][A-HK-Y]\d"
    r"[ABEHMNPRV-Y]) ?\d[ABD-HJLNP-UW-Z]{2}\b)",  # full postcode
    r"(?i:\bd\.?o\.?b\b|\bdate of birth\b|\bborn (?:on |in )?\d|\bdyddiad geni\b|\bganwyd\b|\bganed\b)",
    HOUSE + rf"(?i:(?:{WORD}){{1,3}}(?:{STREET})\b)",
    HOUSE + rf"(?:[A-Z][\w'’.-]*\s+){{1,2}}(?:{STREET_NAME}|(?:{STREET_NAME.upper()}))\b",
    HOUSE + rf"(?i:(?:{HEOL})\s+{LETTER}+)",
    r"(?i:\bflat\s+\d+[a-z]?\b)",
    rf"\b(?i:mrs?|mx)\.?\s+{LETTER}+|\b(?:Miss|Ms|Dr|Prof|Professor|Revd?|Parch)\.?\s+"
    rf"(?!Surgery|Practice|Clinic|Office)[A-Z][^\W\d_]+|\b(?:MISS|MS|DR|PROF|REVD?)\.? [A-Z]{{3,}}$",
    rf"^(?:PC|PS|DC|DS|DI|Sgt|Insp|PCSO)\.? [A-Z]{LETTER}+(?: [A-Z]{LETTER}+)?$",
    r"\b(?:PC|PS|DC|PCSO) ?\d{3,6}\b",
    rf"^(?i:miss|ms|cllr)\.? {LETTER}{{2,}}(?: {LETTER}+)?$",
    r"(?<![\w@])@\w{3,}",  # an account
    r"(?i:\bnhs\b)\D{0,5}\d{3} ?\d{3} ?\d{4}\b",
    r"(?i:\b(?:passport|pasbort)\b)\D{0,8}\d{6,9}\b",
    r"(?i:\bb\.? ?\d{1,2}[ /.-](?:\d{1,2}|[a-z]{3,9})[ /.-](?:19|20)\d\d\b)",
)
PHONE = (
    r"(?<![\w.])(?:\+44\s?(?:\(0\)\s?)?|\(?0)(?=(?:[\s()-]{0,3}\d){9,10}(?![\s()-]{0,3}\d))"
    r"\d{2,4}\)?[\s-]?\d{3,4}[\s-]?\d{3,4}(?!\w)",
    r"(?<![\w.])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\w)",
    r"(?i:(?<![a-z])(?:tel|mob|phone|ffon))\D{0,3}\d{9,11}(?!\d)",
    r"(?<!\w)(?:0044|7)\d{9,10}(?!\w)",
)
# In a column that holds no dates, a whole date is most likely that of a birth.
DAY = re.compile(r"\s*(?:\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)\s*")
IDENTIFIER = re.compile("|".join(f"(?:{p})" for p in EVERYWHERE))
NUMBER = re.compile("|".join(f"(?:{p})" for p in PHONE))


def spelled_plainly(text: str) -> str:
    """A text without what hides its shape: letters of other widths, marks of no width, "(at)", many spaces."""
    letters = "".join(c for c in normalize("NFKC", text) if category(c) != "Cf")
    return re.sub(r" ?[(\[]at[)\]] ?", "@", " ".join(letters.split()), flags=re.IGNORECASE)


def looks_personal(text: str) -> bool:
    """Whether a cell looks like contact details, a number of a person, an address, a titled name or a narrative."""
    return is_narrative(text) or identifies(text)


def identifies(text: str) -> bool:
    """Whether a text looks like contact details, a number of a person, an address or a titled name."""
    plain = spelled_plainly(text)
    return any(IDENTIFIER.search(each) or NUMBER.search(each) for each in (plain, spaced(plain)))


def spaced(text: str) -> str:
    """A text with spaces for the dots and dashes inside it: "M33-7SY" and "07700.900.123"."""
    return re.sub(r"(?<=\w)[.-](?=\w)", " ", text)


def is_narrative(text: str) -> bool:
    """Whether a text is too long to be a label."""
    return len(text) > LONG and len(text.split()) >= SEVERAL_WORDS
