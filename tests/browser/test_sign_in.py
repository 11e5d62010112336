"""Signing in at a real provider of OpenID Connect, in a real browser: who sees what, and what is refused."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import BrowserContext, Page, expect
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

import dashboard as frame
from tests.browser.conftest import free_port
from tests.browser.menu import go, headings, menu
from tests.pages.test_gate import OWN

pytestmark = pytest.mark.browser

SECONDS = 30_000
COOKIE = "_streamlit_user"
SECRET = "only for this test, and as long as one has to be"
WALES = "W92000004"
LISTED = [page for pages in frame.sections().values() for page in pages]
PEOPLE = {
    "ana": {"name": "Ana Example", "roles": ["analyst", "admin"]},
    "wyn": {"name": "Wyn Example", "roles": "analyst", "areas": [WALES]},
    "pat": {"name": "Pat Example", "roles": ["partner"], "areas": [WALES]},
    "pip": {"name": "Pip Example", "roles": ["public"]},
    "king": {"name": "King", "roles": ["king"]},
    "nobody": {"name": "Nobody"},
    "odd": {"name": "Odd", "roles": ["partner"], "areas": {"all": True}},
    "old": {"name": "Old", "roles": ["analyst"], "iat": 1_600_000_000},
}


@dataclass(frozen=True)
class Served:
    """A dashboard behind a sign-in."""

    address: str

    def cookie(self, secret: str = SECRET, **claims: Any) -> dict[str, Any]:
        """The cookie of a sign-in as Streamlit writes it, signed with a secret."""
        said = {"iat": time.time(), "origin": self.address, "is_logged_in": True, "provider": "default", **claims}
        value = create_signed_value(secret, COOKIE, json.dumps(said)).decode()
        return {"name": COOKIE, "value": value, "url": self.address}


@pytest.fixture(scope="module")
def serve(start: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Served]]:
    """Start a fresh dashboard behind one provider."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with run_server_in_thread(user_claims=[User(sub=sub, claims=claims) for sub, claims in PEOPLE.items()]) as provider:

        def fresh() -> Served:
            port = free_port()
            secrets = tmp_path_factory.mktemp("secrets") / "secrets.toml"
            secrets.write_text(
                f"""[auth]
                redirect_uri = "http://localhost:{port}/oauth2callback"
                cookie_secret = "{SECRET}"
                client_id = "hatecrime"
                client_secret = "none"
                server_metadata_url = "http://localhost:{provider.server_port}/.well-known/openid-configuration"
                """,
                encoding="utf-8",
            )
            return served(start, port, secrets)

        yield fresh


def served(start: Callable[..., str], port: int, secrets: Path) -> Served:
    # The provider sends people back to localhost, and a cookie belongs to the name it was set for.
    return Served(start(port=port, options=("--secrets.files", str(secrets))).replace("127.0.0.1", "localhost"))


@pytest.fixture(scope="module")
def shut(serve: Callable[[], Served]) -> Served:
    """One dashboard for all tests that do not need a fresh one."""
    return serve()


def sign_in(page: Page, address: str, who: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name=who, exact=True).click()


def is_asked_to_sign_in(page: Page) -> None:
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible(timeout=SECONDS)
    expect(headings(page)).to_have_count(0)
    expect(page.get_by_text("SYNTHETIC")).to_have_count(0)


def sign_out(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(name)).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("End session").first).to_be_visible(timeout=SECONDS)


@pytest.mark.parametrize("who", ["ana", "wyn", "pat", "pip"])
def test_each_role_signs_in_and_finds_its_own_pages_and_its_own_areas(shut: Served, page: Page, who: str) -> None:
    sign_in(page, shut.address, who)
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=SECONDS)
    claims = PEOPLE[who]
    role = claims["roles"] if isinstance(claims["roles"], str) else claims["roles"][0]
    limited = bool(claims.get("areas"))
    own = OWN[role] - ({"data", "quality"} if limited else set())
    assert [name for name, _address in menu(page)] == [each.title for each in LISTED if each.name in own]
    shown = page.get_by_test_id("stSidebar")
    expect(shown).to_contain_text(f"{claims['name']} · {role}")
    area = shown.get_by_test_id("stSelectbox").first.locator("input")
    area.click()
    expect(page.get_by_role("option").first).to_be_visible(timeout=SECONDS)
    area.fill("Trafford")
    expect(page.get_by_role("option", name=re.compile("^Trafford"))).to_have_count(0 if limited else 1, timeout=SECONDS)


