"""One question and its answer as it comes; the answer goes on whatever the page does meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, cast

from app.events import (
    Answer,
    Ask,
    Claim,
    ClaimChecked,
    Composed,
    Done,
    Event,
    Found,
    Receipt,
    Step,
    Thought,
    Token,
    Understood,
    Withdrawn,
)
from app.models.hang_up import Calls
from ingest.errors import CiteboundError
from ingest.records import ExchangeState
from prompts.template import PromptError

if TYPE_CHECKING:
    from collections.abc import Generator

    from langchain_core.runnables import Runnable

KEPT_EVERY = 1.0  # seconds between two times that an answer which is coming is taken down

logger = logging.getLogger(__name__)


class Exchange:
    """A question, the text that has come so far and, in the end, the answer or an error.

    The chain runs in a thread of its own: Streamlit starts the page over at every click, and that
    must not end an answer. ``keep`` is called with the exchange now and then while its text grows,
    and when it is over.
    """

    def __init__(self, question: str, keep: Callable[[Exchange], None] = lambda _: None) -> None:
        self.question = question
        self.text = ""
        self.claims: tuple[Claim, ...] = ()  # the sentences that are complete and checked
        self.understood: Understood | None = None
        self.found: Found | None = None
        self.composed: Composed | None = None
        self.step: str | None = None  # what was done last on the way to the answer
        self.answer: Answer | None = None
        self.error: str | None = None
        self._keep = keep
        self._kept = time.monotonic()
        self._started = time.monotonic()
        self._over = threading.Event()
        self._calls = Calls()

    @property
    def state(self) -> ExchangeState:
        """Where the exchange stands."""
        if not self._over.is_set():
            return "running"
        if self.answer is not None:
            return "answered"
        return "failed" if self.error is not None else "stopped"

    @property
    def so_far(self) -> Answer | None:
        """What has come, with the passages that it cites; None before there is a prompt."""
        if self.composed is None:
            return None
        return Answer(
            question=self.question,
            standalone_question=self.understood.question if self.understood else self.question,
            text=self.text,
            steps=(),
            claims=self.claims,
            passages=self.composed.passages,
            receipt=Receipt(model="", strategy=""),
            refused=False,
        )

    @property
    def seconds(self) -> float:
        """The time since the question was asked."""
        return time.monotonic() - self._started

    def start(self, chain: Runnable[Ask, Event], ask: Ask) -> None:
        """Begin to answer."""
        threading.Thread(target=self._run, args=(chain, ask), daemon=True).start()

    def fail(self, error: Exception) -> None:
        """End with an error, told in one sentence."""
        self.error = str(error)
        self._end()

    def stop(self) -> None:
        """End now, the model server too; what has come stays."""
        self._over.set()
        self._calls.hang_up()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; whether it has come."""
        return self._over.wait(seconds)

    def _run(self, chain: Runnable[Ask, Event], ask: Ask) -> None:
        try:
            with (
                self._calls.made_here(),
                closing(cast("Generator[Event]", chain.stream(ask))) as events,
            ):
                for event in events:
                    if self._over.is_set():
                        return
                    self._note(event)
                    self._keep_now_and_then()
        except (CiteboundError, PromptError) as error:
            self._fail_unless_over(str(error))
        except Exception as error:
            logger.exception("an answer failed")
            self._fail_unless_over(
                f"The answer failed in an unforeseen way ({type(error).__name__}: {error})."
            )
        finally:
            self._end()

    def _fail_unless_over(self, error: str) -> None:
        if not self._over.is_set():  # what fails after it was stopped concerns nobody
            self.error = error

    def _end(self) -> None:
        self._over.set()
        try:
            self._keep(self)
        except CiteboundError as error:
            if self.error is None:
                self.error = f"The answer is not kept: {error}"

    def _keep_now_and_then(self) -> None:
        if time.monotonic() - self._kept >= KEPT_EVERY:
            self._kept = time.monotonic()
            try:
                self._keep(self)
            except CiteboundError as error:  # the answer goes on; its end is kept, or that is told
                logger.warning("a part of an answer is not kept: %s", error)

    def _note(self, event: Event) -> None:
        match event:
            case Understood():
                self.understood = event
            case Found():
                self.found = event
            case Composed():
                self.composed = event
            case Step(name):
                self.step = name
            case Thought():
                self.step = "thought"
            case Token(text):
                self.text += text
            case ClaimChecked(claim):
                self.claims = (*self.claims, claim)
            case Withdrawn():
                self.text, self.claims = "", ()
            case Done(answer):
                self.answer = answer
