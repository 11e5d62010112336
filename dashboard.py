"""The frame of every page: language, navigation, snapshot, shared filters; then the page itself."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.pages_manager import PagesManager
from streamlit.starlette import App

from hatecrime.i18n import _
from hatecrime.ui import frame
from hatecrime.ui.session import opened


def draw() -> None:
    """One run of the dashboard, from the first control to the foot of the page."""
    st.set_page_config(page_title="Hate crime", page_icon=frame.ICON, layout="wide")
    frame.freeze()
    head = frame.speak()
    st.set_page_config(page_title=_("Hate crime"))
    page = st.navigation(sections(), expanded=True)
    with opened(frame.open_session(head)):
        frame.run(page)


def sections() -> dict[str, list[StreamlitPage]]:
    """Every page, in the order in which people use them."""
    return {
        _("Spot"): [
            st.Page("pages/spot/overview.py", title=_("Overview"), icon=":material/dashboard:", default=True),
            st.Page("pages/spot/hotspots.py", title=_("Hotspots"), icon=":material/map:"),
            st.Page("pages/spot/trends.py", title=_("Trends"), icon=":material/show_chart:"),
        ],
        _("Support"): [
            st.Page("pages/support/referrals.py", title=_("Referrals"), icon=":material/handshake:"),
        ],
        _("Review"): [
            st.Page("pages/review/centres.py", title=_("Reporting centres"), icon=":material/storefront:"),
        ],
        _("Report"): [
            st.Page("pages/report/quarterly.py", title=_("Quarterly"), icon=":material/table_chart:"),
        ],
        _("About"): [
            st.Page("pages/about/data.py", title=_("Data"), icon=":material/database:"),
            st.Page("pages/about/quality.py", title=_("Quality"), icon=":material/fact_check:"),
            st.Page("pages/about/method.py", title=_("Method"), icon=":material/menu_book:"),
        ],
    }


if __name__ == "__main__":
    draw()
else:
    # `streamlit run` imports this module and serves `app`. A folder called pages/ would otherwise make Streamlit
    # treat the first visit of a fresh process in its old way, and answer a link to a page with "Page not found".
    PagesManager.uses_pages_directory = False
    app = App(__file__)
