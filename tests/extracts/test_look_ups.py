"""Codes that a partner's own list explains, where that list is less tidy than one would wish."""

from __future__ import annotations

import pytest

from hatecrime.extracts.errors import ExtractError
from tests.extracts.workshop import HEADER, INCIDENTS, Built, Workshop

LOOK_UP = '[look_up.{}]\nfile = "codes.csv"\nfrom = "code"\nto = "label"\n'
MOTIVES = INCIDENTS + '[strands]\nfrom = "Codes"\nsplit = " "\n' + LOOK_UP.format("strand")
FIRST_AND_SECOND = '[values.strand]\n"Anti-Black" = "black"\n"Bias: Black" = "black"\n'


def built(workshop: Workshop, codes: str, mapping: str, *cells: str) -> Built:
    (workshop.folder / "codes.csv").write_text("code,label\n" + codes, encoding="utf-8")
    rows = [f"{n},Crime,01/02/2016,{cell}" for n, cell in enumerate(cells, start=1)]
    return workshop.add("\n".join([HEADER.strip() + ",Codes", *rows, ""]), mapping).build()


def test_a_code_that_is_listed_again_in_other_words_of_the_same_meaning_is_known(workshop: Workshop) -> None:
    made = built(workshop, "14,Anti-Black\n14,Bias: Black\n", MOTIVES + FIRST_AND_SECOND, "14")
    assert made.rows("incident_strand", "strand", "sub_strand", "label") == [("race", "black", "Anti-Black")]


def test_capitals_and_spaces_make_no_other_meaning(workshop: Workshop) -> None:
    made = built(workshop, "14,Black\n14, BLACK \n", MOTIVES, "14")
    assert made.rows("incident_strand", "strand", "sub_strand") == [("race", "black")]


def test_words_that_the_mapping_passes_over_may_differ(workshop: Workshop) -> None:
    passed_over = MOTIVES + FIRST_AND_SECOND + 'otherwise = ""\n'
    made = built(workshop, "14,Anti-Black\n99,Drunk\n99,Suspect drunk\n", passed_over, "14 99")
    assert made.column("incident", "strand_mask") == [1] and made.rejects == []


@pytest.mark.parametrize("values", ["", FIRST_AND_SECOND, FIRST_AND_SECOND + 'otherwise = ""\n'])
def test_two_meanings_of_one_code_are_refused(workshop: Workshop, values: str) -> None:
    with pytest.raises(ExtractError, match="has two labels for '14': 'Anti-Black' and, in line 3, 'Anti-Jewish'"):
        built(workshop, "14,Anti-Black\n14,Anti-Jewish\n", MOTIVES + values, "14")


def test_what_a_list_says_stands_beside_what_the_mapping_says_where_there_are_no_codes_of_ours(
    workshop: Workshop,
) -> None:
    mapping = INCIDENTS + 'centre_id = "Codes"\n' + LOOK_UP.format("centre_id") + '[values.centre_id]\n"old" = "C0"\n'
    made = built(workshop, "a,C1\n", mapping, "a", "old", "neither", "")
    assert made.column("incident", "centre_id") == ["C1", "C0", None, None]
    assert made.rejects == [(4, "Codes", "neither", "unknown_label", False)]
