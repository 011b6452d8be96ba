"""How long people wait for the first words when many ask the page at once.

    python -m benchmarks.people_at_once --people 20 --questions 5

Starts ``citebound chat`` on the handbook and lets each person do what a browser does: open a web
socket, draw the page, put a question, look at the answer as often as the page asks for, wait a
while, put the next one. Each step goes over the real protocol of Streamlit's page; only drawing is
left out, so that the people cost little beside the server. Prints a table for docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.typing import Subprotocol

from app import sample
from ingest.settings import cache_folder
from tests.e2e.chat_server import chat_variables, free_port, run_ingest, serve_chat

QUESTIONS = (
    "What is the difference between LoRA and QLoRA?",
    "What does a reranker do?",
    "What is quantization?",
    "What is a context window?",
    "What does temperature do?",
    "How does retrieval-augmented generation work?",
    "What is a system prompt?",
    "What is BM25?",
    "What is few-shot prompting?",
    "What is chain of thought?",
)

MOST_SECONDS = 60.0  # for one answer; who waits longer counts as an error


@dataclass
class Waited:
    """Seconds of one person: for the page, for first words, for whole answers; and what failed."""

    page: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Visitor:
    """One person's page: what the server draws is followed, and widgets are used."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.box = ""  # the widget that takes questions
        self.fragments: dict[str, float] = {}  # that want to be drawn again, and when
        self.answers: dict[str, dict[str, Any]] = {}  # what the page shows of each
        self.exceptions: list[str] = []

    async def draw(self, *, fragment: str = "", question: str = "") -> None:
        """Have the page, or a fragment of it, drawn; a question is put first."""
        message = BackMsg()
        message.rerun_script.SetInParent()
        if fragment:
            message.rerun_script.fragment_id = fragment
            message.rerun_script.is_auto_rerun = True
        elif question:
            state = message.rerun_script.widget_states.widgets.add()
            state.id = self.box
            state.chat_input_value.data = question
        await self.socket.send(message.SerializeToString())

    async def follow(self, seconds: float) -> bool:
        """Take in one message, or draw a fragment whose time has come; False on silence."""
        now = time.monotonic()
        for fragment, due in list(self.fragments.items()):
            if due <= now:
                self.fragments[fragment] = now + 0.25
                await self.draw(fragment=fragment)
        try:
            raw = await asyncio.wait_for(self.socket.recv(), min(seconds, 0.05))
        except TimeoutError:
            return False
        message = ForwardMsg.FromString(raw if isinstance(raw, bytes) else raw.encode())
        self._note(message)
        return bool(message.WhichOneof("type") == "script_finished")

    def _note(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "auto_rerun":
            rerun = message.auto_rerun
            self.fragments[rerun.fragment_id] = time.monotonic() + rerun.interval
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self.fragments.pop(fragment, None)
        elif kind == "delta":
            element = message.delta.new_element
            drawn = element.WhichOneof("type")
            if drawn == "chat_input":
                self.box = element.chat_input.id
            elif drawn == "exception":
                self.exceptions.append(element.exception.message)
            elif drawn == "bidi_component" and element.bidi_component.json:
                data = json.loads(element.bidi_component.json)
                if "lines" in data:
                    self.answers[element.bidi_component.id] = data
                    if not data["running"]:
                        self.fragments.clear()


async def visit(address: str, questions: int, pause: float, chance: random.Random) -> Waited:
    """One person: opens the page, asks, reads, asks again."""
    waited = Waited()
    await asyncio.sleep(chance.uniform(0, pause))
    url = f"{address.replace('http', 'ws')}/_stcore/stream"
    async with websockets.connect(
        url, subprotocols=[Subprotocol("streamlit")], max_size=None
    ) as socket:
        visitor = Visitor(socket)
        started = time.monotonic()
        await visitor.draw()
        while not (await visitor.follow(1.0) and visitor.box):
            if time.monotonic() - started > MOST_SECONDS:
                waited.errors.append("the page was not drawn")
                return waited
        waited.page.append(time.monotonic() - started)
        for number in range(questions):
            await ask(visitor, chance.choice(QUESTIONS), number, waited)
            await read(visitor, chance.uniform(0.5 * pause, 1.5 * pause))
        waited.errors += visitor.exceptions
    return waited


async def ask(visitor: Visitor, question: str, number: int, waited: Waited) -> None:
    """Put a question; how long until its first words, and until it was whole."""
    started = time.monotonic()
    await visitor.draw(question=question)
    first = None
    while time.monotonic() - started < MOST_SECONDS:
        await visitor.follow(1.0)
        answers = list(visitor.answers.values())
        if len(answers) <= number:
            continue
        last = answers[-1]
        if first is None and last["lines"]:
            first = time.monotonic() - started
            waited.first.append(first)
        if not last["running"]:
            waited.whole.append(time.monotonic() - started)
            return
    waited.errors.append(f"no answer within {MOST_SECONDS:.0f} s")


async def read(visitor: Visitor, seconds: float) -> None:
    """Do nothing for a while but what the page asks for."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        await visitor.follow(1.0)


async def visit_together(address: str, people: int, questions: int, pause: float) -> list[Waited]:
    """All people at once."""
    chances = [random.Random(number) for number in range(people)]
    return await asyncio.gather(*(visit(address, questions, pause, one) for one in chances))


def lines_of(waited: list[Waited]) -> Iterator[str]:
    """The table."""
    yield "| waited for | n | p50 | p95 | longest |"
    yield "|---|---|---|---|---|"
    for name, seconds in (
        ("the page", [s for one in waited for s in one.page]),
        ("the first words", [s for one in waited for s in one.first]),
        ("the whole answer", [s for one in waited for s in one.whole]),
    ):
        if len(seconds) > 1:
            p95 = statistics.quantiles(seconds, n=20)[-1]
            yield (
                f"| {name} | {len(seconds)} | {statistics.median(seconds):.2f} s | {p95:.2f} s "
                f"| {max(seconds):.2f} s |"
            )
    errors = [error for one in waited for error in one.errors]
    yield ""
    yield f"{len(errors)} errors" + (f": {errors[0]}" if errors else "")


def main() -> int:
    """Run it; 1 where anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--questions", type=int, default=5, help="that each person asks")
    parser.add_argument("--pause", type=float, default=10.0, help="seconds between two, about")
    parser.add_argument("--address", help="of a page that is served already")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        waited = run(options, Path(name))
    print("\n".join(lines_of(waited)))
    return 1 if any(one.errors for one in waited) else 0


def run(options: argparse.Namespace, folder: Path) -> list[Waited]:
    """Serve the handbook, unless an address was given, and let people ask it."""
    ask_them = (options.people, options.questions, options.pause)
    if options.address:
        return asyncio.run(visit_together(options.address, *ask_them))
    os.environ.setdefault("CITEBOUND_CACHE", str(cache_folder()))
    variables = chat_variables(folder, ollama_url=f"http://127.0.0.1:{free_port()}")
    run_ingest(sample.FOLDER, variables)
    with serve_chat(folder, variables) as address:
        asyncio.run(visit_together(address, 1, 1, 0.0))  # so that all is loaded
        return asyncio.run(visit_together(address, *ask_them))


if __name__ == "__main__":
    sys.exit(main())
