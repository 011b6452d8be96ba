"""The network learns, and a run that was ended goes on to the same weights."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch

from app.reading.reader import pair_tokenizer
from training import learning
from training.encoding import Encoded, encode
from training.examples import Example
from training.learning import batches, predict, train
from training.network import ReaderNetwork

BRIDGE = "The Forth Bridge was opened in 1890. John Fowler designed it."
EXAMPLES = [
    Example("When was the bridge opened?", BRIDGE, holds=True, span=(31, 35), is_question=True),
    Example("Who painted the bridge?", BRIDGE, holds=False, is_question=True),
    Example("John Fowler designed the bridge.", BRIDGE, holds=True),
    Example("John Fowler painted the bridge.", BRIDGE, holds=False, wrong=(12, 19)),
]


@pytest.fixture
def encoded() -> list[Encoded]:
    tokenizer = pair_tokenizer()
    return [encode(tokenizer, example) for example in EXAMPLES] * 8


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the default embedder's kind and vocabulary, a thousandth of its size."""
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("tiny")
    config = BertConfig(
        hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2
    )
    torch.manual_seed(0)
    BertModel(config).save_pretrained(folder)
    return folder


def new_network(model: Path) -> ReaderNetwork:
    torch.manual_seed(0)
    return ReaderNetwork(model)


def test_an_answer_and_what_is_wrong_are_found_again_in_the_tokens() -> None:
    tokenizer = pair_tokenizer()
    asked, none, right, wrong = (encode(tokenizer, example) for example in EXAMPLES)
    (encoding,) = tokenizer.encode([(EXAMPLES[0].asked, BRIDGE)])
    assert [BRIDGE[slice(*encoding.offsets[at])] for at in (asked.start, asked.end)] == ["1890"] * 2
    assert (none.start, none.end, right.start, wrong.start) == (0, 0, -1, -1)
    assert none.wrong is None and right.wrong is not None and not any(right.wrong)
    (encoding,) = tokenizer.encode([(EXAMPLES[3].asked, BRIDGE)])
    marked = [encoding.offsets[at] for at, mark in enumerate(wrong.wrong or ()) if mark]
    assert [EXAMPLES[3].asked[slice(*span)] for span in marked] == ["painted"]


def test_an_answer_that_is_cut_off_counts_as_none() -> None:
    passage = "word " * 300 + "1890"
    example = Example("When?", passage, holds=True, span=(1500, 1504), is_question=True)
    encoded = encode(pair_tokenizer(), example)
    assert (encoded.start, encoded.end, encoded.holds) == (0, 0, False)


def test_every_example_is_in_one_batch_with_those_of_like_length() -> None:
    lengths = [random.Random(number).randint(5, 200) for number in range(500)]
    found = list(batches(lengths, random.Random(0)))
    assert sorted(row for batch in found for row in batch) == list(range(500))
    spread = [
        max(lengths[row] for row in some) - min(lengths[row] for row in some) for some in found
    ]
    assert max(spread) < 40


def test_a_run_that_was_ended_goes_on_to_the_same_weights(
    encoded: list[Encoded], tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "BATCH", 8)
    monkeypatch.setattr(learning, "SAVE_EVERY", 1)
    whole = new_network(tiny_model)
    train(whole, encoded, tmp_path / "whole.pt")
    steps = 0
    loss_of = learning.loss_of

    def ends_in_the_third_step(network: ReaderNetwork, some: list[Encoded]) -> torch.Tensor:
        nonlocal steps
        steps += 1
        if steps == 3:
            raise KeyboardInterrupt
        return loss_of(network, some)

    monkeypatch.setattr(learning, "loss_of", ends_in_the_third_step)
    with pytest.raises(KeyboardInterrupt):
        train(new_network(tiny_model), encoded, tmp_path / "ended.pt")
    monkeypatch.setattr(learning, "loss_of", loss_of)
    again = new_network(tiny_model)
    train(again, encoded, tmp_path / "ended.pt")
    for name, value in whole.state_dict().items():
        assert torch.allclose(value, again.state_dict()[name], atol=1e-5), name


def test_what_was_learned_by_heart_is_known(
    encoded: list[Encoded], tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "BATCH", 4)
    monkeypatch.setattr(learning, "RATE", 5e-3)  # it is tiny, and has all to learn
    monkeypatch.setattr(learning, "HEADS_RATE", 5e-3)
    network = new_network(tiny_model)
    train(network, encoded * 6, tmp_path / "heart.pt")
    support, places = predict(network, encoded[:4])
    assert [one > 0 for one in support] == [example.holds for example in EXAMPLES]
    assert places[0] == (encoded[0].start, encoded[0].end)
