"""Train the reader on PDFs, questions and pairs of sentences.

``python -m training.train_reader WORK`` reads what CITEBOUND_DATA names (nli, pdf_qa, pdf_plain),
keeps libraries and checkpoints in WORK, and goes on where an earlier run was ended: an hour on two
cores. Eight of the SQuAD articles are never learned from; figures are told of their questions.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy
import torch

from app.reading.reader import pair_tokenizer
from app.terms import normalise
from eval.cases import Case, read_cases
from eval.metrics.answer import word_f1
from eval.metrics.retrieval import file_name
from eval.separation import auroc, balanced_accuracy
from ingest.embedder_cache import bundled_model
from ingest.library import Library
from ingest.pipeline import ingest_folder
from ingest.reranker import PairTokenizer
from training.encoding import encode
from training.examples import (
    HELD_OUT,
    Example,
    Question,
    Text,
    answered_questions,
    cloze_questions,
    edited_claims,
    read_nli,
)
from training.learning import SEED, predict, train
from training.network import ReaderNetwork

DATA = Path(os.environ.get("CITEBOUND_DATA", "../shared/data"))
FOLDERS = {
    "squad": "pdf_qa/squad/docs",
    "uda-wiki": "pdf_qa/uda-wiki",
    "sec-10-q": "pdf_qa/sec-10-q",
    "plain": "pdf_plain",
}
COUNTS = {"nli": 24_000, "edits": 20_000, "cloze": 8_000}


def read_texts(work: Path, name: str) -> list[Text]:
    """The chunks of a folder's documents, from a library that is made where there is none."""
    with Library.open(work / "libraries" / name, create=True) as library:
        ingest_folder(DATA / FOLDERS[name], library)
        return [
            Text(record.name, tuple(one.text for one in library.read_document(record.id)))
            for record in library.documents()
        ]


def squad_questions(texts: dict[str, Text], cases: Sequence[Case]) -> Iterator[Question]:
    """Questions with the chunks that hold an answer, those like the question first."""
    for case in cases:
        document = file_name(case.evidence[0].document)
        passages = [
            " ".join(chunk.split()) for chunk in texts[document].chunks
            if any(answer.casefold() in chunk.casefold() for answer in case.answers)
        ]  # fmt: skip
        asked = set(case.question.casefold().split())
        passages.sort(key=lambda chunk: -len(asked & set(chunk.casefold().split())))
        if passages:
            yield Question(case.question, document, tuple(case.answers), tuple(passages))


def report(
    name: str, network: ReaderNetwork, tokenizer: PairTokenizer, some: list[Example]
) -> None:
    """One line of figures about examples."""
    support, places = predict(network, [encode(tokenizer, one) for one in some])
    scores = numpy.array(support)
    holds = numpy.array([one.holds for one in some])
    line = (
        f"{name}: n={len(some)} AUROC {auroc(scores, holds):.3f} "
        f"balanced accuracy {balanced_accuracy(scores > 0, holds):.3f}"
    )
    picked = []
    for one, (start, end) in zip(some, places, strict=True):
        if one.span:
            (encoding,) = tokenizer.encode([(one.asked, one.passage)])
            said = normalise(one.passage[encoding.offsets[start][0] : encoding.offsets[end][1]])
            picked.append((said, normalise(one.passage[slice(*one.span)])))
    if picked:
        exact = numpy.mean([said == gold for said, gold in picked])
        f1 = numpy.mean([word_f1(said.split(), gold.split()) for said, gold in picked])
        line += f" span: exact {exact:.3f} F1 {f1:.3f}"
    print(line, flush=True)


def main() -> None:
    """Make the examples, learn from them and tell how well that went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    work = parser.parse_args().work
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    texts = {name: read_texts(work, name) for name in FOLDERS}
    by_name = {text.document: text for text in texts["squad"]}
    cases = read_cases(DATA / "pdf_qa" / "squad" / "cases.jsonl")
    questions = list(squad_questions(by_name, cases))
    learned = [one for one in questions if one.document not in HELD_OUT]
    unseen = [one for one in questions if one.document in HELD_OUT]
    sources = [text for some in texts.values() for text in some if text.document not in HELD_OUT]

    def some(found: Iterator[Example], most: int) -> list[Example]:
        examples = list(found)
        return chance.sample(examples, min(most, len(examples)))

    nli = read_nli(DATA / "nli", chance)[: COUNTS["nli"]]
    edits = some(chain(*(edited_claims(text, chance) for text in sources)), COUNTS["edits"])
    cloze = some(chain(*(cloze_questions(text, chance) for text in sources)), COUNTS["cloze"])
    asked = list(answered_questions(learned, by_name, chance))
    print(f"{len(nli)} {len(edits)} {len(cloze)} {len(asked)}", flush=True)
    tokenizer = pair_tokenizer()
    network = ReaderNetwork(bundled_model())
    first = [encode(tokenizer, one) for one in [*nli, *edits[: len(edits) // 2]]]
    then = [encode(tokenizer, one) for one in [*edits[len(edits) // 2 :], *cloze, *asked, *asked]]
    tests = {
        "edits of unseen documents": some(
            chain(*(edited_claims(by_name[name], chance) for name in sorted(HELD_OUT))), 1500
        ),
        "unseen questions": some(answered_questions(unseen, by_name, chance), 2000),
    }
    for name, examples in (("pairs", first), ("passages", then)):
        train(network, examples, work / f"{name}.pt")
        for kind, test in tests.items():
            report(f"{name}: {kind}", network, tokenizer, test)


if __name__ == "__main__":
    main()
