"""How long the page takes from the command to the first answer, over several cold starts.

    python -m benchmarks.start --times 5

Starts ``citebound chat`` on the handbook in a fresh process each time, opens the page over its web
socket as soon as its port answers, asks at once, and prints seconds from the command on.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from pathlib import Path

import websockets
from websockets.typing import Subprotocol

from app import sample
from benchmarks.people_at_once import QUESTIONS, Visitor, Waited, ask
from ingest.settings import cache_folder
from tests.e2e.chat_server import chat_variables, free_port, run_ingest, serve_chat


async def open_and_ask(address: str, started: float) -> tuple[float, float]:
    """Seconds since ``started`` until the page is drawn, and until a question is answered."""
    url = f"{address.replace('http', 'ws')}/_stcore/stream"
    protocols = [Subprotocol("streamlit")]
    async with websockets.connect(url, subprotocols=protocols, max_size=None) as socket:
        visitor, waited = Visitor(socket), Waited()
        await visitor.draw()
        while not (await visitor.follow(1.0) and visitor.box):
            pass
        drawn = time.monotonic() - started
        await ask(visitor, QUESTIONS[0], 0, waited)
        if waited.errors:
            raise RuntimeError(waited.errors[0])
        return drawn, time.monotonic() - started


def main() -> None:
    """Print a row for each start, and the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    found: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.setdefault("CITEBOUND_CACHE", str(cache_folder()))
        variables = chat_variables(folder, ollama_url=f"http://127.0.0.1:{free_port()}")
        run_ingest(sample.FOLDER, variables)
        for _ in range(options.times):
            started = time.monotonic()
            with serve_chat(folder, variables) as address:
                found.append(asyncio.run(open_and_ask(address, started)))
            print("page {:.1f} s, first answer {:.1f} s".format(*found[-1]))
    pages, answers = zip(*found, strict=True)
    print(
        f"median: page {statistics.median(pages):.1f} s, answer {statistics.median(answers):.1f} s"
    )


if __name__ == "__main__":
    main()
