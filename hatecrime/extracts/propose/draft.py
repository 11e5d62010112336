"""A mapping taking shape: lines of columns, strands, labels and place, each with its reason."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from hatecrime.dictionary import code_list, tables
from hatecrime.extracts.mapping import STRAND
from hatecrime.extracts.personal_cells import looks_personal
from hatecrime.extracts.propose import values
from hatecrime.extracts.propose.columns import Match, personal
from hatecrime.extracts.propose.fields import MOMENTS, Line, Reader, order_of
from hatecrime.extracts.propose.labels import MOST, meaning, parts_of, separators
from hatecrime.extracts.propose.places import Place, place
from hatecrime.extracts.propose.proposal import STRAND_TABLES, ProposedLabel
from hatecrime.extracts.propose.sampling import Sample
from hatecrime.extracts.propose.vocabulary import Vocabulary, phrase
from hatecrime.i18n import _

ASB = "anti_social_behaviour"
FEWEST_FLAGS = 2
NO_STRAND = ("hate", "flag", "crime", "motivated", "strand", "bias")


@dataclass
class Draft:
    """Everything that goes into the text."""

    table: str
    source: str
    title: str
    lines: list[Line] = field(default_factory=list)
    strands: tuple[str, ...] = ()
    split: tuple[str, ...] = ()
    flags: dict[str, str] = field(default_factory=dict)
    place: Place | None = None
    labels: list[ProposedLabel] = field(default_factory=list)
    reasons: dict[tuple[str, str], str] = field(default_factory=dict)
    otherwise: dict[str, str] = field(default_factory=dict)
    merges: bool = False
    personal: dict[str, str] = field(default_factory=dict)
    why_strands: str = ""
    sure_strands: bool = False


def draft(sample: Sample, file: Path, table: str, found: list[Match], vocabulary: Vocabulary) -> Draft:
    """Put the matches of a table into lines, and look their labels up."""
    made = Draft(table, _slug(file), file.stem.replace("_", " "), personal=personal(sample, table))
    columns = {c.name: c for c in tables()[table]}
    if table in STRAND_TABLES:
        made.flags = _flags(sample, vocabulary)
    found = [match for match in found if match.source not in made.flags]
    if any(c == "easting" for c in columns):
        claimed = {*made.personal, *made.flags, *(match.source for match in found)}
        made.place = place(sample, vocabulary, "postcode" in columns, claimed)
    placed = set(made.place.sources.values()) if made.place else set()
    found = _with_stand_ins([m for m in found if m.source not in placed], table)
    given = {match.target: match for match in found}
    ours = [match for match in found if match.target in columns]
    order = order_of(sample, [m.source for m in ours if columns[m.target].type in MOMENTS])
    reader = Reader(sample, vocabulary, given, made.source, order)
    made.lines = [reader.line(match, columns[match.target]) for match in ours]
    _strands(made, sample, [match for match in found if match.target not in columns], vocabulary)
    _constants(made, sample, file, vocabulary)
    made.lines.sort(key=lambda line: list(columns).index(line.target))
    _labels(made, sample, vocabulary)
    made.merges = _differing_repeats(made, sample)
    return made


def _slug(file: Path) -> str:
    """A short name for the source, from the name of the file."""
    letters = re.findall(r"[a-z]+", file.name.split(".")[0].casefold())
    return "_".join(letters[:3]) or "source"


def _with_stand_ins(found: list[Match], table: str) -> list[Match]:
    """Every count needs a date, and a file with one date alone has no other."""
    given = {match.target: match for match in found}
    if table == "incident" and "recorded_on" not in given and "occurred_from" in given:
        only = given["occurred_from"]
        why = _("The file has no date of recording; every count needs one, so the date it happened stands in.")
        return [replace(m, target="recorded_on", why=why, sure=False) if m is only else m for m in found]
    if table == "area" and "name_en" not in given and "area_code" in given:
        code = given["area_code"]
        return [*found, replace(code, target="name_en", why=_("No column holds names."), sure=False)]
    if table == "area" and "area_code" not in given and "name_en" in given:
        name = given["name_en"]
        return [*found, replace(name, target="area_code", why=_("No column holds codes."), sure=False)]
    return found


def _flags(sample: Sample, vocabulary: Vocabulary) -> dict[str, str]:
    """Columns named like strands that hold yes and no or counts: side by side, one for each strand."""
    synonyms = vocabulary.synonyms[STRAND]
    found = {}
    for column in sample.columns:
        name = " ".join(word for word in phrase(column.name).split() if word not in NO_STRAND)
        code = code_list(STRAND).find(name) or synonyms.get(name)
        small = values.are_numbers(column.counts) and all(len(value) < 3 for value in column.counts)
        if code and (values.are_flags(column.counts) or small):
            found[column.name] = code
    return found if len(found) >= FEWEST_FLAGS else {}


def _strands(made: Draft, sample: Sample, found: list[Match], vocabulary: Vocabulary) -> None:
    if not found:
        return
    made.strands = tuple(name for name in sample.header if name in {match.source for match in found})
    counts = sum((sample.column(name).counts for name in made.strands), Counter[str]())
    made.split = separators(vocabulary, STRAND, counts)
    made.why_strands = found[0].why
    made.sure_strands = all(match.sure for match in found)
    if made.split == (" ",):
        # Rows of codes say much besides strands.
        made.otherwise[STRAND] = ""


def _constants(made: Draft, sample: Sample, file: Path, vocabulary: Vocabulary) -> None:
    """Columns that no record can do without and the file does not have."""
    given = {line.target: line for line in made.lines}
    if made.table == "incident" and "kind" not in given:
        made.lines.append(_kind(made, given.get("crime_type"), sample, vocabulary))
    if made.table == "area_population" and "base" not in given:
        base = "mid_year" if "census" not in made.title else "census_2011" if "2011" in made.title else "census_2021"
        made.lines.append(_constant("base", base, _("The file does not say what kind of estimate it holds.")))
    if made.table == "area_population" and "population_group" not in given:
        made.lines.append(_constant("population_group", "all", _("No column says who is counted, so everyone is.")))
    if made.table == "area" and "level" not in given:
        level = next((found for c in sample.columns if (found := values.area_level(c.counts))), None) or _level(file)
        made.lines.append(_constant("level", level, _("Told from the codes of the areas.")))
    if made.table == "area" and "outline" not in given:
        made.lines.append(_constant("outline", "generalised", _("The file does not say how exact its outlines are.")))
    if made.table == "area_measure" and "measure" not in given:
        made.lines.append(_constant("measure", "imd_decile", _("The file does not say what is measured.")))
    if made.table in ("area_measure", "area_population") and "year" not in given:
        year = re.search(r"(19|20)\d{2}", made.title)
        made.lines.append(_constant("year", year[0] if year else "2021", _("The year is not a column of the file.")))


def _kind(made: Draft, crime_type: Line | None, sample: Sample, vocabulary: Vocabulary) -> Line:
    """Crime throughout, unless the types of crime say of some records that they are none."""
    if crime_type is not None:
        labels = sample.column(crime_type.sources[0]).counts
        for label in labels:
            if meaning(vocabulary, "crime_type", label).codes == (ASB,):
                made.otherwise["kind"] = "crime"
                made.labels.append(ProposedLabel("kind", label, labels[label], ("non_crime",), False))
                made.reasons["kind", label] = _("no crime but an incident")
        if "kind" in made.otherwise:
            why = _("Told from the type of crime: anti-social behaviour is no crime.")
            return Line("kind", crime_type.sources[0], why, False, crime_type.sources)
    return _constant("kind", "crime", _("No column tells crimes from other incidents, so every row counts as a crime."))


def _level(file: Path) -> str:
    """The level of areas that the name of the file speaks of; wards where it speaks of none."""
    told = phrase(file.stem)
    known = {"localit": "locality", "lsoa": "lsoa", "district": "district", "authorit": "district", "police": "force"}
    return next((level for word, level in known.items() if word in told), "ward")


def _constant(target: str, value: str, why: str) -> Line:
    return Line(target, {"value": value}, why, False)


def _labels(made: Draft, sample: Sample, vocabulary: Vocabulary) -> None:
    lists = {c.name: c.codes for c in tables()[made.table] if c.codes}
    for line in made.lines:
        if not line.sources or (line.target == "kind" and "kind" in made.otherwise):
            continue
        source = sample.column(line.sources[0])
        if lists.get(line.target):
            split = tuple(line.value.get("split", ())) if isinstance(line.value, dict) else ()
            name = str(lists[line.target])
            _look_up(made, line.target, name, parts_of(vocabulary, name, source.counts, split), vocabulary)
        elif line.target in code_list("area_level") and line.value == source.name:
            _areas(made, line.target, source.counts)
    counts = sum((sample.column(name).counts for name in made.strands), Counter[str]())
    if counts:
        _look_up(made, STRAND, STRAND, parts_of(vocabulary, STRAND, counts, made.split), vocabulary)


def _look_up(made: Draft, target: str, name: str, counts: Counter[str], vocabulary: Vocabulary) -> None:
    for label, n in counts.most_common(MOST):
        found = meaning(vocabulary, name, label)
        unsaid = found.codes is None and target in made.otherwise
        # What looks personal is refused with its record, and the mapping itself is kept.
        if unsaid or (looks_personal(label) and not found.strong):
            continue
        made.labels.append(ProposedLabel(target, label, n, found.codes, found.sure))
        made.reasons[target, label] = found.why


def _areas(made: Draft, target: str, counts: Counter[str]) -> None:
    """Names of areas that the list of areas has; codes need nothing."""
    if values.area_level(counts):
        return
    known = values.known_areas(counts, target)
    for label, n in counts.most_common(MOST):
        codes = (known[label],) if label in known else None
        made.labels.append(ProposedLabel(target, label, n, codes, False))
        made.reasons[target, label] = _("the area of that name")


def _differing_repeats(made: Draft, sample: Sample) -> bool:
    """Whether rows share a reference and differ in what the mapping reads."""
    reference = next((line for line in made.lines if line.target == "ref"), None)
    if reference is None:
        return False
    names = {name for line in made.lines for name in line.sources} | set(made.strands) | set(made.flags)
    refs = sample.column(reference.sources[0]).values
    others = list(zip(*(sample.column(name).values for name in sorted(names)), strict=True))
    met: dict[str, tuple[str, ...]] = {}
    return any(ref and met.setdefault(ref, row) != row for ref, row in zip(refs, others, strict=True))
