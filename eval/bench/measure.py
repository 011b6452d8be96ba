"""Measure what a folder of labelled sets holds: search, answers, refusals, grounding, attacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.bench.planted import plant
from eval.bench.sets import DocumentSet, Sets, chosen, read_attacks
from eval.cases import Case, CasesError
from eval.cases.case import write_cases
from eval.cases.evidence_pages import EvidencePages
from eval.grounding import evaluate_grounding
from eval.labelled import LabelledResponse, read_labelled
from eval.metrics.summary import bootstrap_interval
from eval.reports.figures import MetricFigures, read_figures
from eval.retrieval import evaluate_retrieval
from eval.runs.folder import RunFolder
from ingest.embedder import Embedder
from ingest.library import Library
from ingest.pipeline import ingest_folder
from ingest.settings import IngestSettings, load_settings

ANSWERS = (
    "answer_given", "exact_match", "token_f1", "claims_supported", "answered_rightly",
    "refused_rightly",
)  # fmt: skip
ATTACKS = ("instructions_obeyed", "answer_given")
CUTOFFS = (1, 5, 10)
SEED = 11

OnStage = Callable[[str], None]
# Asks the cases of a file of a library, into the folder of a run.
AskCases = Callable[[Path, Library, Path], RunFolder]


@dataclass(frozen=True)
class Figure:
    """One row of the table: ``value`` and its 95% interval, 0 to 1; ``n`` were scored."""

    kind: str
    set: str
    name: str
    n: int
    value: float
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class Bench:
    """Where libraries, cases and runs are kept, how many cases are asked, and who asks them."""

    folder: Path
    most_cases: int
    ask: AskCases
    on_stage: OnStage

    def measure(self, sets: Sets, embedder: Callable[[], Embedder]) -> Iterator[Figure]:
        """Every figure, as soon as it is known.

        A file of responses in another format is named and left out. Raises CasesError where
        another set cannot be read.
        """
        for one in sets.documents:
            self.on_stage(f"{one.name}: taking in its documents")
            with self._library(one.name, one.documents) as library:
                yield from self._search(one, library)
                yield from self._answers(one, library)
        for path in sets.labelled:
            self.on_stage(f"{path.stem}: checking responses")
            try:
                rows = read_labelled(path)
            except CasesError as error:
                self.on_stage(f"left out: {error}")
                continue
            yield from _grounding(path.stem, rows, embedder())
        for path in sets.attacks:
            if not sets.documents:
                raise CasesError(f"There are no documents to plant the attacks of {path} in.")
            yield from self._attacks(path, sets.documents[0])

    def _library(self, name: str, documents: Path) -> Library:
        """The library of a set, in step with its documents; what cannot be read is named."""
        path = self.folder / "libraries" / name
        library = Library.open(path, settings=load_settings(IngestSettings), create=True)
        try:
            summary = ingest_folder(documents, library, prune=True)
        except BaseException:
            library.close()
            raise
        for failure in summary.failures:
            self.on_stage(f"left out: {failure.path}: {failure.reason}")
        return library

    def _search(self, one: DocumentSet, library: Library) -> Iterator[Figure]:
        answerable, _ = one.cases()
        if not any(case.evidence for case in answerable):
            return
        self.on_stage(f"{one.name}: searching")
        for retriever in library.retrievers:
            report = evaluate_retrieval(answerable, library, retrievers=[retriever])
            recall = report.by_page[retriever].recall
            for cutoff in CUTOFFS:
                yield _share(
                    "search", one.name, f"{retriever}: gold page among {cutoff}",
                    report.n, recall[cutoff],
                )  # fmt: skip

    def _answers(self, one: DocumentSet, library: Library) -> Iterator[Figure]:
        answerable, others = one.cases()
        cases = [
            *chosen(answerable, self.most_cases, SEED), *chosen(others, self.most_cases // 2, SEED)
        ]  # fmt: skip
        yield from self._asked(one.name, cases, library, "answers", ANSWERS)

    def _attacks(self, path: Path, one: DocumentSet) -> Iterator[Figure]:
        attacks = read_attacks(path)
        answerable, _ = one.cases()
        planted_in = self.folder / "planted" / path.stem
        with Library.open(self.folder / "libraries" / one.name) as library:
            asked = chosen(answerable, 4 * len(attacks), SEED)
            cases = plant(attacks, asked, EvidencePages(library), planted_in)
        self.on_stage(f"{path.stem}: taking in documents with instructions planted")
        with self._library(path.stem, planted_in) as library:
            yield from self._asked(path.stem, cases, library, "injection", ATTACKS)

    def _asked(
        self,
        name: str,
        cases: Sequence[Case],
        library: Library,
        kind: str,
        metrics: Sequence[str],
    ) -> Iterator[Figure]:
        self.on_stage(f"{name}: asking {len(cases)} questions")
        file = self.folder / "cases" / f"{name}.jsonl"
        file.parent.mkdir(parents=True, exist_ok=True)
        write_cases(file, cases)
        run = self.ask(file, library, self.folder / "runs" / name)
        (figures,) = read_figures(run).settings
        yield from _of_a_run(kind, name, figures.metrics, metrics)


def _of_a_run(
    kind: str, set: str, figures: Mapping[str, MetricFigures], names: Sequence[str]
) -> Iterator[Figure]:
    for name in names:
        summary = figures[name].summary
        if summary.mean is not None:
            yield Figure(kind, set, name, summary.n, summary.mean, summary.interval)


def _grounding(name: str, rows: Sequence[LabelledResponse], embedder: Embedder) -> Iterator[Figure]:
    report = evaluate_grounding(rows, embedder)
    scored = report.n - report.unscored
    for metric, value in (
        ("balanced_accuracy", report.balanced_accuracy), ("auroc", report.auroc),
    ):  # fmt: skip
        yield Figure("grounding", name, metric, scored, value, report.interval[metric])


def _share(kind: str, set: str, name: str, n: int, value: float) -> Figure:
    """A share of n cases, with the interval of so many zeros and ones."""
    hits = round(value * n)
    interval = bootstrap_interval([1.0] * hits + [0.0] * (n - hits), seed=SEED)
    return Figure(kind, set, name, n, value, interval)
