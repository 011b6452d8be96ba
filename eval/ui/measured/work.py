"""Long work that goes on in a thread of its own, whatever the page does meanwhile."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from typing import Literal

from ingest.errors import CiteboundError
from prompts.template import PromptError

State = Literal["running", "ending", "done", "failed", "cancelled"]

logger = logging.getLogger(__name__)


class Cancelled(Exception):
    """The work was cancelled."""


class Work(ABC):
    """How far a piece of work is and, in the end, why it is not done, if it is not.

    ``total`` is 0 until it is known.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.finished = 0
        self.total = 0
        self.error: str | None = None
        self._cancelled = threading.Event()
        self._over = threading.Event()

    @property
    def state(self) -> State:
        """Where the work stands."""
        if not self._over.is_set():
            return "ending" if self._cancelled.is_set() else "running"
        if self.error is not None:
            return "failed"
        return "cancelled" if self._cancelled.is_set() else "done"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self._over.is_set()

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._run, daemon=True).start()

    def cancel(self) -> None:
        """End soon."""
        self._cancelled.set()

    @abstractmethod
    def work(self) -> None:
        """Do it. Raises Cancelled, or what says why it cannot be done."""

    def check_cancelled(self) -> None:
        """Raises Cancelled where it was."""
        if self._cancelled.is_set():
            raise Cancelled

    def _run(self) -> None:
        try:
            self.work()
        except Cancelled:
            pass
        except (CiteboundError, PromptError) as error:
            self.error = str(error)
        except Exception as error:
            logger.exception("work of the page failed")
            self.error = f"This failed in an unforeseen way ({type(error).__name__}: {error})."
        finally:
            self._over.set()