@pytest.mark.parametrize("role", ["analyst", "partner", "public"])
def test_every_page_opens_or_is_refused_by_deep_link_on_a_process_of_its_own(
    serve: Callable[[], Served], context: BrowserContext, role: str
) -> None:
    """And no page needs anything that the content policy forbids."""
    fresh, forbidden = serve(), []
    visits = []
    context.add_cookies([fresh.cookie(sub="a", name="A", roles=[role])])
    for listed in LISTED:
        page = context.new_page()
        page.on("console", lambda message: forbidden.append(message.text) if "Content Sec" in message.text else None)
        page.goto(f"{fresh.address}/{listed.name}", wait_until="commit")
        visits.append((listed, page))
    for listed, page in visits:
        if listed.name in OWN[role]:
            expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=SECONDS)
            expect(page.get_by_text("This page is for")).to_have_count(0)
        else:
            expect(page.get_by_role("heading", name=re.compile("^This page is for"))).to_be_visible(timeout=SECONDS)
            expect(page.get_by_role("heading", level=1)).to_have_count(0)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        page.close()
    assert forbidden == []


def test_after_signing_in_one_is_where_one_wanted_to_go(shut: Served, page: Page) -> None:
    sign_in(page, f"{shut.address}/trends?area=W06000015", "wyn")
    expect(page.get_by_role("heading", level=1)).to_contain_text("rising", timeout=SECONDS)
    area = page.get_by_test_id("stSidebar").get_by_test_id("stSelectbox").first.locator("input")
    expect(area).to_have_value(re.compile("Cardiff"))


def test_after_signing_out_going_back_shows_nothing(shut: Served, page: Page) -> None:
    sign_in(page, f"{shut.address}/trends", "ana")
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=SECONDS)
    sign_out(page, "Ana Example")
    page.go_back()
    is_asked_to_sign_in(page)
    page.goto(f"{shut.address}/hotspots")
    is_asked_to_sign_in(page)


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("king", "a role that this dashboard does not know"),
        ("nobody", "No role is given"),
        ("odd", "not a list of area"),
    ],
)
def test_forged_and_missing_claims_are_refused_in_words(shut: Served, page: Page, who: str, why: str) -> None:
    sign_in(page, f"{shut.address}/hotspots", who)
    expect(page.get_by_role("heading", name="Your sign-in gives no access here.")).to_be_visible(timeout=SECONDS)
    expect(page.get_by_text(why)).to_be_visible()
    expect(page.get_by_text("SYNTHETIC")).to_have_count(0)


def test_saying_no_at_the_provider_is_said_in_words(shut: Served, page: Page) -> None:
    sign_in(page, shut.address, "Deny")
    expect(page.get_by_text("The sign-in did not succeed.")).to_be_visible(timeout=SECONDS)
    is_asked_to_sign_in(page)


def test_an_old_sign_in_is_made_again(shut: Served, page: Page) -> None:
    sign_in(page, shut.address, "old")
    expect(page.get_by_text("Your sign-in has ended. Sign in again.")).to_be_visible(timeout=SECONDS)
    is_asked_to_sign_in(page)


def test_a_sign_in_that_ends_during_a_visit_ends_it(shut: Served, context: BrowserContext, page: Page) -> None:
    nearly = time.time() - 10 * 3600 + 6
    context.add_cookies([shut.cookie(sub="a", roles=["analyst"], iat=nearly)])
    page.goto(f"{shut.address}/method")
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=SECONDS)
    page.wait_for_timeout(max(0, nearly + 10 * 3600 + 0.5 - time.time()) * 1000)
    go(page, "Spot", "Trends")
    expect(page.get_by_text("Your sign-in has ended. Sign in again.")).to_be_visible(timeout=SECONDS)
    is_asked_to_sign_in(page)


