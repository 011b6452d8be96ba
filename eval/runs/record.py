"""One finished case of a run: what was asked, what came, and its scores; a line of JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from eval.cases import Case
from eval.metrics.score import Score


@dataclass(frozen=True)
class CaseRecord:
    """A case under one setting of a run.

    ``key`` is the hash of all that the answer depends on. ``answer`` is what ``answer_to_json``
    gives, None where the model failed, and then ``error`` is the sentence that says why.
    """

    key: str
    setting: str
    case: Case
    answer: dict[str, Any] | None
    error: str
    scores: dict[str, Score]

    def to_line(self) -> str:
        """The record as one line of JSON."""
        return json.dumps(
            {
                "key": self.key,
                "setting": self.setting,
                "case": self.case.model_dump(mode="json"),
                "answer": self.answer,
                "error": self.error,
                "scores": {name: asdict(score) for name, score in self.scores.items()},
            },
            allow_nan=False,
        )


def read_record(line: str) -> CaseRecord:
    """A record from its line. Raises ValueError or KeyError where it is not one."""
    row = json.loads(line)
    return CaseRecord(
        key=row["key"],
        setting=row["setting"],
        case=Case.model_validate(row["case"]),
        answer=row["answer"],
        error=row["error"],
        scores={name: Score(**score) for name, score in row["scores"].items()},
    )
