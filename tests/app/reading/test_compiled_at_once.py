"""Models that are compiled by several threads at once leave the process as it was."""

from __future__ import annotations

import locale
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.reading.reader import GRAPH
from ingest.graphs import compile_graph

THREADS = 4


def test_text_is_read_as_before_when_models_were_compiled_at_once(tmp_path: Path) -> None:
    before = locale.setlocale(locale.LC_CTYPE)
    locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    try:
        with ThreadPoolExecutor(THREADS) as threads:
            for number in range(THREADS):
                threads.submit(compile_graph, GRAPH, streams=1, cache=tmp_path / str(number))
        assert locale.setlocale(locale.LC_CTYPE) == "C.UTF-8"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