class TestCookies:
    def test_a_cookie_signed_with_another_secret_signs_nobody_in(
        self, shut: Served, context: BrowserContext, page: Page
    ) -> None:
        context.add_cookies([shut.cookie(secret="x" * 40, sub="a", roles=["analyst"])])
        page.goto(f"{shut.address}/hotspots")
        is_asked_to_sign_in(page)

    def test_a_cookie_made_for_another_site_signs_nobody_in(
        self, shut: Served, context: BrowserContext, page: Page
    ) -> None:
        context.add_cookies([shut.cookie(sub="a", roles=["analyst"], origin="http://elsewhere.example")])
        page.goto(f"{shut.address}/hotspots")
        is_asked_to_sign_in(page)

    @pytest.mark.parametrize("at", [0.3, 0.95])
    def test_a_cookie_that_was_edited_signs_nobody_in(
        self, shut: Served, context: BrowserContext, page: Page, at: float
    ) -> None:
        sign_in(page, f"{shut.address}/method", "pat")
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=SECONDS)
        found = next(each for each in context.cookies() if each["name"] == COOKIE)
        value = found["value"]
        place = int(len(value) * at)
        context.add_cookies(
            [{**found, "value": value[:place] + ("A" if value[place] != "A" else "B") + value[place + 1 :]}]
        )
        page.reload()
        is_asked_to_sign_in(page)

    def test_no_script_reads_a_sign_in_and_no_other_site_sends_it(
        self, shut: Served, context: BrowserContext, page: Page
    ) -> None:
        sign_in(page, f"{shut.address}/method", "pip")
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=SECONDS)
        kept = [each for each in context.cookies() if each["name"].startswith((COOKIE, "hatecrime"))]
        assert {each["name"] for each in kept} >= {COOKIE, "hatecrime_back"}
        assert all(each["httpOnly"] and each["sameSite"] == "Lax" for each in kept)
        assert COOKIE not in page.evaluate("document.cookie")


class TestAddress:
    @pytest.mark.parametrize(
        ("role", "wanted"), [("partner", "quality?view=Analyst&area=all"), ("public", "data?lang=cy&view=analyst")]
    )
    def test_a_partner_gets_no_page_of_analysts_by_the_address(
        self, shut: Served, context: BrowserContext, page: Page, role: str, wanted: str
    ) -> None:
        context.add_cookies([shut.cookie(sub="a", roles=[role])])
        page.goto(f"{shut.address}/{wanted}")
        said = re.compile("This page is for analysts.|Ar gyfer dadansoddwyr y mae'r dudalen hon.")
        expect(page.get_by_role("heading", name=said)).to_be_visible(timeout=SECONDS)
        expect(page.get_by_role("heading", level=1)).to_have_count(0)

    @pytest.mark.parametrize("area", ["Trafford", "all"])
    def test_an_area_outside_the_scope_is_not_taken_from_the_address(
        self, shut: Served, context: BrowserContext, page: Page, area: str
    ) -> None:
        context.add_cookies([shut.cookie(sub="a", roles=["analyst"], areas=[WALES])])
        page.goto(f"{shut.address}/quarterly?area={area}")
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=SECONDS)
        shown = page.get_by_test_id("stSidebar").get_by_test_id("stSelectbox").first.locator("input")
        expect(shown).to_have_value(re.compile("Wales"))
        # Nothing of it is shown but what was asked for.
        expect(page.get_by_text("Trafford").filter(has_not_text="The address asks for")).to_have_count(0)

    def test_an_analyst_looks_as_a_partner_and_back(self, shut: Served, context: BrowserContext, page: Page) -> None:
        context.add_cookies([shut.cookie(sub="a", roles=["analyst"])])
        page.goto(f"{shut.address}/?view=partner")
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=SECONDS)
        assert [name for name, _address in menu(page)] == [each.title for each in LISTED if each.name in OWN["partner"]]
        page.get_by_role("radio", name="Analyst").first.click()
        expect(headings(page).filter(has_text="Spot")).to_be_visible(timeout=SECONDS)
        go(page, "Spot", "Hotspots")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Where is most", timeout=SECONDS)


def test_files_are_not_given_and_not_taken_without_a_sign_in(shut: Served, context: BrowserContext) -> None:
    assert context.request.get(f"{shut.address}/media/anything.csv").status == 403
    assert context.request.put(f"{shut.address}/_stcore/upload_file/a/b").status == 403
    context.add_cookies([shut.cookie(sub="a", roles=["partner"])])
    assert context.request.get(f"{shut.address}/media/anything.csv").status == 404
    assert context.request.put(f"{shut.address}/_stcore/upload_file/a/b").status == 403
