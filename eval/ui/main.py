"""The page: which pages there are, and what all of them share.

Run for each visitor by ``page_server.py``. The worker processes that read an upload import this
file as well, so nothing happens, and nothing heavy is imported, unless it is run as the page.
"""

from __future__ import annotations

# Streamlit writes white on the dark page's light buttons as well, which cannot be read.
READABLE = """<style>
[data-testid^="stBaseButton-primary"] * { color: light-dark(#ffffff, #0e1117); }
</style>"""


def main() -> None:
    """Set the page up and run the part of it that was chosen."""
    import streamlit as st

    from app.ui import pages
    from app.ui.library.chosen import show_library_choice
    from app.ui.page_icon import page_icon
    from app.ui.person import current_person, require_sign_in
    from app.ui.warm_up import warm_up
    from eval.ui.pages import EVAL

    warming = warm_up()
    warming.imported.wait()
    # Before the navigation, whose icons would be fetched from elsewhere for the browser's tab.
    st.set_page_config("Citebound", page_icon=page_icon())
    require_sign_in()
    shown = {
        name: st.Page(path, title=name, icon=f":material/{icon}:", url_path=name.lower(),
                      default=name == "Chat")
        for name, path, icon in (
            ("Chat", pages.CHAT, "forum"),
            ("Library", pages.LIBRARY, "library_books"),
            ("Models", pages.MODELS, "deployed_code"),
            ("Prompts", pages.PROMPTS, "edit_note"),
            ("Eval", EVAL, "experiment"),
            ("Doctor", pages.DOCTOR, "stethoscope"),
            ("Handbook", pages.HANDBOOK, "menu_book"),
        )
    }  # fmt: skip
    if not current_person().admin:
        del shown["Eval"]
    page = st.navigation(list(shown.values()))
    # Here and not in a page, which would be drawn narrow first with each run.
    st.set_page_config(layout="wide" if page.title in pages.WIDE else "centered")
    st.html(READABLE)
    show_library_choice()
    page.run()
    warming.drawn.set()


if __name__ == "__main__":
    main()
