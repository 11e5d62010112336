"""Who gets which page and which places: by navigation, by link and in the fetch layer, for every role."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import dashboard
from hatecrime import access, database
from hatecrime.access import LOCAL, User
from hatecrime.database import NotInScope, newest, open_snapshot, query_names, read_query
from hatecrime.filters import Filters
from hatecrime.register import open_register
from hatecrime.settings import root
from hatecrime.ui import data
from hatecrime.ui.registry import Listed
from hatecrime.ui.session import Session, opened
from tests.pages.test_frame import texts

AUTH = {
    "cookie_secret": "not a secret, but as long as one must be",
    "redirect_uri": "http://localhost:8501/oauth2callback",
    "client_id": "hatecrime",
    "client_secret": "none",
    "server_metadata_url": "http://localhost:1/.well-known/openid-configuration",
}
LISTED: list[Listed] = [page for pages in dashboard.sections().values() for page in pages]
TRAFFORD, WALES, CARDIFF = "E08000009", "W92000004", "W06000015"
# Said here once more, so that a change of who sees what is a change of two files.
EVERYONE = {"method", "data_protection"}
SHARED = {"glance", "places", "support"} | EVERYONE
SPOT = {"overview", "hotspots", "place", "unknown", "when", "trends"}
ANALYSTS = SPOT | {"referrals", "centres", "quarterly", "data", "quality"} | EVERYONE
OWN = {"analyst": ANALYSTS, "partner": SHARED, "public": SHARED}
SCOPED = User("s", "S", "analyst", frozenset(), (TRAFFORD,))

Visit = Callable[..., AppTest]


@pytest.fixture
def visit(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> Visit:
    """A first visit of somebody with these claims; view and other names are values of the address."""
    monkeypatch.chdir(root())

    def first(claims: dict[str, Any] | None, page: str = "", **address: str) -> AppTest:
        app = AppTest.from_file(str(root() / "dashboard.py"), default_timeout=60)
        app.secrets["auth"] = AUTH
        app.user = claims or {"is_logged_in": False}
        for name, value in address.items():
            app.query_params[name] = value
        app.run()
        return _open(app, page) if page else app

    return first


def _open(app: AppTest, page: str) -> AppTest:
    """By its address, which a browser may ask for whether or not the page is in the menu."""
    app._page_hash = calc_hash(page)
    return app.run()


def claims(*roles: str, **more: Any) -> dict[str, Any]:
    return {"is_logged_in": True, "sub": "a1", "name": "Ana", "iat": time.time(), "roles": list(roles), **more}


def headings(app: AppTest) -> list[str]:
    return [each.value for each in app.subheader]


def shows_nothing(app: AppTest) -> bool:
    return not app.get("vega_lite_chart") and not app.dataframe and not app.metric and not app.exception


class TestPages:
    def test_every_page_says_who_sees_it_and_names_are_used_once(self) -> None:
        assert len({page.name for page in LISTED}) == len(LISTED)
        assert all(page.seen_by and page.seen_by <= set(access.AUDIENCES) for page in LISTED)
        assert {page.name for page in LISTED} == SHARED | ANALYSTS

    @pytest.mark.parametrize("role", access.AUDIENCES)
    def test_a_link_to_a_page_of_others_is_refused_in_words_and_nothing_of_it_is_run(
        self, visit: Visit, role: str
    ) -> None:
        app = visit(claims(role))
        for page in LISTED:
            _open(app, page.name)
            refused = [heading for heading in headings(app) if heading.startswith("This page is for")]
            if page.name in OWN[role]:
                assert app.title and not refused, page.name
            else:
                assert len(refused) == 1 and not app.title and shows_nothing(app), page.name

    @pytest.mark.parametrize(("role", "page"), [("analyst", "overview"), ("partner", "glance"), ("public", "glance")])
    def test_the_first_page_opens_by_its_name_too_and_is_noted_under_it(
        self, visit: Visit, role: str, page: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("HATECRIME_REGISTER_URL", f"sqlite:///{tmp_path / 'register.sqlite'}")
        app = visit(claims(role), page)
        assert [title.value for title in app.title] == ["How much hate crime is recorded, and has it changed?"]
        assert [entry.page for entry in open_register().last(5) if entry.event == "page"] == [f"/{page}", "/"]

    @pytest.mark.parametrize("page", ["data", "quality"])
    def test_pages_about_all_areas_together_are_not_for_somebody_limited_to_some(self, visit: Visit, page: str) -> None:
        app = visit(claims("analyst", "admin", areas=[TRAFFORD]), page)
        assert headings(app) == ["This page is about all areas together, and your sign-in is limited to certain areas."]
        assert shows_nothing(app)

    def test_only_those_who_load_data_are_given_the_form(self, visit: Visit) -> None:
        assert "Add a file" not in headings(visit(claims("analyst", "lead"), "data"))
        assert "Add a file" in headings(visit(claims("analyst", "admin"), "data"))


class TestSignIn:
    def test_without_sign_in_set_up_the_page_says_that_nobody_is_signed_in(self, app: AppTest) -> None:
        assert "Not signed in: open on this machine only, as analyst" in texts(app)

    @pytest.mark.parametrize("logged_in", [False, None, "true", 1, "yes"])
    def test_nobody_is_signed_in_unless_it_is_exactly_true(self, visit: Visit, logged_in: object) -> None:
        app = visit({**claims("analyst"), "is_logged_in": logged_in})
        assert [button.label for button in app.button] == ["Sign in"]
        assert "SYNTHETIC" not in texts(app) and shows_nothing(app)

    def test_an_old_sign_in_is_made_again(self, visit: Visit) -> None:
        app = visit(claims("analyst", iat=time.time() - 11 * 3600))
        assert [warning.value for warning in app.warning] == ["Your sign-in has ended. Sign in again."]
        assert shows_nothing(app)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"roles": ["king"]},
            {"roles": None},
            {"roles": {}},
            {"areas": "everywhere"},
            {"areas": {}},
            {"sub": None},
            {"iat": None},
        ],
        ids=str,
    )
    def test_forged_or_missing_claims_give_nothing(self, visit: Visit, wrong: dict[str, Any]) -> None:
        app = visit({**claims("analyst"), **wrong})
        assert headings(app) == ["Your sign-in gives no access here."]
        assert [button.label for button in app.button] == ["Sign out"]
        assert "SYNTHETIC" not in texts(app) and shows_nothing(app)

    def test_what_went_wrong_at_the_provider_is_said(self, visit: Visit) -> None:
        assert [each.value for each in visit(None, sign_in="failed").warning] == [
            "The sign-in did not succeed. Try it again, or ask who runs it."
        ]

    def test_secrets_that_are_incomplete_are_said_to_nobody(self, visit: Visit) -> None:
        app = visit(None)
        app.button(key="sign_in_None").click().run()
        assert "not set up completely" in app.error[0].value
        assert not any(value in texts(app) for value in AUTH.values())


class TestView:
    @pytest.mark.parametrize("role", ["partner", "public"])
    @pytest.mark.parametrize("view", ["analyst", "Analyst", "public", "ANALYST ", "dadansoddwr"])
    def test_the_address_gives_nobody_more(self, visit: Visit, role: str, view: str) -> None:
        app = visit(claims(role), "overview", view=view)
        assert headings(app)[0] == "This page is for analysts."
        assert not any(control.label == "Look as" for control in app.get("button_group"))

    @pytest.mark.parametrize("view", ["partner", "Partner", "public"])
    def test_an_analyst_looks_as_somebody_else_by_the_address(self, visit: Visit, view: str) -> None:
        assert headings(visit(claims("analyst"), "hotspots", view=view))[0] == "This page is for analysts."

    @pytest.mark.parametrize("view", ["", "king", "partner,public", "partner\x00", "💥"])
    def test_nonsense_in_the_address_leaves_the_analyst_an_analyst(self, visit: Visit, view: str) -> None:
        app = visit(claims("analyst"), "hotspots", view=view)
        assert [title.value for title in app.title] == ["Where is most hate crime recorded?"]


class TestAreas:
    def test_only_areas_of_the_scope_are_offered_and_the_scope_comes_first(self, visit: Visit) -> None:
        app = visit(claims("analyst", areas=[WALES]))
        offered = app.selectbox(key="area")
        assert offered.value == WALES
        assert "Cardiff (local authority)" in offered.options
        assert not any(name in str(offered.options) for name in ("All areas", "Trafford", "North West"))

    @pytest.mark.parametrize(
        "area", ["Trafford", TRAFFORD, "all", "All areas", "nowhere", "North West (nation or region)"]
    )
    def test_an_area_outside_the_scope_is_not_taken_from_the_address(self, visit: Visit, area: str) -> None:
        assert visit(claims("analyst", areas=[CARDIFF]), area=area).selectbox(key="area").value == CARDIFF

    def test_every_page_that_is_offered_can_be_shown_for_a_scope(self, visit: Visit) -> None:
        app = visit(claims("analyst", areas=[TRAFFORD]))
        for page in LISTED:
            if page.name in ANALYSTS - {"data", "quality"}:
                _open(app, page.name)
                assert app.title and not app.exception and "This page cannot be shown." not in headings(app), page.name


@pytest.mark.parametrize("name", query_names())
def test_no_query_tells_somebody_limited_to_areas_about_others(sample_store: Path, name: str) -> None:
    """Every query by its name: it follows the area of the filters, is for everyone, or is refused."""
    limited = open_snapshot(newest(sample_store)).limited("analyst", (TRAFFORD,))
    query = read_query(name)
    if not query.is_filtered and query.for_everyone:
        database.only_within(limited.areas, name, None)
        return
    for outside in (None, Filters(), Filters(area=WALES), Filters(area="E12000002")):
        with pytest.raises(NotInScope):
            database.fetch(limited, name, outside)
    if query.is_filtered:
        for inside in (Filters(area=TRAFFORD), Filters(area="E05000832")):
            database.only_within(limited.areas, name, inside, {"area": inside.area})


class TestFetchLayer:
    @pytest.fixture
    def session(self, sample_store: Path) -> Callable[..., Session]:
        path = newest(sample_store)
        snapshot = open_snapshot(path)

        def of(user: User, audience: str = "analyst") -> Session:
            return Session(path, snapshot.facts, Filters(), user, audience, None, snapshot.facts.data_to)  # type: ignore[arg-type]

        return of

    def test_two_users_never_share_what_was_fetched_for_one_of_them(self, session: Callable[..., Session]) -> None:
        with opened(session(LOCAL)):
            everywhere = data.count(filters=Filters())["n"].iloc[0]
            here = data.count(filters=Filters(area=TRAFFORD))["n"].iloc[0]
        assert everywhere > here > 0
        with opened(session(SCOPED)):
            assert data.count(filters=Filters(area=TRAFFORD))["n"].iloc[0] == here
            for ask in (data.count, data.count_referrals):
                for outside in (Filters(), Filters(area=CARDIFF)):
                    with pytest.raises(NotInScope):
                        ask(filters=outside)
            with pytest.raises(NotInScope):
                data.fetch("extracts/loaded")
        with opened(session(LOCAL, "partner")), pytest.raises(database.DataError):
            data.count(filters=Filters(area=TRAFFORD))

    @pytest.mark.parametrize("area", [None, TRAFFORD, WALES])
    def test_an_area_that_a_query_takes_beside_the_filters_is_held_to_the_scope_too(
        self, sample_store: Path, area: str | None
    ) -> None:
        ward = "E05000819"
        limited = open_snapshot(newest(sample_store)).limited("analyst", (ward,))
        asked = {"start": None, "finish": None}
        assert database.fetch(limited, "centres/reports", Filters(area=ward), area=ward, **asked).empty
        with pytest.raises(NotInScope):
            database.fetch(limited, "centres/reports", Filters(area=ward), area=area, **asked)

    def test_reports_keep_to_the_scope_as_well(self, session: Callable[..., Session]) -> None:
        with opened(session(SCOPED)):
            with pytest.raises(NotInScope):
                database.count(data.snapshot(), Filters())
            assert data.snapshot().everywhere(Filters(area=TRAFFORD)) == Filters(area=TRAFFORD)
        with opened(session(LOCAL, "public")), pytest.raises(database.DataError):
            database.count(data.snapshot(), Filters())


@hypothesis_settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example({"view": "", "lang": "", "show": "", "basis": "", "online": ""})
@example({"area": "all", "view": "partner,public", "from": "9999-99-99", "period": "\x00"})
@given(
    st.dictionaries(
        st.sampled_from(
            ["area", "period", "from", "to", "kind", "strand", "view", "show", "lang", "basis", "online", "ward"]
        ),
        st.sampled_from(["analyst", "all", TRAFFORD, WALES, "", "99m", "2016-13-40", "0001-01-01", "\x00"])
        | st.text(max_size=20),
        min_size=1,
    )
)
def test_whatever_the_address_holds_nobody_is_shown_a_fault_or_more_than_is_theirs(
    visit: Visit, address: dict[str, str]
) -> None:
    scoped = visit(claims("analyst", areas=[CARDIFF]), **address)
    assert not scoped.exception
    if scoped.selectbox:
        assert access.lies_in(scoped.selectbox(key="area").value, (CARDIFF,))
    partner = visit(claims("partner"), "hotspots", **address)
    assert headings(partner) == ["This page is for analysts."] or headings(partner) == [
        "Ar gyfer dadansoddwyr y mae'r dudalen hon."
    ]
