"""Tiny real embedding models, the same bytes every time, so that a cache knows them again."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

DIMENSION = 384  # as wide as the default embedder's vectors
WORDS = (
    "the",
    "a",
    "and",
    "of",
    "ask",
    "text",
    "doc",
    "passage",
    ":",
    ".",
    "steam",
    "coal",
    "valve",
    "opens",
    "boiler",
    "water",
    "rises",
)
SPECIAL_TOKENS = {f"{name.lower()}_token": f"[{name}]" for name in ("PAD", "UNK", "CLS", "SEP")}
VOCABULARY = {word: number for number, word in enumerate([*SPECIAL_TOKENS.values(), *WORDS])}


def make_tiny_bert(folder: Path) -> Path:
    """A BERT of one layer with random weights, mean pooling, normalisation and two prompts."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=DIMENSION,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=64,
    )
    transformer = folder.parent / f"{folder.name}-transformer"
    BertModel(config).save_pretrained(transformer)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=_bert_tokenizer(),
        **SPECIAL_TOKENS,
        model_max_length=64,
        model_input_names=["input_ids", "attention_mask"],
    ).save_pretrained(transformer)
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling

    modules = [Transformer(str(transformer)), Pooling(DIMENSION), Normalize()]
    prompts = {"query": "ask: ", "document": "text: "}
    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(str(folder))
    return folder


def make_static_model(folder: Path) -> Path:
    """A table of one vector a word, which has no attention mask and so does not convert."""
    import numpy
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    vectors = numpy.random.default_rng(0).normal(size=(len(VOCABULARY), 16)).astype("float32")
    module = StaticEmbedding(_word_tokenizer(), embedding_weights=vectors)
    SentenceTransformer(modules=[module], device="cpu").save(str(folder))
    return folder


def _word_tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(VOCABULARY, unk_token=SPECIAL_TOKENS["unk_token"]))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def _bert_tokenizer() -> Tokenizer:
    tokenizer = _word_tokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[(name, VOCABULARY[name]) for name in ("[CLS]", "[SEP]")],
    )
    return tokenizer
