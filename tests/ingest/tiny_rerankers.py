"""A small real cross-encoder whose weights are set by hand: it counts the question's words.

Each word has a random vector of signs. In the first layer a word looks for itself in the other
text and notes whether it is there; in the second, [CLS] takes the mean over the question's words.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.embedder_cache import prepare_embedder
from ingest.settings import IngestSettings

if TYPE_CHECKING:
    import torch
    from transformers import BertForSequenceClassification

WIDTH = 128
WORD = slice(0, 124)  # the signs of a word
OF_PASSAGE = 124  # -1 in the question, 1 in the passage; its negative follows
NOT_FOUND = 126  # 1, less where the word stands in the other text too; its negative follows
MAX_TOKENS = 128
LAYERS = 2
SAME_WORD, OTHER_TEXT, OWN_TEXT = 1.5, 12.0, 40.0  # how strongly attention follows these
MIDDLE = 3.0  # of what [CLS] then has, where half of the words are found
REACH = 8.0  # of the logits, either way


def make_word_counter(folder: Path, *, labels: int = 1, positions: int = MAX_TOKENS) -> Path:
    """A cross-encoder that scores a pair by the share of the question's words in the passage.

    With more ``labels`` its head is random.
    """
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(0)
    tokenizer = save_tokenizer(folder, max_tokens=positions)
    config = BertConfig(
        vocab_size=tokenizer,
        hidden_size=WIDTH,
        intermediate_size=8,
        num_hidden_layers=LAYERS,
        num_attention_heads=1,
        max_position_embeddings=positions,
    )
    config.num_labels = labels
    model = BertForSequenceClassification(config)
    if labels == 1:
        with torch.no_grad():
            _set_weights(model)
    model.save_pretrained(folder)
    return folder


def save_tokenizer(folder: Path, *, max_tokens: int) -> int:
    """Save the default embedder's tokenizer with this limit; the size of its vocabulary."""
    from transformers import AutoTokenizer

    source = prepare_embedder(IngestSettings()).source
    tokenizer = AutoTokenizer.from_pretrained(str(source), model_max_length=max_tokens)
    tokenizer.save_pretrained(folder)
    return len(tokenizer)


def _set_weights(untyped: BertForSequenceClassification) -> None:
    import torch

    model: Any = untyped
    for parameter in model.parameters():
        parameter.zero_()
    for module in model.modules():
        if isinstance(module, torch.nn.LayerNorm):
            module.weight.fill_(1.0)  # which changes nothing: all values are signs
    embeddings = model.bert.embeddings
    half = (WORD.stop - WORD.start) // 2
    signs = torch.tensor([1.0] * half + [-1.0] * half)
    for row in embeddings.word_embeddings.weight:
        row[WORD] = signs[torch.randperm(2 * half)]
    _set_flag(embeddings.token_type_embeddings.weight[0], OF_PASSAGE, -1.0)
    _set_flag(embeddings.token_type_embeddings.weight[1], OF_PASSAGE, 1.0)
    embeddings.token_type_embeddings.weight[:, NOT_FOUND] = 1.0
    embeddings.token_type_embeddings.weight[:, NOT_FOUND + 1] = -1.0
    look, gather = (layer.attention for layer in model.bert.encoder.layer)
    look.self.query.weight[WORD, WORD] = SAME_WORD * torch.eye(2 * half)
    look.self.key.weight[WORD, WORD] = torch.eye(2 * half)
    look.self.query.weight[OF_PASSAGE, OF_PASSAGE] = -OTHER_TEXT
    look.self.key.weight[OF_PASSAGE, OF_PASSAGE] = 1.0
    _copy(look, OF_PASSAGE, NOT_FOUND, -1.0)  # seen in the other text: less in the question
    gather.self.query.weight[OF_PASSAGE, OF_PASSAGE] = OWN_TEXT
    gather.self.key.weight[OF_PASSAGE, OF_PASSAGE] = 1.0
    _copy(gather, NOT_FOUND, NOT_FOUND, 1.0)
    model.bert.pooler.dense.weight[0, NOT_FOUND] = 1.0
    model.bert.pooler.dense.bias[0] = -MIDDLE
    model.classifier.weight[0, 0] = -REACH


def _set_flag(row: torch.Tensor, place: int, value: float) -> None:
    row[place], row[place + 1] = value, -value


def _copy(attention: torch.nn.Module, source: int, target: int, factor: float) -> None:
    """Have a layer's attention add what it reads at one place to another."""
    parts: Any = attention
    parts.self.value.weight[0, source] = 1.0
    parts.output.dense.weight[target, 0] = factor
    parts.output.dense.weight[target + 1, 0] = -factor
