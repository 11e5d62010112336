"""The declarations in data/dictionary.csv and how codes are looked up."""

import csv
from datetime import date
from unicodedata import normalize

import pytest

from hatecrime.dictionary import Code, CodeList, UnknownCode, code_list, columns, tables
from hatecrime.settings import data_dir


def _code(code: str, parent: str | None = None, label: str = "", valid_to: date | None = None) -> Code:
    return Code(code, parent, {"en": label or code, "cy": ""}, None, valid_to, extras={})


def test_every_row_of_the_dictionary_is_a_column_of_its_table() -> None:
    with (data_dir() / "dictionary.csv").open(encoding="utf-8") as source:
        rows = [(row["table"], row["column"]) for row in csv.DictReader(source)]
    assert [(column.table, column.name) for table in tables() for column in columns(table)] == rows
    assert len(set(rows)) == len(rows)


def test_every_column_is_explained_in_both_languages() -> None:
    for table in tables():
        for column in columns(table):
            assert column.sentences["en"].strip(), f"{table}.{column.name}"
            assert column.sentences["cy"].strip(), f"{table}.{column.name}"


def test_every_list_that_a_column_names_can_be_read() -> None:
    named = {column.codes for table in tables() for column in columns(table) if column.codes}
    assert len(named) > 20
    for name in named:
        assert len(code_list(name)) > 1


def test_a_column_knows_its_type_unit_and_whether_it_is_required() -> None:
    by_name = {column.name: column for column in columns("incident")}
    assert by_name["recorded_on"].type == "DATE"
    assert by_name["recorded_on"].required and not by_name["recorded_on"].derived
    assert by_name["easting"].unit == "metres" and by_name["ref"].unit is None
    assert by_name["crime_type"].codes == "crime_type" and by_name["ref"].codes is None
    assert by_name["strand_mask"].derived
    assert by_name["force"].sentence("cy") == "Cod ardal yr heddlu."
    assert by_name["force"].sentence("fr") == by_name["force"].sentence("en")


def test_the_tables_cannot_be_changed_by_a_reader() -> None:
    with pytest.raises(TypeError):
        tables()["incident"] = ()  # type: ignore[index]


def test_a_label_is_given_in_the_language_asked_for() -> None:
    strands = code_list("strand")
    assert strands.label("disability") == "Disability"
    assert strands.label("disability", "cy") == "Anabledd"


def test_a_label_without_a_translation_is_given_in_english() -> None:
    assert code_list("area").label("E08000009", "cy") == "Trafford"


@pytest.mark.parametrize("text", ["religion", "Religion", " RELIGION ", "crefydd", "CREFYDD"])
def test_a_code_is_found_by_code_or_label_in_either_language_whatever_its_case(text: str) -> None:
    assert code_list("strand").find(text) == "religion"


def test_a_welsh_label_is_found_however_its_accents_are_stored() -> None:
    label = "Hindŵaidd"
    assert normalize("NFD", label) != label
    assert code_list("strand").find(normalize("NFD", label).upper()) == "hindu"


def test_nothing_is_found_for_an_unknown_or_empty_text() -> None:
    assert code_list("strand").find("phrenology") is None
    assert code_list("strand").find("") is None


def test_a_label_that_two_codes_share_is_not_guessed() -> None:
    areas = code_list("area")
    assert areas.find("Altrincham") is None
    assert areas.valid(date(2016, 6, 23)).find("Altrincham") == "E05000819"
    assert areas.valid(date(2026, 6, 23)).find("Altrincham") == "E05015239"


def test_a_code_goes_before_a_label_of_the_same_spelling() -> None:
    odd = CodeList("odd", [_code("first", label="Second"), _code("second")])
    assert odd.find("second") == "second"


def test_children_are_the_code_itself_and_everything_below_it_in_the_order_of_the_file() -> None:
    types = code_list("crime_type")
    assert types.children("violence") == (
        "violence",
        "violence_with_injury",
        "violence_without_injury",
        "stalking_harassment",
    )
    assert types.children("public_order") == ("public_order",)
    areas = code_list("area")
    assert {"W92000004", "W15000002", "W06000022"} <= set(areas.children("W92000004"))
    assert len(areas.children("E08000009")) == 1 + 4 + 21 + 21


def test_the_group_of_a_code_is_the_top_of_its_branch() -> None:
    assert code_list("outcome").group("1A") == "charged_summonsed"
    assert code_list("outcome").group("not_assigned") == "not_assigned"
    assert code_list("area").group("E05000834") == "E12000002"


def test_a_sub_strand_has_the_bit_of_its_strand() -> None:
    strands = code_list("strand")
    assert strands.bit("religion") == 2
    assert strands.bit("muslim") == 2
    assert strands.bit("other_strand") == 512


def test_a_list_without_bits_says_so() -> None:
    with pytest.raises(UnknownCode, match="no bits"):
        code_list("kind").bit("crime")


def test_only_the_codes_in_use_on_the_day_are_valid() -> None:
    strands = code_list("strand")
    assert "alternative_subculture" not in strands.valid(date(2013, 3, 31))
    assert "alternative_subculture" in strands.valid(date(2013, 4, 1))
    assert "race" in strands.valid(date(1999, 1, 1))


def test_the_last_day_of_a_code_is_still_valid() -> None:
    areas = code_list("area")
    assert "E05000825" in areas.valid(date(2023, 5, 3))
    assert "E05000825" not in areas.valid(date(2023, 5, 4))
    assert "E05015253" in areas.valid(date(2023, 5, 4))


def test_a_code_whose_parent_is_out_of_use_is_its_own_group() -> None:
    parent = _code("parent", valid_to=date(2015, 1, 1))
    both = CodeList("both", [parent, _code("child", "parent")])
    assert both.group("child") == "parent"
    assert both.valid(date(2016, 1, 1)).group("child") == "child"


def test_an_empty_list_finds_nothing() -> None:
    empty = CodeList("empty", [])
    assert list(empty) == [] and empty.find("race") is None
    with pytest.raises(UnknownCode):
        empty.children("race")


def test_a_list_reads_like_a_mapping_in_the_order_of_its_file() -> None:
    strands = code_list("strand")
    assert next(iter(strands)) == "race"
    assert "race" in strands and "phrenology" not in strands
    assert strands.get("phrenology") is None
    assert strands["muslim"].parent == "religion"
    assert strands["race"].extras["monitored"] == "central"


def test_an_unknown_code_list_or_table_is_named_in_a_sentence() -> None:
    with pytest.raises(UnknownCode) as code:
        code_list("strand").label("phrenology")
    assert str(code.value) == "There is no code “phrenology” in the list “strand”."
    with pytest.raises(UnknownCode, match="no list of codes “strnd”"):
        code_list("strnd")
    with pytest.raises(UnknownCode, match="no table “incidents”"):
        columns("incidents")
