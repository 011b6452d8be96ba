"""The server of the page: Streamlit's, and beside it what answers for a sign-in's cookie.

``citebound chat`` has Streamlit run this file, which has it run ``main.py`` for each visitor.
"""

from __future__ import annotations

from pathlib import Path

from starlette.middleware import Middleware
from streamlit import App

from app.people.cookie import session_route
from app.people.origin import OnlyOwnPages
from app.people.uploads import RefuseUploads
from app.ui.warm_up import warm_up

warm_up()

served = App(
    Path(__file__).with_name("main.py"),
    routes=[session_route()],
    middleware=[Middleware(OnlyOwnPages), Middleware(RefuseUploads)],
)
