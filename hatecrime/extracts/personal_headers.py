"""What the header of a column says of its content: whether it looks as if it named a person."""

from __future__ import annotations

import re
from unicodedata import combining, normalize

WORD = re.compile(r"[a-z]+|\d+")
NAMES = ("name", "names", "enw", "enwau")
THINGS = frozenset(
    WORD.findall("""
        act adran agency ardal area awdurdod beat bias borough building campaign canolfan category center centre
        city code column community constabulary constituency council country county court crime crm cymuned cyngor
        data dataset department dept disability district division drosedd ethnic ethnicity event facility faith
        field file force ganolfan gender group gymuned gyngor hate hcl heddlu hub iaith incident indicator la label
        lad language law legislation leoliad lleoliad llinyn local locality location lsoa measure method month
        motivation motive msoa nation nationality neighborhood neighbourhood oa object offence offense operation org
        organisation organization outcome parish park partner place prem premises project race region religion
        rhanbarth school sector sefydliad sex sheet site source state station status strand subgroup suburb table
        team town trosedd type unit variable venue ward weapon weekday
    """)
)
ROLES = frozenset(
    WORD.findall("""
    accused aggrieved arrestee caller claf client complainant defendant detainee dioddefwr individual informant nominal
    offender officer oic patient perpetrator person prisoner suspect swyddog troseddwr tyst victim witness
    """)
)
PERSONS = ROLES | frozenset(
    WORD.findall("""
    advisor applicant author carer caseworker child contact customer employee family father friend gp guardian kin lead
    maiden manager mother owner parent people pupil reporter respondent staff student subject user worker
    """)
)
BESIDE_ROLES = frozenset(WORD.findall("arresting attending case in investigating lead of reporting the yn yr achos"))

