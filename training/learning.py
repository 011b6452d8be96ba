"""The network learns from examples in tokens, and is asked what it has learned."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy
import torch
from torch import Tensor
from torch.nn import functional

from app.reading.reader import best_span
from training.encoding import Encoded
from training.network import ReaderNetwork

SEED = 7
BATCH = 32
SORTED_AT_ONCE = 64  # batches; among these, pairs of like length go together
RATE, HEADS_RATE, WARM_UP = 1.5e-4, 5e-4, 0.05
SAVE_EVERY = 100  # steps


def batches(lengths: Sequence[int], chance: random.Random) -> Iterator[list[int]]:
    """Example numbers in batches, by their lengths: shuffled, those of like length together."""
    order = list(range(len(lengths)))
    chance.shuffle(order)
    for start in range(0, len(order), BATCH * SORTED_AT_ONCE):
        some = sorted(order[start : start + BATCH * SORTED_AT_ONCE], key=lengths.__getitem__)
        parts = [some[at : at + BATCH] for at in range(0, len(some), BATCH)]
        chance.shuffle(parts)
        yield from parts


def collate(examples: Sequence[Encoded]) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, mask and types [batch, tokens]."""
    width = max(len(one.ids) for one in examples)

    def padded(rows: Sequence[Sequence[float]]) -> Tensor:
        return torch.tensor([[*row, *([0] * (width - len(row)))] for row in rows])

    return (
        padded([one.ids for one in examples]),
        padded([[1] * len(one.ids) for one in examples]),
        padded([one.types for one in examples]),
    )


def loss_of(network: ReaderNetwork, examples: Sequence[Encoded]) -> Tensor:
    """What the network got wrong: support, spans of the questions, tokens of what was changed."""
    ids, mask, types = collate(examples)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        spans, wrong, support = network(ids, mask, types)
    spans, wrong, support = spans.float(), wrong.float(), support.float()
    holds = torch.tensor([float(one.holds) for one in examples])
    loss = functional.binary_cross_entropy_with_logits(support, holds)
    asked = [row for row, one in enumerate(examples) if one.start >= 0]
    if asked:
        for side, places in enumerate(("start", "end")):
            truth = torch.tensor([getattr(examples[row], places) for row in asked])
            loss = loss + 0.5 * functional.cross_entropy(spans[asked][..., side], truth)
    told = [row for row, one in enumerate(examples) if one.wrong is not None]
    if told:
        truth = torch.zeros(len(told), ids.shape[1])
        for place, row in enumerate(told):
            marks = examples[row].wrong or []
            truth[place, : len(marks)] = torch.tensor(marks)
        among = (1 - types[told]) * mask[told]
        each = functional.binary_cross_entropy_with_logits(
            wrong[told], truth, reduction="none", pos_weight=torch.tensor(4.0)
        )
        loss = loss + (each * among).sum() / among.sum()
    return loss


def train(network: ReaderNetwork, examples: Sequence[Encoded], checkpoint: Path) -> None:
    """Learn from the examples; goes on from a checkpoint of the same run where there is one."""
    heads = [value for name, value in network.named_parameters() if not name.startswith("encoder")]
    optimizer = torch.optim.AdamW(
        [
            {"params": network.encoder.parameters(), "lr": RATE},
            {"params": heads, "lr": HEADS_RATE},
        ],
        weight_decay=0.01,
    )
    lengths = [len(one.ids) for one in examples]
    plan = list(batches(lengths, random.Random(SEED)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min((step + 1) / (WARM_UP * len(plan)), 1 - step / len(plan)),
    )
    done = 0
    if checkpoint.exists():
        kept = torch.load(checkpoint)
        network.load_state_dict(kept["network"])
        optimizer.load_state_dict(kept["optimizer"])
        schedule.load_state_dict(kept["schedule"])
        done = kept["done"]
    network.train()
    began, recent = time.monotonic(), []
    for step in range(done, len(plan)):
        loss = loss_of(network, [examples[row] for row in plan[step]])
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        recent.append(loss.item())
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == len(plan):
            kept = {
                "network": network.state_dict(), "optimizer": optimizer.state_dict(),
                "schedule": schedule.state_dict(), "done": step + 1,
            }  # fmt: skip
            torch.save(kept, checkpoint.with_suffix(".part"))
            checkpoint.with_suffix(".part").replace(checkpoint)
            spent = (time.monotonic() - began) / (step + 1 - done)
            print(
                f"step {step + 1} of {len(plan)}, loss {numpy.mean(recent):.3f}, "
                f"{spent:.2f} s a step, {spent * (len(plan) - step - 1) / 60:.0f} min left",
                flush=True,
            )
            recent = []


def predict(
    network: ReaderNetwork, examples: Sequence[Encoded]
) -> tuple[list[float], list[tuple[int, int]]]:
    """The support of each example, a logit, and the tokens of its best span."""
    network.eval()
    support = [0.0] * len(examples)
    places = [(0, 0)] * len(examples)
    order = sorted(range(len(examples)), key=lambda row: len(examples[row].ids))
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            spans, _, logits = network(*collate([examples[row] for row in rows]))
        for row, logit, span in zip(rows, logits.float().tolist(), spans.float(), strict=True):
            support[row] = logit
            _, first, last = best_span(span[1:].numpy())
            places[row] = first + 1, last + 1
    return support, places
