"""How long it takes to bind and check answers of five sentences.

``python -m benchmarks.check_answers --library L [--answers 1000]`` needs a library of
pdf_qa/squad/docs and the cases that CITEBOUND_DATA names. Each answer says two things that the
passage that it marks says, one that another passage says, one without a mark, and one that is
changed so that nothing proves it, which is the dearest: every passage is looked at.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from app.citations import check_text
from app.models.extractive import is_statement
from eval.cases import read_cases
from ingest.library import Library
from ingest.search import Passage
from ingest.sentences import split_sentences

CASES = Path(os.environ.get("CITEBOUND_DATA", "../shared/data")) / "pdf_qa/squad/cases.jsonl"
PASSAGES = 8


def make_answer(passages: Sequence[Passage], chance: random.Random) -> str:
    """Five sentences with and without marks."""
    said = [
        (number, sentence.rstrip(".;:") + ".")
        for number, passage in enumerate(passages, 1)
        for sentence in split_sentences(passage.text)
        if is_statement(sentence)
    ]
    (one, first), (two, second), (_, third), (_, fourth), (five, fifth) = chance.sample(said, 5)
    words = fifth.split()
    chance.shuffle(words)
    other = chance.randint(1, len(passages))
    return (
        f"{first} [{one}] {second} [{two}] {third} [{other}] {fourth}\n"
        f"{' '.join(words)} in Atlantis since 1931 [{five}]."
    )


def main() -> None:
    """Parse the command line, make the answers, and time their checking."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", required=True)
    parser.add_argument("--answers", type=int, default=1000)
    arguments = parser.parse_args()
    chance = random.Random(0)
    cases = chance.sample(read_cases(CASES), arguments.answers)
    with Library.open(arguments.library) as library:
        found = [library.search(case.question, top=PASSAGES) for case in cases]
    answers = [make_answer(passages, chance) for passages in found]
    verdicts: Counter[str] = Counter()
    rebound = 0
    started, used = time.perf_counter(), time.process_time()
    for answer, passages in zip(answers, found, strict=True):
        claims = check_text(answer, passages)
        verdicts.update(claim.verdict for claim in claims)
        rebound += sum(bool(claim.rebound) for claim in claims)
    seconds, used = time.perf_counter() - started, time.process_time() - used
    print(
        f"{len(answers)} answers, {verdicts.total()} sentences ({dict(verdicts)}, {rebound} cited "
        f"anew): {seconds:.1f} s, {used:.1f} s of one core"
    )


if __name__ == "__main__":
    main()