# Spellings of one thing that would fall apart into other words.
JOINED = (
    (r"\bpost codes?\b|\bcod post\b|\bcodau post\b|\bpostal codes?\b|\bpostcodes\b", "postcode"),
    (r"\be (?:mail|bost)s?\b|\bebost\b|\bemails\b", "email"),
    (r"\bfree ?text\b|\btestun rhydd\b", "freetext"),
    (r"\bd o b\b", "dob"),
    (r"\b(first|last|full|middle|given|family|user|victim|suspect|offender|officer) ?names?\b", r"\1 name"),
    (r"\b(phone|mobile|tel|telephone|contact|house|vehicle|reg|registration) ?(no|num|nr|nbr)\b", r"\1 number"),
)
# What is said about a thing is not the thing: "Address type", "Number of phone calls", "Reported by e-mail".
ABOUT = re.compile(
    r"^(number|no|count|nifer) (of|o)\b|\b(codes?|types?|flag|count|status|category|group|class|taken|offered|given|"
    r"yn|indicator|date|time|by|via|through|channel|method|reported|stolen|theft|calls?|math)\b"
)
PEOPLE_WITH_IDS = "|".join(sorted(ROLES | {"people", "pupil", "student", "staff"} - {"oic"}))
NUMBERS = r"(?:number|no|num|ref|reference|id|urn|identifier|key)"
# What a header looks like, and whether a word about it makes it harmless.
SORTS = (
    ("a date of birth", r"\b(dob|dateofbirth|birthdate|birthday|born|birth|geni)\b(?<!country of birth)", False),
    (
        "a number that stands for a person",
        rf"\b(nino|ni {NUMBERS}|national insurance|yswiriant gwladol|(nhs|gig|cro|pnc|warrant|collar|shoulder|badge|"
        rf"epaulette|prison|noms|upn|hospital|bank|account|card|licence|license) {NUMBERS}|rhif (gig|y ddalfa|pasbort)|"
        rf"passport|pasbort|driving licen[cs]e|custody (?:record|{NUMBERS})|pncid|^cro$|^upn$|nominal|ssn|"
        rf"social security|({PEOPLE_WITH_IDS}) (id|ref|reference|urn|identifier|key)|sort code|imei|imsi|"
        rf"(officer|person|people|client|patient|student|staff|prisoner|detainee) {NUMBERS}|ip address)\b",
        False,
    ),
    (
        "a vehicle registration mark",
        r"\b(vrm|vrn|vin|number ?plates?|licen[cs]e plates?|plate number|(registration|reg) (mark|number|plate)|"
        r"vehicle (reg|registration|index|marks?|number|id)|rhif cofrestru|plat cofrestru|chassis)\b",
        False,
    ),
    (
        "a phone number",
        r"\b(phones?|telephones?|tel|mobile|landline|fax|ffon|symudol|(contact|home|work|daytime|emergency) number)\b",
        True,
    ),
    (
        "an e-mail address or an account",
        r"\b(email|email ?address|twitter|facebook|instagram|handle|user name|screen name)\b",
        True,
    ),
    (
        "an address",
        r"\b(address(es)?|addr|cyfeiriad(au)?|postcode(?! (sector|district|area))|uprn|w3w|what ?3 ?words|stryd|"
        r"streetname|(street|road) (name|number)|(house|flat|building) (name|number|no)|(home|victim) street)\b|"
        r"^(street|road|rhif y ty|enw r ty)$",
        True,
    ),
    (
        "free text about a person or an event",
        r"\b(freetext|narrative|synopsis|precis|notes?|nodiadau|nodyn|comments?|sylwadau|remarks|crynodeb|"
        r"summary(?! (offences?|only|trial|justice|conviction))|circumstances|amgylchiadau|statement|datganiad|stori|"
        r"story|modus|details|manylion|what happened|mo( (text|desc|description|details?))?|"
        r"(incident|event|victim|suspect|offender|person|brief|full|short) (desc|description|detail)|"
        r"description of (the )?(incident|event|victim|suspect|offender|person)|disgrifiad o r digwyddiad|"
        r"(incident|event|crime|log|report|body|full|mo) text)\b|^(text|testun|disgrifiad)$",
        True,
    ),
    (
        "a person or what is said of one",
        r"^(vics?|susps?|mob|circs?|narr|p ?code|f ?names?|l ?names?|aka|(car )?regs?|mail|bday|yob|"
        r"social media|snapchat|oel|ip ?1)$",
        False,
    ),
    (
        "a person's name",
        r"\b(surnames?|forenames?|nickname|alias(es)?|initials|cyfenw|llysenw|known as|next of kin|signature)\b",
        True,
    ),
)


def looks_like(header: str) -> str | None:
    """What a column looks as if it held ("a person's name"); None for a header that is harmless."""
    words = _words(header)
    about = bool(ABOUT.search(words))
    for sort, shape, softened in SORTS:
        if re.search(shape, words) and not (softened and about):
            return sort
    return "a person's name" if _names_a_person(words.split()) else None


def _words(header: str) -> str:
    """Plain words in lower case, whatever stands between them: VictimName, victim_name and Victim-Name are one."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", header)
    letters = "".join(c for c in normalize("NFKD", apart) if not combining(c))
    words = " ".join(WORD.findall(letters.casefold()))
    for shape, joined in JOINED:
        words = re.sub(shape, joined, words)
    return words


def _names_a_person(words: list[str]) -> bool:
    """What stands beside the word "name" decides: an area and an offence have names too."""
    words = [word for word in words if not word.isdigit()]
    if any(word in ROLES for word in words) and all(word in ROLES | BESIDE_ROLES for word in words):
        return True
    if not any(word in NAMES for word in words):
        return False
    beside = _beside(words)
    if beside in THINGS or not PERSONS.isdisjoint(words):
        return beside not in THINGS
    return THINGS.isdisjoint(words)


def _beside(words: list[str]) -> str:
    """The word that says whose name it is: before "name", after "name of" and after "enw"."""
    at = next(i for i, word in enumerate(words) if word in NAMES)
    after = [word for word in words[at + 1 :] if word not in ("of", "the", "r", "y", "yr", "o")]
    before = words[at - 1] if at else ""
    welsh_or_of = words[at].startswith("enw") or words[at + 1 : at + 2] == ["of"]
    return after[0] if welsh_or_of and after else before
