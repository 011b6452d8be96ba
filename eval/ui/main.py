"""The page: which pages there are, and what all of them share.

Run for each visitor by ``page_server.py``. The worker processes that read an upload import this
file as well, so nothing happens, and nothing heavy is imported, unless it is run as the page.
"""

from __future__ import annotations


def main() -> None:
    """Set the page up and run the part of it that was chosen."""
    import streamlit as st

    from app.ui import pages
    from app.ui.page_icon import page_icon
    from app.ui.person import require_sign_in

    st.set_page_config("Citebound", page_icon=page_icon(), layout="centered")
    require_sign_in()
    shown = [
        st.Page(pages.CHAT, title="Chat", icon=":material/forum:", url_path="chat", default=True),
        st.Page(
            pages.LIBRARY,
            title="Library",
            icon=":material/library_books:",
            url_path="library",
        ),
        st.Page(pages.MODELS, title="Models", icon=":material/deployed_code:", url_path="models"),
        st.Page(pages.DOCTOR, title="Doctor", icon=":material/stethoscope:", url_path="doctor"),
    ]
    st.navigation(shown).run()


if __name__ == "__main__":
    main()
