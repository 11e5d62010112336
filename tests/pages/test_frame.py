"""The frame: what every page may rely on, whoever opens it and by whatever link."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from hatecrime.extracts.build import build
from hatecrime.settings import data_dir, root

TIMEOUT = 30
PAGES = sorted(path.relative_to(root()).as_posix() for path in (root() / "pages").glob("*/*.py"))


@pytest.fixture
def app(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.chdir(root())
    return AppTest.from_file(str(root() / "dashboard.py"), default_timeout=TIMEOUT)


def texts(app: AppTest) -> str:
    shown = [*app.title, *app.subheader, *app.markdown, *app.caption]
    html = [element.proto.body for element in app.get("html")]
    return "\n".join([element.value for element in shown] + html)


def choice(app: AppTest, key: str) -> object:
    return app.session_state[key]


def test_no_page_lies_directly_in_pages_where_it_would_bypass_the_frame() -> None:
    assert not list((root() / "pages").glob("*.py"))
    assert len(PAGES) >= 8


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_in_the_navigation(page: str) -> None:
    assert f'"{page}"' in (root() / "dashboard.py").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_fits_on_a_screen(page: str) -> None:
    assert len((root() / page).read_text("utf-8").splitlines()) <= 60


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opened_without_the_frame_shows_nothing(
    page: str, sample_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root())
    alone = AppTest.from_file(str(root() / page), default_timeout=TIMEOUT).run()
    assert not alone.exception
    assert [heading.value for heading in alone.subheader] == ["This page opens from the dashboard only."]
    assert not alone.get("vega_lite_chart") and not alone.dataframe and not alone.title


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_with_a_question_and_says_that_data_are_made_up(app: AppTest, page: str) -> None:
    if page.startswith("pages/share/"):
        app.query_params["view"] = "partner"
    app.run()
    app.switch_page(page).run()
    assert not app.exception
    assert len(app.title) == 1
    assert "SYNTHETIC" in texts(app)
    assert "Data to 31 March 2017" in texts(app)


def test_the_first_visit_shows_trafford_and_says_so(app: AppTest) -> None:
    app.run()
    assert choice(app, "area") == "E08000009"
    assert "Trafford" in texts(app)


def test_filters_stay_from_page_to_page(app: AppTest) -> None:
    app.run()
    app.multiselect(key="strand").set_value(["disability"]).run()
    app.selectbox(key="area").set_value("W92000004").run()
    app.switch_page("pages/spot/hotspots.py").run()
    app.switch_page("pages/spot/trends.py").run()
    assert choice(app, "strand") == ["disability"]
    assert choice(app, "area") == "W92000004"
    assert "Wales" in texts(app) and "Disability" in texts(app)


def test_changing_the_language_keeps_the_filters(app: AppTest) -> None:
    app.run()
    app.selectbox(key="area").set_value("W92000004").run()
    app.multiselect(key="strand").set_value(["religion"]).run()
    app.session_state["lang"] = "cy"
    app.run()
    assert choice(app, "area") == "W92000004"
    assert choice(app, "strand") == ["religion"]
    assert "Cymru" in texts(app) and "Crefydd" in texts(app)


@pytest.mark.parametrize(
    ("query", "area"),
    [({"area": "W92000004"}, "W92000004"), ({"area": "Cymru (cenedl neu ranbarth)"}, "W92000004")],
    ids=["code", "Welsh label"],
)
def test_a_link_opens_whatever_language_it_was_made_in(app: AppTest, query: dict[str, str], area: str) -> None:
    app.query_params.update(query)
    app.run()
    assert choice(app, "area") == area


@pytest.mark.parametrize("page", ["pages/spot/overview.py", "pages/spot/hotspots.py", "pages/spot/trends.py"])
@pytest.mark.parametrize(
    "query",
    [
        {"area": "'; drop table incident", "strand": "<script>", "kind": "nonsense"},
        {"from": "2016-13-45", "to": "never", "period": "dates"},
        {"level": "galaxy", "measure": "99", "place": "nowhere", "split": "x", "back": "-1"},
        {"lang": "xx", "show": "xx", "basis": "xx", "online": "xx"},
    ],
    ids=["filters", "dates", "controls", "settings"],
)
def test_nonsense_in_a_link_is_passed_over(app: AppTest, query: dict[str, str], page: str) -> None:
    app.query_params.update(query)
    app.run()
    app.switch_page(page).run()
    assert not app.exception
    assert len(app.title) == 1


def test_what_a_link_asks_for_and_is_not_offered_is_named_until_the_control_is_changed(app: AppTest) -> None:
    app.query_params.update({"area": "E99[x](http://y)", "strand": "<script>", "basis": "xx"})
    app.run()
    assert texts(app).count("is not offered; this is shown instead.") == 3
    assert "“E99\\[x\\](http\\://y)”" in texts(app)
    app.run()
    app.selectbox(key="area").set_value("W92000004").run()
    assert texts(app).count("is not offered; this is shown instead.") == 2


@pytest.mark.parametrize("day", ["2016-13-45", "never", "1066-10-14", "2099-01-01"])
def test_a_day_in_a_link_that_the_data_do_not_reach_is_named(app: AppTest, day: str) -> None:
    app.query_params.update({"from": day, "to": "2016-12-31"})
    app.run()
    assert not app.exception
    assert f"The address asks for “{day}”, which is not offered; this is shown instead." in texts(app)
    assert "1 April 2016 to 31 December 2016" in texts(app)


def test_a_meeting_sees_the_same_pages_larger_and_without_the_making_of(app: AppTest) -> None:
    app.run()
    analyst = len(app.expander)
    app.session_state["show"] = "meeting"
    app.run()
    assert not app.exception
    assert len(app.expander) < analyst


def test_a_fresh_clone_builds_the_sample_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root())
    monkeypatch.setenv("HATECRIME_STORE", str(tmp_path / "store"))
    app = AppTest.from_file(str(root() / "dashboard.py"), default_timeout=60).run()
    assert not app.exception
    assert len(list((tmp_path / "store").glob("hatecrime-*.duckdb"))) == 1
    assert len(app.title) == 1


def test_a_store_with_nothing_but_a_broken_file_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root())
    (tmp_path / "hatecrime-20170101-000000.duckdb").write_bytes(b"")
    monkeypatch.setenv("HATECRIME_STORE", str(tmp_path))
    app = AppTest.from_file(str(root() / "dashboard.py"), default_timeout=TIMEOUT).run()
    assert not app.exception
    assert [heading.value for heading in app.subheader] == ["There is no data to show."]
    assert not app.title


@pytest.fixture(scope="module")
def outlines_only(own_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose snapshot has a map and not one record."""
    folder = tmp_path_factory.mktemp("outlines")
    outline = data_dir() / "sample" / "trafford_district.geojson"
    listed = f'synthetic = true\n[[extract]]\nfile = "{outline}"\nmapping = "sample_areas"\n'
    (folder / "extracts.toml").write_text(listed, encoding="utf-8")
    build(folder, folder / "store")
    return folder / "store"


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_in_words_that_no_record_is_loaded(
    page: str, outlines_only: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root())
    monkeypatch.setenv("HATECRIME_STORE", str(outlines_only))
    app = AppTest.from_file(str(root() / "dashboard.py"), default_timeout=TIMEOUT)
    if page.startswith("pages/share/"):
        app.query_params["view"] = "partner"
    app.run()
    app.switch_page(page).run()
    assert not app.exception
    assert app.title
