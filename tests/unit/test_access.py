"""What a sign-in gives: who is refused, what each role and each claim may do, and which places lie in a scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatecrime.access import AUDIENCES, LOCAL, RIGHTS, AccessRefused, User, is_over, lies_in, user_from
from hatecrime.dictionary import code_list
from hatecrime.settings import AccessRules, SettingsError, data_dir, settings

RULES = settings().access
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TRAFFORD, CLIFFORD, WALES, CARDIFF = "E08000009", "E05000832", "W92000004", "W06000015"

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from([*AUDIENCES, *RIGHTS, TRAFFORD]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def claims(**changes: Any) -> dict[str, Any]:
    return {"sub": "a1", "name": "Ana", "roles": ["analyst"], "iat": NOW.timestamp(), **changes}


def refused(**changes: Any) -> str:
    with pytest.raises(AccessRefused) as told:
        user_from(claims(**changes), RULES)
    return str(told.value)


def test_the_shipped_rules_give_nothing_to_somebody_without_a_role() -> None:
    assert RULES.default_audience == ""
    assert not RULES.allow_without_sign_in_beyond_loopback
    assert not RULES.people and not RULES.roles


class TestRoles:
    @pytest.mark.parametrize("audience", AUDIENCES)
    def test_one_role_may_be_a_text_or_a_list(self, audience: str) -> None:
        assert user_from(claims(roles=audience), RULES) == user_from(claims(roles=[audience]), RULES)
        assert user_from(claims(roles=audience), RULES).audience == audience

    def test_of_several_audiences_the_most_privileged_counts(self) -> None:
        assert user_from(claims(roles=["public", "analyst", "partner"]), RULES).audience == "analyst"
        assert user_from(claims(roles=["public", "partner"]), RULES).audience == "partner"

    def test_rights_stand_beside_the_audience(self) -> None:
        assert user_from(claims(roles=["partner", "lead"]), RULES).rights == {"lead"}
        assert user_from(claims(roles=["analyst", "admin", "lead"]), RULES).rights == {"admin", "lead"}
        assert user_from(claims(), RULES).rights == frozenset()

    def test_a_right_alone_shows_nothing(self) -> None:
        assert "No role" in refused(roles=["admin", "lead"])

    @pytest.mark.parametrize("roles", [None, [], ()])
    def test_no_role_is_refused(self, roles: object) -> None:
        assert "No role" in refused(roles=roles)

    def test_no_role_is_the_default_audience_where_the_settings_have_one(self) -> None:
        open_to_all = replace(RULES, default_audience="public")
        assert user_from({"sub": "b2"}, open_to_all) == User("b2", "b2", "public", frozenset(), ())

    @pytest.mark.parametrize(
        "roles", ["king", "Analyst", " analyst", "analyst,admin", "", ["analyst", "king"], ["ANALYST"]]
    )
    def test_a_role_that_is_not_known_is_refused_even_beside_one_that_is(self, roles: object) -> None:
        said = refused(roles=roles)
        assert "does not know" in said and "king" not in said

    @pytest.mark.parametrize("roles", [1, True, {"analyst": True}, [["analyst"]], ["analyst", None], b"analyst"])
    def test_roles_of_another_kind_are_refused(self, roles: object) -> None:
        assert "not a list of words" in refused(roles=roles)

    def test_names_of_roles_at_the_provider_are_understood_or_passed_over_as_the_settings_say(self) -> None:
        rules = replace(RULES, roles={"HC-Analysts": "analyst", "offline_access": ""})
        assert user_from(claims(roles=["HC-Analysts", "offline_access"]), rules).audience == "analyst"
        with pytest.raises(AccessRefused):
            user_from(claims(roles=["offline_access"]), rules)

    def test_roles_lie_where_the_settings_say_also_deeper(self) -> None:
        deeper = replace(RULES, roles_claim="realm_access.roles")
        assert user_from(claims(roles=None, realm_access={"roles": ["public"]}), deeper).audience == "public"
        named = replace(RULES, roles_claim="https://example.org/roles")
        assert user_from(claims(roles=None, **{"https://example.org/roles": "partner"}), named).audience == "partner"
        with pytest.raises(AccessRefused):
            user_from(claims(realm_access="analyst"), deeper)

    def test_the_settings_give_roles_and_areas_to_those_without_claims_and_to_nobody_else(self) -> None:
        rules = replace(RULES, people={"a1": {"roles": ["partner"], "areas": [TRAFFORD]}})
        assert user_from({"sub": "a1"}, rules) == User("a1", "a1", "partner", frozenset(), (TRAFFORD,))
        assert user_from(claims(roles=["public"]), rules).audience == "public"
        with pytest.raises(AccessRefused):
            user_from({"sub": "a2"}, rules)


class TestAreas:
    def test_no_claim_is_no_limit(self) -> None:
        assert user_from(claims(), RULES).areas == ()

    def test_no_claim_is_refused_where_the_settings_ask_for_one(self) -> None:
        rules = replace(RULES, areas_required=("partner",))
        assert user_from(claims(), rules).areas == ()
        with pytest.raises(AccessRefused, match="which areas"):
            user_from(claims(roles=["partner"]), rules)

    def test_one_or_several_areas(self) -> None:
        assert user_from(claims(areas=TRAFFORD), RULES).areas == (TRAFFORD,)
        assert user_from(claims(areas=[WALES, TRAFFORD, WALES]), RULES).areas == (TRAFFORD, WALES)

    def test_an_empty_list_is_not_taken_for_every_area(self) -> None:
        assert "which areas" in refused(areas=[])

    @pytest.mark.parametrize(
        "areas", ["X99999999", "Trafford", "e08000009", "all", "", [TRAFFORD, "nowhere"], "' OR 1=1"]
    )
    def test_an_area_that_is_not_known_is_refused_and_not_passed_over(self, areas: object) -> None:
        assert "does not know" in refused(areas=areas)

    @pytest.mark.parametrize("areas", [1, {"E08000009": 1}, [TRAFFORD, 5], [[TRAFFORD]], False])
    def test_areas_of_another_kind_are_refused(self, areas: object) -> None:
        assert "not a list of area codes" in refused(areas=areas)


class TestSubjectAndName:
    @pytest.mark.parametrize("sub", [None, "", "   ", 5, ["a1"], "a\nb", "a" * 256])
    def test_somebody_without_a_subject_is_refused(self, sub: object) -> None:
        assert "who you are" in refused(sub=sub)

    def test_the_name_is_words_only_and_never_long(self) -> None:
        assert user_from(claims(name="[Ana](http://x) <b>O'Neil</b>"), RULES).name == "Anahttpx bO'Neilb"
        assert len(user_from(claims(name="a" * 1000), RULES).name) == 80
        assert user_from(claims(name=5, email="ana@example.org"), RULES).name == "ana@example.org"
        assert user_from(claims(name="<>"), RULES).name == "unnamed"

    def test_nobody_can_sign_in_as_the_one_at_the_machine(self) -> None:
        assert "at this machine" in refused(sub="local", name="local", roles=["analyst", "lead", "admin"])
        assert LOCAL.is_local and LOCAL.rights == RIGHTS

    @given(st.dictionaries(st.sampled_from(["sub", "name", "roles", "areas", "iat", "email"]), anything))
    def test_whatever_the_claims_are_the_answer_is_a_user_within_them_or_a_refusal(self, given: dict[str, Any]) -> None:
        try:
            user = user_from(given, RULES)
        except AccessRefused as told:
            assert str(told).endswith(".")
            return
        stated = given["roles"] if isinstance(given["roles"], list) else [given["roles"]]
        assert user.audience in stated and user.rights <= set(stated)
        assert set(user.areas) <= set(code_list("area"))
        assert user.areas or given.get("areas") is None


class TestRules:
    @pytest.fixture
    def changed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], AccessRules]:
        """The shipped settings with one line of [access] changed."""
        shipped = (data_dir() / "settings.toml").read_text("utf-8")
        (tmp_path / "data").mkdir()
        monkeypatch.setenv("HATECRIME_HOME", str(tmp_path))

        def changing(line: str, other: str) -> AccessRules:
            assert shipped.count(f"\n{line}\n") == 1
            text = shipped.replace(f"\n{line}\n", f"\n{other}\n")
            (tmp_path / "data" / "settings.toml").write_text(text, encoding="utf-8")
            return settings().access

        return changing

    def test_a_deployment_states_its_roles_and_people(self, changed: Callable[[str, str], AccessRules]) -> None:
        rules = changed("[access.people]", '[access.people]\na1 = { roles = ["partner"], areas = ["W92000004"] }')
        assert rules.people == {"a1": {"roles": ["partner"], "areas": [WALES]}}

    @pytest.mark.parametrize(
        ("line", "other"),
        [
            ('default_audience = ""', 'default_audience = "analyst"'),
            ('default_audience = ""', "default_audience = 1"),
            ("areas_required = []", 'areas_required = ["everybody"]'),
            ("hours = 10", "hours = 0"),
            ("hours = 10", "hours = 10000"),
            ("hours = 10", 'hours = "ten"'),
            ("hours = 10", "hours = true"),
            ("allow_without_sign_in_beyond_loopback = false", 'allow_without_sign_in_beyond_loopback = "yes"'),
            ("allow_without_sign_in_beyond_loopback = false", "allow_without_sign_in_beyond_loopback = 1"),
            ("[access.roles]", '[access.roles]\nboss = "king"'),
            ("[access.people]", '[access.people]\na1 = "analyst"'),
            ("[access.people]", '[access.people]\na1 = { role = "analyst" }'),
            ('roles_claim = "roles"', 'roles_claim = ""'),
        ],
    )
    def test_a_rule_of_another_kind_is_refused(
        self, changed: Callable[[str, str], AccessRules], line: str, other: str
    ) -> None:
        with pytest.raises(SettingsError, match="wrong kind"):
            changed(line, other)


class TestTime:
    def test_a_sign_in_holds_for_the_hours_of_the_settings(self) -> None:
        hour = 3600
        made = NOW.timestamp() - RULES.hours * hour
        assert not is_over(claims(iat=made), RULES, NOW)
        assert is_over(claims(iat=made - 1), RULES, NOW)
        assert not is_over(claims(iat=NOW.timestamp() + 60), RULES, NOW)

    @pytest.mark.parametrize("iat", [None, "1793610000", True, [], float("nan"), NOW.timestamp() + 3600, float("inf")])
    def test_a_sign_in_without_a_time_or_with_one_to_come_is_refused(self, iat: object) -> None:
        with pytest.raises(AccessRefused):
            is_over(claims(iat=iat), RULES, NOW)


class TestPlaces:
    def test_without_areas_everything_lies_in(self) -> None:
        assert lies_in(None, ()) and lies_in(TRAFFORD, ())

    def test_an_area_and_what_is_below_it_lie_in_it(self) -> None:
        assert lies_in(TRAFFORD, (TRAFFORD,)) and lies_in(CLIFFORD, (TRAFFORD,)) and lies_in(CARDIFF, (WALES,))

    @pytest.mark.parametrize("area", [None, "", "not_recorded", WALES, CARDIFF, "E12000002", "nowhere"])
    def test_nothing_else_does(self, area: str | None) -> None:
        assert not lies_in(area, (TRAFFORD,))
