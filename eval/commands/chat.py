"""The command ``citebound chat``: here, since the page shows what eval has measured as well."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ingest.cli import library_option

PAGE = Path(__file__).parents[1] / "ui" / "page_server.py"


@click.command("chat")
@library_option
@click.option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="Where others reach the page, such as 0.0.0.0; people have to sign in then.",
)
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535))
@click.option("--open/--no-open", "open_browser", default=True, help="Open the page in a browser.")
def chat_command(library: str | None, host: str, port: int, open_browser: bool) -> None:
    """Open the chat page, on this machine or for people who sign in."""
    from app.serve import serve_page

    sys.exit(serve_page(PAGE, host=host, port=port, library=library, open_browser=open_browser))
