"""What must never be stored, and how references are kept."""

from __future__ import annotations

import hashlib
import hmac
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from hatecrime.extracts.build import check
from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.pseudonym import pads, read_key
from tests.extracts.workshop import HEADER, INCIDENTS, Built, Workshop

Build = Callable[..., Built]

SECRET = "Mrs Angharad Example, 1 Hidden Lane"
REFERRALS = """
source = "test"
table = "referral"
[columns]
ref = "Referral"
received_on = { from = "Received", formats = ["%d/%m/%Y"] }
incident_ref = "Crime number"
"""


def own_hash(text: str, key: bytes) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:16]


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_what_no_mapping_names_is_stored_nowhere(workshop: Workshop) -> None:
    rows = "".join(f'"{SECRET} {n}",Crime,01/02/2016,"{SECRET}"\n' for n in range(50))
    faults = f'"{SECRET}",Crime\n"{SECRET}","Crime,01/02/2016,"{SECRET}"\n"{SECRET}",Crime,32/01/2016,"{SECRET}"\n'
    made = workshop.add("Ref,Kind,Recorded,Victim\n" + rows + faults).build()
    assert made.extract.kept == 50
    assert made.extract.refused == {"too_few_columns": 1, "bad_quotes": 1, "bad_date": 1}
    assert made.extract.ignored_columns == ["Victim"]
    stored = everything_in(workshop.store)
    for text in (SECRET, "Angharad", "Hidden"):
        assert text.encode() not in stored
    assert b"Recorded" in stored  # the search would find what is there


@pytest.mark.parametrize("birth", ["15/03/1980", "1980-03-15"])
def test_a_whole_date_where_an_age_is_asked_for_is_taken_for_that_of_a_birth(workshop: Workshop, birth: str) -> None:
    mapping = INCIDENTS + 'victim_age_band = "Age"\n'
    made = workshop.add(f"Ref,Kind,Recorded,Age\n1,Crime,01/02/2016,{birth}\n2,Crime,01/02/2016,36\n", mapping).build()
    assert made.reasons == {"looks_personal": 1}
    assert birth.encode() not in everything_in(workshop.store)
    assert made.column("incident", "victim_age_band") == ["35_44"]


def test_a_refused_or_repeated_reference_is_not_on_record_either(workshop: Workshop) -> None:
    rows = "Angharad/77,Crime,01/02/2016\nAngharad/77,Non-crime incident,01/02/2016\n"
    made = workshop.add(HEADER + rows, INCIDENTS + 'channel = "Ref"\n').build()
    assert made.extract.refused == {"duplicate_ref": 1}
    assert made.extract.values_refused == {"unknown_label": 1}
    assert b"Angharad" not in everything_in(workshop.store)


def test_neither_is_a_part_of_a_reference_by_which_records_are_passed_over(built: Build) -> None:
    mapping = INCIDENTS.replace('"Ref"', '{ from = ["Year", "Ref"] }') + '[only]\nRef = ["1"]\n'
    made = built("Year,Ref,Kind,Recorded\n16,1,Crime,01/02/2016\n16,SECRET,Crime,01/02/2016\n", mapping)
    assert made.rejects == [(3, "Ref", None, "passed_over", True)]


def test_only_a_short_piece_of_a_refused_value_is_kept(built: Build) -> None:
    made = built(f"Ref,Kind,Recorded,How\n1,Crime,01/02/2016,{'long' * 40}\n", INCIDENTS + 'channel = "How"\n')
    ((_line, _column, value, _reason, _whole),) = made.rejects
    assert len(value) == 60


def test_a_person_planted_in_every_column_is_told_by_no_report_and_stored_nowhere(workshop: Workshop) -> None:
    mapping = (
        INCIDENTS
        + 'channel = "How"\ncentre_id = "Centre"\nschool = "School"\noutcome_on = "Outcome"\n'
        + '[strands]\nfrom = "Strand"\nsplit = ";"\n'
        + '[point]\nx = "E"\ny = "N"\ncrs = "EPSG:27700"\npostcode = "Postcode"\n'
    )
    header = ["Ref", "Kind", "Recorded", "How", "Centre", "School", "Outcome", "Strand", "E", "N", "Postcode"]
    good = ["", "Crime", "01/02/2016", "", "", "", "", "Race", "", "", ""]
    rows = [[SECRET if i == n else cell for i, cell in enumerate(good)] for n in range(len(header))]
    lines = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in [*rows, [SECRET] * len(header), good])
    made = workshop.add(",".join(header) + "\n" + lines, mapping).build()
    assert made.extract.read == 13 == made.extract.kept + sum(made.extract.refused.values())
    assert made.extract.refused == {"looks_personal": 5, "bad_date": 2}
    assert made.extract.values_refused == {"bad_date": 1, "bad_coordinate": 2, "unknown_postcode": 1}
    tried = check(workshop.folder / "incidents.csv", str(workshop.folder / "0.toml"))
    told = f"{made.report.to_json()} {tried.to_json()}"
    for text in ("Angharad", "Hidden"):
        assert text not in told
        assert text.encode() not in everything_in(workshop.store)


