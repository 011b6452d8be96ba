"""A model that Ollama fetches; it goes on whatever the page does meanwhile."""

from __future__ import annotations

import logging
import threading
from contextlib import closing
from typing import Literal

from app.models.model import ModelError
from app.models.ollama import PullProgress, pull_model
from app.settings import AnswerSettings

State = Literal["running", "done", "failed", "cancelled"]

logger = logging.getLogger(__name__)


class Pull:
    """One pull: how far it is and, in the end, whether the model is there or why not."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.progress = PullProgress("asking", 0, 0)
        self.error: str | None = None
        self._done = False
        self._over = threading.Event()

    @property
    def state(self) -> State:
        """Where the pull stands."""
        if not self._over.is_set():
            return "running"
        if self._done:
            return "done"
        return "failed" if self.error is not None else "cancelled"

    def start(self, settings: AnswerSettings) -> None:
        """Begin, in a thread of its own."""
        threading.Thread(target=self._run, args=(settings,), daemon=True).start()

    def cancel(self) -> None:
        """End now; Ollama hears of it before it says the next thing."""
        self._over.set()

    def _run(self, settings: AnswerSettings) -> None:
        try:
            with closing(pull_model(self.name, settings)) as steps:
                for step in steps:
                    if self._over.is_set():
                        return
                    self.progress = step
            self._done = True
        except ModelError as error:
            self._fail(str(error))
        except Exception as error:
            logger.exception("a pull failed")
            self._fail(f"The pull failed in an unforeseen way ({type(error).__name__}: {error}).")
        finally:
            self._over.set()

    def _fail(self, error: str) -> None:
        if not self._over.is_set():  # what fails after it was cancelled concerns nobody
            self.error = error
