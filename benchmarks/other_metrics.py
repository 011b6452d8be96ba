"""Our grounding metrics beside RAGAS' and DeepEval's faithfulness: one judge, the same rows.

``python -m benchmarks.other_metrics --data D --other-python P [--rows 60] [--faults 0.3]`` takes
so many rows of each labelled set below D/grounding; P is a Python that has ragas and deepeval.
The judge (``ruled_judge``) is able in the first pass; in the second a share of its replies is
prose, cut off, empty, an error 500, or never comes. Each metric keeps its own ways of trying
again; timeout and calls at once are the same for all. Tables go to stdout, progress to stderr.

How well the labels are met says little here: our check was fitted on these sets too
(docs/benchmarks.md has it on sets left out), and the others are as good as the judge's rule.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy

from app.settings import AnswerSettings
from benchmarks.other_side import METRICS
from benchmarks.ruled_judge import RuledJudge
from eval.judges.choose import choose_judge
from eval.judges.embedded import EMBEDDED
from eval.judges.quality import SUPPORTED
from eval.labelled import LabelledResponse, read_labelled
from eval.separation import auroc, balanced_accuracy
from ingest.no_telemetry import SWITCHES, keep_this_machine_direct, switch_off_telemetry
from tests.servers.scripted_openai import ScriptedOpenAI

SETS = ("wice_dev", "factcheck_dev", "begin_dev")
SIDE = Path(__file__).with_name("other_side.py")
JUDGE = "language-model judge"
OURS = {"embedded check": EMBEDDED, JUDGE: "model:openai-compatible:judge"}
WINDOW = 131_072  # tokens; the longest evidence has 17,000 words
SECONDS = 5.0  # after which a reply that never comes is given up
AT_ONCE = 4
LONGEST_RUN = 1800.0


@dataclass(frozen=True)
class Run:
    """What one metric made of the rows: a value each, None for NaN and for none; what it raised."""

    values: list[float | None]
    raised: list[str]
    sent: Counter[str]
    seconds: float


def draw_rows(path: Path, count: int) -> list[LabelledResponse]:
    """So many rows, half of them hallucinated, in an order that mixes both."""
    chance = random.Random(0)
    rows = read_labelled(path)
    kinds = [[row for row in rows if row.hallucinated == label] for label in (False, True)]
    drawn = [row for kind in kinds for row in chance.sample(kind, min(count // 2, len(kind)))]
    chance.shuffle(drawn)
    return drawn


def run_ours(name: str, rows: Sequence[LabelledResponse], faults: float) -> Run:
    """One of our judges."""
    judge = RuledJudge(faults=faults)
    with ScriptedOpenAI(models=["judge"], replies=[judge], max_model_len=WINDOW) as server:
        settings = AnswerSettings(
            openai_compatible_url=server.base_url, seconds_without_token=SECONDS,
            context_tokens=WINDOW, calls_at_once=AT_ONCE,
        )  # fmt: skip
        ours = choose_judge(OURS[name], settings=settings)
        started = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE if name == JUDGE else 1) as pool:
            scores = list(
                pool.map(lambda row: ours.judge(row.question, row.response, (), row.contexts), rows)
            )
        seconds = time.perf_counter() - started
    for reason, count in Counter(score.reason for score in scores if score.reason).items():
        print(f"  {count} x {reason}", file=sys.stderr)
    return Run([score.value for score in scores], [], judge.sent, seconds)


def run_other(
    name: str, rows: Sequence[LabelledResponse], faults: float, python: str
) -> Run | None:
    """One metric of the other Python; None where that cannot run it, which is told on stderr."""
    judge = RuledJudge(faults=faults)
    with (
        tempfile.TemporaryDirectory() as folder,
        ScriptedOpenAI(models=["judge"], replies=[judge], max_model_len=WINDOW) as server,
    ):
        given, output = Path(folder, "rows.jsonl"), Path(folder, "found.json")
        given.write_text("\n".join(row.model_dump_json() for row in rows), "utf8")
        command = [
            python, "-W", "ignore", str(SIDE), name, str(given), str(output), server.base_url,
            str(SECONDS), str(AT_ONCE),
        ]  # fmt: skip
        with Path(folder, "log").open("w+", encoding="utf8") as log:
            try:
                failed = subprocess.run(
                    command, cwd=folder, env=_quiet(folder), stdout=log, stderr=log,
                    timeout=LONGEST_RUN, check=False,
                ).returncode != 0  # fmt: skip
            except subprocess.TimeoutExpired:
                failed = True
                log.write(f"it was still at work after {LONGEST_RUN:.0f} s")
            log.seek(0)
            lines = log.read().splitlines()
        if failed:
            print("  failed: " + " | ".join(lines[-3:]), file=sys.stderr)
            return None
        found = json.loads(output.read_text("utf8"))
    print(f"  {found['version']}; {len(lines)} lines of log", file=sys.stderr)
    raised = [row["raised"] for row in found["rows"] if "raised" in row]
    for reason, count in Counter(line[:150] for line in raised).most_common(5):
        print(f"  {count} x {reason}", file=sys.stderr)
    values = [row.get("value", math.nan) for row in found["rows"]]
    return Run(
        [value if math.isfinite(value) else None for value in values],
        raised, judge.sent, found["seconds"],
    )  # fmt: skip


def _quiet(folder: str) -> dict[str, str]:
    """The environment of the other Python: no telemetry, no files outside of a folder."""
    return {
        **os.environ,
        **SWITCHES,
        "RAGAS_DO_NOT_TRACK": "true",
        "DEEPEVAL_TELEMETRY_OPT_OUT": "1",
        "DEEPEVAL_DISABLE_DOTENV": "1",
        "DEEPEVAL_PER_ATTEMPT_TIMEOUT_SECONDS_OVERRIDE": str(SECONDS),
        "HOME": folder,
    }


def run_all(
    rows: Sequence[LabelledResponse], faults: float, python: str
) -> Iterator[tuple[str, Run]]:
    """Every metric that runs."""
    for name in OURS:
        print(f"{name}, faults {faults}", file=sys.stderr)
        yield name, run_ours(name, rows, faults)
    for name in METRICS:
        print(f"{name}, faults {faults}", file=sys.stderr)
        if run := run_other(name, rows, faults, python):
            yield name, run


def separation(values: Sequence[float | None], rows: Sequence[LabelledResponse]) -> str:
    """Balanced accuracy and AUROC over the rows that have a value, as two cells of a table."""
    pairs = [(value, row) for value, row in zip(values, rows, strict=True) if value is not None]
    scores = numpy.array([value for value, _ in pairs])
    labels = numpy.array([not row.hallucinated for _, row in pairs], bool)
    if not 0 < labels.sum() < len(labels):
        return "– | –"
    return f"{balanced_accuracy(scores > SUPPORTED, labels):.3f} | {auroc(scores, labels):.3f}"


def main_table(runs: dict[str, Run], able: dict[str, Run], rows: Sequence[LabelledResponse]) -> str:
    """One line a metric. A silent change is against the score that an able judge led to."""
    lines = [
        "| metric | rows | scored | NaN or None | raised | silently 0 | silently changed otherwise "
        "| balanced accuracy | AUROC | calls | of them failed | seconds |",
        "|---|" + "---|" * 11,
    ]
    for name, run in runs.items():
        scored = sum(value is not None for value in run.values)
        before = able[name].values if name in able else run.values
        changed = [
            new
            for old, new in zip(before, run.values, strict=True)
            if old is not None and new is not None and old != new
        ]
        calls = run.sent.total()
        lines.append(
            f"| {name} | {len(rows)} | {scored} | {len(rows) - scored - len(run.raised)} "
            f"| {len(run.raised)} | {changed.count(0.0)} | {len(changed) - changed.count(0.0)} "
            f"| {separation(run.values, rows)} | {calls} | {calls - run.sent['']} "
            f"| {run.seconds:.1f} |"
        )
    return "\n".join(lines)


def agreement_table(runs: dict[str, Run]) -> str:
    """The share of rows that both of two metrics score on the same side of one half."""
    lines = ["| metrics | rows scored by both | same verdict |", "|---|---|---|"]
    for one, other in combinations(runs, 2):
        pairs = [
            (left > SUPPORTED) == (right > SUPPORTED)
            for left, right in zip(runs[one].values, runs[other].values, strict=True)
            if left is not None and right is not None
        ]
        share = f"{sum(pairs) / len(pairs):.3f}" if pairs else "–"
        lines.append(f"| {one}, {other} | {len(pairs)} | {share} |")
    return "\n".join(lines)


def set_table(runs: dict[str, Run], sets: dict[str, list[LabelledResponse]]) -> str:
    """Balanced accuracy and AUROC of each set by itself."""
    lines = ["| metric | set | balanced accuracy | AUROC |", "|---|---|---|---|"]
    for name, run in runs.items():
        start = 0
        for label, rows in sets.items():
            values = run.values[start : start + len(rows)]
            lines.append(f"| {name} | {label} | {separation(values, rows)} |")
            start += len(rows)
    return "\n".join(lines)


def main() -> None:
    """Parse the command line and run both passes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--other-python", required=True)
    parser.add_argument("--rows", type=int, default=60, help="of each set")
    parser.add_argument("--faults", type=float, default=0.3)
    arguments = parser.parse_args()
    switch_off_telemetry()
    keep_this_machine_direct()
    grounding = arguments.data / "grounding"
    sets = {name: draw_rows(grounding / f"{name}.jsonl", arguments.rows) for name in SETS}
    rows = [row for some in sets.values() for row in some]
    able = dict(run_all(rows, 0.0, arguments.other_python))
    print(f"An able judge:\n\n{main_table(able, {}, rows)}\n\n{set_table(able, sets)}\n")
    print(f"{agreement_table(able)}\n", flush=True)  # a stop in the second pass does not lose it
    faulty = dict(run_all(rows, arguments.faults, arguments.other_python))
    print(f"{arguments.faults:.0%} of replies rubbish:\n\n{main_table(faulty, able, rows)}\n")
    print(agreement_table(faulty))


if __name__ == "__main__":
    main()
