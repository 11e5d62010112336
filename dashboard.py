"""The frame of every page: language, navigation, snapshot, shared filters; then the page itself."""

import streamlit as st

from hatecrime.i18n import _
from hatecrime.ui import frame
from hatecrime.ui.session import opened

st.set_page_config(page_title="Hate crime", page_icon=frame.ICON, layout="wide")
frame.freeze()
head = frame.speak()

page = st.navigation(
    {
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
            st.Page("pages/about/method.py", title=_("Method"), icon=":material/menu_book:"),
        ],
    },
    expanded=True,
)

with opened(frame.open_session(head)):
    frame.run(page)
