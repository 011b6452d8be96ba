"""A tiny GGUF file for tests, made on the spot, that llama.cpp loads as it loads a large one.

    make_tiny_gguf(folder / "tiny.gguf", says=["▁Hello", ",", "▁world"])

It is a Llama of two layers with seeded weights. Each token's output weights hold the embedding of
the token before it, so that at temperature 0 the model says what it was made to say; at higher ones
it talks nonsense, which depends on the prompt and the seed. Needs the package `gguf`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from gguf import GGUFWriter

CONTEXT_LENGTH = 2048
WIDTH, LAYERS, HEADS, HIDDEN = 64, 2, 4, 128
NOISE = 0.02  # of the layers' weights: the prompt counts, and the greedy text stays
SURENESS = 0.5  # small enough that high temperatures say something else

UNKNOWN, BEGIN, END = "<unk>", "<s>", "<|end|>"
ROLES = ("<|system|>", "<|user|>", "<|assistant|>")
BEGINNINGS = ("<|assistant|>", ":", ">")  # tokens that the text is said after

CHAT_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}<|{{ message['role'] }}|>"
    "{{ message['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def make_tiny_gguf(
    path: Path,
    *,
    says: Sequence[str],
    template: str | None = CHAT_TEMPLATE,
    context_length: int = CONTEXT_LENGTH,
) -> Path:
    """Write a model that says these tokens; `▁` is the space before a word, `<0xC3>` a byte.

    No token may come twice, since each is followed by one other.
    """
    # Imported late: a run without llama.cpp has no such package.
    from gguf import GGUFWriter

    vocabulary = _Vocabulary(says)
    writer = GGUFWriter(path, "llama")
    writer.add_name("tiny")
    writer.add_context_length(context_length)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    vocabulary.write(writer)
    if template is not None:
        writer.add_chat_template(template)
    for name, weights in _weights(vocabulary).items():
        writer.add_tensor(name, weights)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


class _Vocabulary:
    """A SentencePiece vocabulary: any text encodes, byte by byte where it must."""

    def __init__(self, says: Sequence[str]) -> None:
        control = [UNKNOWN, BEGIN, END, *ROLES]
        bytes_ = [f"<0x{byte:02X}>" for byte in range(256)]
        letters = ["▁", *(chr(code) for code in range(33, 127))]
        self.tokens = list(dict.fromkeys([*control, *bytes_, *letters, *says]))
        self.types = [self._type_of(token) for token in self.tokens]
        self.successors = [(begin, says[0]) for begin in BEGINNINGS]
        self.successors += zip(says, [*says[1:], END], strict=True)

    def write(self, writer: GGUFWriter) -> None:
        writer.add_vocab_size(len(self.tokens))
        writer.add_tokenizer_model("llama")
        writer.add_token_list(self.tokens)
        writer.add_token_scores([-float(place) for place in range(len(self.tokens))])
        writer.add_token_types(self.types)
        writer.add_unk_token_id(self.tokens.index(UNKNOWN))
        writer.add_bos_token_id(self.tokens.index(BEGIN))
        writer.add_eos_token_id(self.tokens.index(END))
        writer.add_add_bos_token(True)

    @staticmethod
    def _type_of(token: str) -> int:
        from gguf import TokenType

        if token == UNKNOWN:
            kind = TokenType.UNKNOWN
        elif token in (BEGIN, END, *ROLES):
            kind = TokenType.CONTROL
        elif token.startswith("<0x"):
            kind = TokenType.BYTE
        else:
            kind = TokenType.NORMAL
        return int(kind)


def _weights(vocabulary: _Vocabulary) -> dict[str, np.ndarray]:
    """Every tensor by its name; numbers of rows come first."""
    import numpy as np

    chance = np.random.default_rng(0)

    def random(rows: int, columns: int, scale: float) -> np.ndarray:
        return chance.normal(scale=scale, size=(rows, columns)).astype(np.float32)

    ones = np.ones(WIDTH, dtype=np.float32)
    embeddings = random(len(vocabulary.tokens), WIDTH, WIDTH**-0.5)
    output = random(len(vocabulary.tokens), WIDTH, NOISE)
    for token, following in vocabulary.successors:
        place = vocabulary.tokens.index(following)
        output[place] += SURENESS * embeddings[vocabulary.tokens.index(token)]
    weights = {
        "token_embd.weight": embeddings,
        "output_norm.weight": ones,
        "output.weight": output,
    }
    shapes = {
        **dict.fromkeys(("attn_q", "attn_k", "attn_v", "attn_output"), (WIDTH, WIDTH)),
        **dict.fromkeys(("ffn_gate", "ffn_up"), (HIDDEN, WIDTH)),
        "ffn_down": (WIDTH, HIDDEN),
    }
    for layer in range(LAYERS):
        weights[f"blk.{layer}.attn_norm.weight"] = ones
        weights[f"blk.{layer}.ffn_norm.weight"] = ones
        for name, (rows, columns) in shapes.items():
            weights[f"blk.{layer}.{name}.weight"] = random(rows, columns, NOISE)
    return weights
