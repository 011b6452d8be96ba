"""One HTML file that needs nothing else: its style and script are inside, and no others may run."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from eval.reports.plain import as_html
from ingest.errors import CiteboundError

FILES = ("page.css", "page.js")


class ReportError(CiteboundError):
    """A report that cannot be written."""


def page(title: str, body: Iterable[str]) -> Iterator[str]:
    """The parts of a page; ``body`` is HTML.

    Its policy names style and script by their hashes, so that nothing else runs or is loaded, even
    if a text got through unescaped.
    """
    style, script = (Path(__file__).with_name(name).read_text("utf8") for name in FILES)
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{as_html(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
    )
    yield from body
    yield f"<script>{script}</script>\n</body>\n</html>\n"


def write_text(path: Path, parts: Iterable[str]) -> None:
    """Write parts to a file as they come. Raises ReportError where the disk does not let it."""
    try:
        with path.open("w", encoding="utf8", newline="\n") as file:
            file.writelines(parts)
    except OSError as error:
        raise ReportError(f"The report {path} cannot be written: {error.strerror}.") from error


def facts(pairs: Iterable[tuple[str, str, str]]) -> str:
    """A list of what is known: name, value, and a smaller line below it; plain texts."""
    rows = (
        f"<div><dt>{as_html(name)}</dt><dd>{as_html(value)}"
        f"{f'<small>{as_html(more)}</small>' if more else ''}</dd></div>"
        for name, value, more in pairs
    )
    return f'<dl class="facts">{"".join(rows)}</dl>\n'


def table(head: Iterable[str], rows: Iterable[str]) -> str:
    """A table of rows of HTML that can be moved sideways where the screen is narrow."""
    return (
        f'<div class="scroll"><table><thead><tr>{"".join(head)}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>\n"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