class TestPseudonyms:
    def test_they_are_hmac_sha256_of_the_reference(self, built: Build, own_key: Path) -> None:
        refs = ["06/CR/1234/16", "é", "x" * 500, " spaced "]
        made = built(HEADER + "".join(f'"{ref}",Crime,01/02/2016\n' for ref in refs))
        assert set(made.column("incident", "ref")) == {own_hash(ref.strip(), own_key.read_bytes()) for ref in refs}

    @pytest.mark.parametrize("length", [0, 1, 32, 64, 65, 200])
    def test_the_pads_follow_rfc_2104_for_keys_of_any_length(self, length: int) -> None:
        key = bytes(range(1, 201))[:length]
        made = pads(key)
        inner = hashlib.sha256(made["inner"] + b"reference").digest()
        assert hashlib.sha256(made["outer"] + inner).digest() == hmac.digest(key, b"reference", "sha256")

    def test_an_incident_and_its_referral_meet_in_one_pseudonym(self, workshop: Workshop) -> None:
        workshop.add(HEADER + "GMP-77,Crime,01/02/2016\n", file="incidents.csv")
        referral = "Referral,Received,Crime number\nR1,02/02/2016,GMP-77\n"
        made = workshop.add(referral, REFERRALS, "referrals.csv").build()
        assert made.column("incident", "ref") == made.column("referral", "incident_ref")

    def test_no_reference_has_no_pseudonym(self, built: Build) -> None:
        made = built(HEADER + ",Crime,01/02/2016\n")
        assert made.column("incident", "ref") == [None]
        assert 0 <= made.column("incident", "record_key")[0] <= 255

    def test_the_number_of_a_record_is_fixed_by_its_reference(self, built: Build, own_key: Path) -> None:
        made = built(HEADER + "A1,Crime,01/02/2016\nA2,Crime,01/02/2016\n")
        for ref, key in made.rows("incident", "ref", "record_key"):
            assert key == int(ref[:2], 16)


class TestKey:
    @pytest.fixture
    def key(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        path = tmp_path / "kept" / "key"
        monkeypatch.setenv("HATECRIME_KEY_FILE", str(path))
        return path

    def test_it_is_made_on_first_use_for_its_owner_alone(self, key: Path, workshop: Workshop) -> None:
        workshop.add(HEADER + "1,Crime,01/02/2016\n").build()
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert len(key.read_bytes()) == 32

    def test_it_is_used_again_so_that_references_match_across_builds(self, key: Path, workshop: Workshop) -> None:
        workshop.add(HEADER + "1,Crime,01/02/2016\n")
        assert workshop.build().column("incident", "ref") == workshop.build().column("incident", "ref")

    def test_it_never_reaches_the_snapshot(self, key: Path, workshop: Workshop) -> None:
        workshop.add(HEADER + "1,Crime,01/02/2016\n").build()
        stored = everything_in(workshop.store)
        for secret in (read_key(), *pads(read_key()).values()):
            assert secret not in stored
            assert secret[:16] not in stored

    def test_another_key_gives_other_pseudonyms(
        self, key: Path, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        workshop.add(HEADER + "1,Crime,01/02/2016\n")
        first = workshop.build().column("incident", "ref")
        monkeypatch.setenv("HATECRIME_KEY_FILE", str(key.parent / "other"))
        assert workshop.build().column("incident", "ref") != first

    def test_a_damaged_key_is_refused_rather_than_replaced(self, key: Path, workshop: Workshop) -> None:
        key.parent.mkdir()
        key.write_bytes(b"short")
        with pytest.raises(ExtractError, match="is damaged"):
            workshop.add(HEADER).build()
        assert key.read_bytes() == b"short"
