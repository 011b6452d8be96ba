"""Fit the trees that score claims on labelled responses, and say how well they do on other sets.

``python -m benchmarks.fit_grounding [--write]`` reads grounding/*.jsonl from the folder that
CITEBOUND_DATA names. First each set is left out and scored by trees that were fitted on the others;
then each is cut in halves by group, and one is scored by trees fitted on the other and on all other
sets. ``--write`` fits on everything and writes app/grounding/trees.json, and the figures of sets
that were left out to eval/judges/embedded.json, which reports of runs tell.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy
from sklearn.ensemble import HistGradientBoostingClassifier

from app.citations import marked_sentences
from app.grounding.check import ENOUGH
from app.grounding.features import FEATURES, FIRST_BAD, compare
from app.grounding.trees import Tree, Trees
from eval.labelled import LabelledResponse, read_labelled
from eval.separation import Numbers, auroc, balanced_accuracy, cluster_interval

DATA = Path(os.environ.get("CITEBOUND_DATA", "../shared/data")) / "grounding"
SETS = ("wice_dev", "factcheck_dev", "begin_dev", "summedits_dev", "halueval_qa")
WRITTEN = Path(__file__).parents[1] / "app" / "grounding" / "trees.json"
FIGURES_WRITTEN = Path(__file__).parents[1] / "eval" / "judges" / "embedded.json"
LONGEST_NAME = 6  # words of an answer that is only a name: then the question belongs to the claim
DIGITS = 4


@dataclass(frozen=True)
class Row:
    """A response: its set, its group, whether it is supported, its sentences' features."""

    set: str
    group: str
    supported: bool
    features: Numbers  # [sentences, features]


def read_rows(name: str) -> list[Row]:
    """The rows of a set; those without a sentence that could be checked are left out."""
    rows = []
    for number, one in enumerate(read_set(name)):
        claims = [text for text in marked_sentences(one.response) if not text.endswith("?")]
        if claims:
            found = numpy.array([compare(claim, one.evidence).features for claim in claims])
            rows.append(Row(name, one.group or str(number), not one.hallucinated, found))
    return rows


def read_set(name: str) -> list[LabelledResponse]:
    """The labelled responses of a set; pairs of answers to a question become two rows each."""
    path = DATA / f"{name}.jsonl"
    if name != "halueval_qa":
        return read_labelled(path)
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        for answer, hallucinated in ((pair["right_answer"], 0), (pair["hallucinated_answer"], 1)):
            short = len(answer.split()) <= LONGEST_NAME
            said = f"{pair['question'].rstrip('?')}: {answer}" if short else answer
            rows.append(
                LabelledResponse(
                    contexts=(pair["knowledge"],), response=said, hallucinated=bool(hallucinated),
                    group=pair["id"],
                )
            )  # fmt: skip
    return rows


def fit(rows: Sequence[Row]) -> HistGradientBoostingClassifier:
    """Each set weighs the same, and so do its two classes.

    More in common never lowers the score, more that is missing never raises it.
    """
    counts: dict[tuple[str, bool], int] = {}
    for row in rows:
        counts[row.set, row.supported] = counts.get((row.set, row.supported), 0) + 1
    weights = numpy.array([1 / counts[row.set, row.supported] for row in rows])
    directions = [1 if number < FIRST_BAD else -1 for number in range(len(FEATURES))]
    model = HistGradientBoostingClassifier(
        max_iter=100, max_depth=3, learning_rate=0.06, min_samples_leaf=100, l2_regularization=1.0,
        monotonic_cst=directions, early_stopping=False, random_state=0,
    )  # fmt: skip
    features = numpy.array([row.features.mean(axis=0) for row in rows])
    labels = [row.supported for row in rows]
    return model.fit(features, labels, sample_weight=weights / weights.mean())


def to_trees(model: HistGradientBoostingClassifier) -> Trees:
    """The model as plain numbers."""
    trees = [_tree(predictor[0].nodes, 0) for predictor in model._predictors]
    start = float(numpy.ravel(model._baseline_prediction)[0])
    return Trees(FEATURES, round(start, DIGITS), tuple(trees))


def _tree(nodes: Numbers, at: int) -> Tree:
    node = nodes[at]
    if node["is_leaf"]:
        return round(float(node["value"]), DIGITS)
    left, right = _tree(nodes, node["left"]), _tree(nodes, node["right"])
    return [int(node["feature_idx"]), round(float(node["num_threshold"]), DIGITS), left, right]


def report(kind: str, trees: Trees, rows: Sequence[Row]) -> dict[str, float | None]:
    """Print a line of figures, and give them as ``citebound eval judge`` does.

    A response is as well supported as its worst sentence.
    """
    scores = numpy.array([min(map(trees.probability, row.features)) for row in rows])
    labels = numpy.array([row.supported for row in rows])
    groups = [row.group for row in rows]
    low, high = cluster_interval(
        lambda some, truth: balanced_accuracy(some >= ENOUGH, truth), scores, labels, groups
    )
    accuracy, area = balanced_accuracy(scores >= ENOUGH, labels), auroc(scores, labels)
    print(
        f"{rows[0].set:14} {kind:9} n={len(rows):5} balanced accuracy {accuracy:.3f} "
        f"({low:.3f} to {high:.3f})  AUROC {area:.3f}",
        flush=True,
    )
    figures = {"balanced_accuracy": round(accuracy, DIGITS), "auroc": round(area, DIGITS)}
    return {"n": len(rows), "coverage": 1.0, **figures, "agreement": None}


def main() -> None:
    """Parse the command line, measure, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    write = parser.parse_args().write
    sets = {name: read_rows(name) for name in SETS}
    left_out = {}
    for name, rows in sets.items():
        others = [row for other in SETS if other != name for row in sets[other]]
        left_out[f"{name}, left out"] = report("left out", to_trees(fit(others)), rows)
        groups = sorted({row.group for row in rows})
        random.Random(1).shuffle(groups)
        half = set(groups[: len(groups) // 2])
        halves = (
            [row for row in rows if row.group in half],
            [row for row in rows if row.group not in half],
        )
        for ours, theirs in (halves, halves[::-1]):
            report("half", to_trees(fit([*others, *ours])), theirs)
    if write:
        trees = to_trees(fit([row for rows in sets.values() for row in rows]))
        stored = {"features": trees.features, "start": trees.start, "trees": trees.trees}
        WRITTEN.write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")
        measured = {"judge": "embedded", "sets": left_out}
        FIGURES_WRITTEN.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
