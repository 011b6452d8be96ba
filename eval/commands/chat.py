"""The command ``citebound chat``: here, since the page shows what eval has measured as well."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ingest.cli import library_option

MAIN_PAGE = Path(__file__).parents[1] / "ui" / "main.py"


@click.command("chat")
@library_option
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535))
@click.option("--open/--no-open", "open_browser", default=True, help="Open the page in a browser.")
def chat_command(library: str | None, port: int, open_browser: bool) -> None:
    """Open the chat page on this machine."""
    from app.serve import serve_page

    sys.exit(serve_page(MAIN_PAGE, library=library, port=port, open_browser=open_browser))
