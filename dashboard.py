"""The frame of every page: language, sign-in, navigation, snapshot, shared filters; then the page itself."""

from functools import partial

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager
from streamlit.starlette import App

from hatecrime.i18n import _
from hatecrime.ui import frame, geometry
from hatecrime.ui.answers import Headers, WayBack
from hatecrime.ui.doors import Doors, check_at_start
from hatecrime.ui.registry import ANALYSTS, EVERYONE, SHARED, Listed, Sections, is_own, keep_address, offered
from hatecrime.ui.session import opened
from hatecrime.ui.sign_in import signed_in


def draw() -> None:
    """One run of the dashboard, from the first control to the foot of the page."""
    st.set_page_config(page_title="Hate crime", page_icon=frame.ICON, layout="wide")
    frame.freeze()
    head = frame.speak()
    st.set_page_config(page_title=_("Hate crime"))
    user = signed_in(partial(keep_address, sections()))
    audience = frame.choose_audience(user)
    pages = sections()
    page = st.navigation(offered(pages, user, audience), position="top")
    with opened(frame.open_session(head, user, audience)):
        frame.run(page, is_own(page, pages, user, audience))


def sections() -> Sections:
    """Every page, in the order in which people use them, and who sees it."""
    return {
        _("Shared"): [
            Listed("pages/share/glance.py", _("At a glance"), ":material/visibility:", SHARED),
            Listed("pages/share/places.py", _("By place"), ":material/location_on:", SHARED),
            Listed("pages/share/support.py", _("Support"), ":material/volunteer_activism:", SHARED),
        ],
        _("Spot"): [
            Listed("pages/spot/overview.py", _("Overview"), ":material/dashboard:", ANALYSTS),
            Listed("pages/spot/hotspots.py", _("Hotspots"), ":material/map:", ANALYSTS),
            Listed("pages/spot/place.py", _("Place profile"), ":material/pin_drop:", ANALYSTS),
            Listed("pages/spot/unknown.py", _("Unknown hotspots"), ":material/travel_explore:", ANALYSTS),
            Listed("pages/spot/when.py", _("When"), ":material/schedule:", ANALYSTS),
            Listed("pages/spot/trends.py", _("Trends"), ":material/show_chart:", ANALYSTS),
        ],
        _("Support"): [
            Listed("pages/support/referrals.py", _("Referrals"), ":material/handshake:", ANALYSTS),
        ],
        _("Review"): [
            Listed("pages/review/centres.py", _("Reporting centres"), ":material/storefront:", ANALYSTS),
        ],
        _("Report"): [
            Listed("pages/report/quarterly.py", _("Quarterly"), ":material/table_chart:", ANALYSTS),
        ],
        _("About"): [
            Listed("pages/about/data.py", _("Data"), ":material/database:", ANALYSTS, by_area=False),
            Listed("pages/about/quality.py", _("Quality"), ":material/fact_check:", ANALYSTS, by_area=False),
            Listed("pages/about/method.py", _("Method"), ":material/menu_book:", EVERYONE),
            Listed("pages/about/data_protection.py", _("Data protection"), ":material/shield_person:", EVERYONE),
        ],
    }


if __name__ == "__main__":
    draw()
else:
    # `streamlit run` imports this module and serves `app`. A folder called pages/ would otherwise make Streamlit
    # treat the first visit of a fresh process in its old way, and answer a link to a page with "Page not found".
    PagesManager.uses_pages_directory = False
    check_at_start()
    middleware = [Middleware(Headers), Middleware(Doors), Middleware(WayBack)]
    app = App(__file__, routes=geometry.routes(), middleware=middleware)
