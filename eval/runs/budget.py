"""What a run may spend before it ends in good order."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from eval.runs.record import CaseRecord

STOPPED = "what it may spend, since it was cancelled,"


@dataclass
class Budget:
    """Seconds and tokens, None where there is no limit; the clock runs from when it is made.

    A case that has begun is finished, so a little more may be spent; unless all is stopped.
    """

    seconds: float | None = None
    tokens: int | None = None
    spent_tokens: int = 0
    started: float = field(default_factory=time.monotonic)
    stopped: threading.Event = field(default_factory=threading.Event)

    def spend(self, record: CaseRecord) -> None:
        """Count the tokens of a case that was just asked."""
        receipt = (record.answer or {}).get("receipt", {})
        self.spent_tokens += (receipt.get("prompt_tokens") or 0) + (
            receipt.get("answer_tokens") or 0
        )

    def stop(self) -> None:
        """Spend no more: not even on the cases that have begun, which are asked again later."""
        self.stopped.set()

    @property
    def spent(self) -> str:
        """What is used up, in words; empty while there is something left of all."""
        if self.stopped.is_set():
            return STOPPED
        if self.seconds is not None and time.monotonic() - self.started >= self.seconds:
            return f"{self.seconds:g} s"
        if self.tokens is not None and self.spent_tokens >= self.tokens:
            return f"{self.tokens:,} tokens"
        return ""
