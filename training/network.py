"""The reader's network: MiniLM with three heads, one for each thing that it tells of a pair.

Which tokens of what is asked are wrong, whether the passage holds it, and where an answer stands.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel

FAR = -1e4  # a logit that softmax makes nothing of, and that 16 bits can hold


class ReaderNetwork(nn.Module):
    """From pairs of texts to logits."""

    def __init__(self, model_folder: Path) -> None:
        super().__init__()
        # Attention written out is twice as fast to train on a processor as the fused kind.
        self.encoder = AutoModel.from_pretrained(
            str(model_folder), attn_implementation="eager", add_pooling_layer=False,
            hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        )  # fmt: skip
        width = self.encoder.config.hidden_size
        self.span = nn.Linear(width, 2)
        self.wrong = nn.Linear(width, 1)
        self.look = nn.Linear(width, 2)
        self.judge = nn.Sequential(nn.Linear(3 * width, width), nn.GELU(), nn.Linear(width, 1))
        self.wrong_counts = nn.Parameter(torch.tensor(1.0))

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Ids, mask and which text they are of, [batch, tokens] -> three kinds of logits.

        Start and end of an answer [batch, tokens, 2], where the first token stands for "none"; how
        wrong each token of the first text is [batch, tokens]; whether the passage holds it [batch].
        """
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state.float()
        real = attention_mask.float()
        in_passage = token_type_ids.float() * real
        in_asked = (1 - token_type_ids.float()) * real
        first = torch.zeros_like(real)
        first[:, 0] = 1.0
        spans = (
            self.span(hidden) + ((1 - torch.clamp(in_passage + first, max=1.0)) * FAR)[..., None]
        )
        wrong = self.wrong(hidden).squeeze(-1) + (1 - in_asked) * FAR
        looks = self.look(hidden)
        asked = self._pool(hidden, looks[..., 0], in_asked)
        passage = self._pool(hidden, looks[..., 1], in_passage)
        judged = self.judge(torch.cat([hidden[:, 0], asked, passage], dim=-1)).squeeze(-1)
        return spans, wrong, judged - self.wrong_counts * wrong.amax(dim=1)

    @staticmethod
    def _pool(hidden: Tensor, logits: Tensor, among: Tensor) -> Tensor:
        weights = torch.softmax(logits + (1 - among) * FAR, dim=-1)
        return (weights[..., None] * hidden).sum(dim=1)
