"""Cases that are made of the library, by rules."""

from __future__ import annotations

from pathlib import Path

from eval.cases.case import CasesError, write_cases
from eval.cases.making.generate import generate_cases
from eval.ui.measured.work import Work
from ingest.library import Library


class MakeWork(Work):
    """The making of a file of cases: all of it or nothing."""

    def __init__(self, path: Path, count: int, seed: int, library: Library) -> None:
        super().__init__(path.stem)
        self.path = path
        self.total = count
        self._seed = seed
        self._library = library

    def work(self) -> None:
        """Make the cases and write them. Raises GenerationError, CasesError."""
        made = generate_cases(self._library, self.total, seed=self._seed, on_case=self._note)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CasesError(f"{self.path.parent} cannot be made: {error.strerror}.") from error
        write_cases(self.path, made.cases)

    def _note(self) -> None:
        self.check_cancelled()
        self.finished += 1
