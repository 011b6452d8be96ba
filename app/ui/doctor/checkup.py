"""All checks as they go on, in a thread of their own, whatever the page does meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from datetime import datetime

from app.doctor.examination import Check, examine
from app.doctor.finding import Finding, State

logger = logging.getLogger(__name__)


class Checkup:
    """What was found so far, and what is being done just now."""

    def __init__(self, checks: Sequence[Check], *, port: int) -> None:
        self.checks = checks
        self.port = port
        self.findings: list[Finding] = []
        self.doing = ""
        self.error: str | None = None
        self.begun = datetime.now()
        self.seconds = 0.0
        self._over = threading.Event()

    @property
    def is_running(self) -> bool:
        """Whether more is to come."""
        return not self._over.is_set()

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        return min(1.0, len(self.findings) / len(self.checks))

    def of_state(self, state: State) -> list[Finding]:
        """What was found so far with this outcome, in order."""
        return [finding for finding in self.findings if finding.state == state]

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        started = time.monotonic()
        try:
            for finding in examine(port=self.port, checks=self.checks, on_check=self._note):
                self.findings.append(finding)
        except Exception as error:
            logger.exception("the checks failed")
            self.error = (
                f"The checks failed in an unforeseen way ({type(error).__name__}: {error})."
            )
        finally:
            self.seconds = time.monotonic() - started
            self._over.set()

    def _note(self, name: str) -> None:
        self.doing = name


# The last one alone, not in a cache of Streamlit, which whoever reaches the page can have cleared:
# it outlives a page that is loaded anew, and all admins see the same.
CHECKUPS: list[Checkup] = []
