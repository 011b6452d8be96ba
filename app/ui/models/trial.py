"""A short text that one model is sent, and what comes; it goes on whatever the page does."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from app.events import Message, Thought, Token
from app.models.choose import served_model
from app.models.hang_up import Calls
from app.models.model import Usage
from app.settings import AnswerSettings
from app.thought import THINK, separate_thought
from ingest.errors import CiteboundError

if TYPE_CHECKING:
    from collections.abc import Generator

State = Literal["running", "done", "failed", "stopped"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Speed:
    """Seconds to the first word and to the end; tokens as the server counted them, if it did."""

    seconds_to_first: float
    seconds: float
    words: int
    prompt_tokens: int | None
    answer_tokens: int | None

    @property
    def words_per_second(self) -> float | None:
        """How fast it wrote from the first word on; None for what came all at once."""
        writing = self.seconds - self.seconds_to_first
        return self.words / writing if writing > 0 else None


class Trial:
    """One text for one model, called ``KIND:NAME``: what has come, how fast, or why nothing."""

    def __init__(self, spec: str, said: str) -> None:
        self.spec = spec
        self.said = said
        self.text = ""
        self.thought = ""
        self.error: str | None = None
        self.speed: Speed | None = None
        self._started = time.monotonic()
        self._first: float | None = None
        self._over = threading.Event()
        self._calls = Calls()

    @property
    def state(self) -> State:
        """Where it stands."""
        if not self._over.is_set():
            return "running"
        if self.error is not None:
            return "failed"
        return "stopped" if self.speed is None else "done"

    @property
    def seconds(self) -> float:
        """The time since the text was sent."""
        return time.monotonic() - self._started

    def start(self, settings: AnswerSettings) -> None:
        """Send the text, in a thread of its own."""
        threading.Thread(target=self._run, args=(settings,), daemon=True).start()

    def stop(self) -> None:
        """End now, the server too."""
        self._over.set()
        self._calls.hang_up()

    def _run(self, settings: AnswerSettings) -> None:
        try:
            with self._calls.made_here():
                self._listen(settings)
        except CiteboundError as error:
            self._fail(str(error))
        except Exception as error:
            logger.exception("a trial failed")
            self._fail(f"It failed in an unforeseen way ({type(error).__name__}: {error}).")
        finally:
            self._over.set()

    def _listen(self, settings: AnswerSettings) -> None:
        model = served_model(self.spec, settings)
        messages = [Message("text" if model.is_base else "user", self.said)]
        usage = Usage(None, None, {}, cut_off=False)
        # A stream that is closed tells the server so.
        source = cast(
            "Generator[Token | Thought | Usage]", model.stream(messages, settings.sampling())
        )
        with closing(source):
            for piece in separate_thought(source, THINK):
                if self._over.is_set():
                    return
                if isinstance(piece, Usage):
                    usage = piece
                else:
                    self._note(piece)
        self._measure(usage)

    def _note(self, piece: Token | Thought) -> None:
        if self._first is None:
            self._first = self.seconds
        if isinstance(piece, Thought):
            self.thought += piece.text
        else:
            self.text += piece.text

    def _measure(self, usage: Usage) -> None:
        seconds = self.seconds
        self.speed = Speed(
            seconds_to_first=seconds if self._first is None else self._first,
            seconds=seconds,
            words=len(f"{self.thought} {self.text}".split()),
            prompt_tokens=usage.prompt_tokens,
            answer_tokens=usage.answer_tokens,
        )

    def _fail(self, error: str) -> None:
        if not self._over.is_set():  # what fails after it was stopped concerns nobody
            self.error = error
