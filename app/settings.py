"""How questions are answered (table ``[answer]`` of the settings file)."""

from __future__ import annotations

from dataclasses import fields
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from app.models.model import Sampling
from ingest.settings import TableSettings

LARGEST = 2**53 - 1  # the largest whole number that every reader of JSON keeps as it is


class AnswerSettings(TableSettings):
    """Model, addresses of model servers, and limits."""

    model_config = SettingsConfigDict(pyproject_toml_table_header=("answer",))

    model: str = Field(
        "auto",
        description="who answers: auto, extractive, ollama:NAME, vllm:NAME, "
        "openai-compatible:NAME, gguf:PATH",
    )
    ollama_url: str = Field("http://127.0.0.1:11434", description="where Ollama listens")
    vllm_url: str = Field("http://127.0.0.1:8000/v1", description="where vLLM listens")
    openai_compatible_url: str = Field(
        "http://127.0.0.1:1234/v1", description="LM Studio, llama.cpp or another server"
    )

    @field_validator("ollama_url", "vllm_url", "openai_compatible_url")
    @classmethod
    def _check_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{value!r} is not an address such as http://127.0.0.1:11434")
        return value.rstrip("/")

    prompt: str = Field(
        "", description="a prompt's name, or the path of a prompt file; empty: the strategy's own"
    )
    passages: int = Field(8, ge=1, le=50, description="passages that are looked at for an answer")
    widened: int = Field(
        3,
        ge=0,
        le=50,
        description="passages, the best, that a model is shown with what stands around them",
    )
    passage_order: Literal["outside-in", "best-first", "best-last"] = Field(
        "outside-in",
        description="how passages stand in a prompt: the best at both ends, first, or last",
    )
    context_tokens: int = Field(
        8192, ge=1024, description="tokens that prompt and answer may have together"
    )
    tokenizer: str = Field(
        "", description="a tokenizer.json that counts an openai-compatible model's tokens exactly"
    )
    answer_tokens: int = Field(
        1024, ge=16, le=LARGEST, description="tokens that an answer may have"
    )
    strategy: str = Field("auto", description="how answers are reached; see citebound strategies")
    auto_calls: int = Field(
        24, ge=0, description="calls that the strategy auto may make to read every document"
    )
    exemplars: int = Field(
        2, ge=0, le=20, description="answers to other questions that few-shot shows the model"
    )
    unproved: Literal["mark", "repair", "drop"] = Field(
        "mark",
        description="what happens to sentences that are not proved: mark them, have the model "
        "repair the answer once, or drop them",
    )
    grounding: str = Field(
        "",
        description="what checks claims: empty for the check that comes with the program, or the "
        "name or folder of a cross-encoder that tells entailment",
    )
    samples: int = Field(5, ge=2, le=25, description="answers that self-consistency compares")
    rounds: int = Field(2, ge=1, le=10, description="repairs that self-reflection tries at most")
    nodes: int = Field(8, ge=1, le=50, description="steps that tree-of-thought judges at most")
    agent_calls: int = Field(8, ge=1, le=100, description="calls that an agent makes at most")
    agent_tokens: int = Field(
        50_000, ge=1000, description="tokens that an agent reads and writes at most"
    )
    agent_seconds: float = Field(300.0, gt=0, description="time that an agent takes at most")
    temperature: float = Field(0.0, ge=0, le=2, description="0 is the most careful choice of words")
    seed: int = Field(
        0,
        ge=-LARGEST,
        le=LARGEST,
        description="the same seed gives the same answer where the server can",
    )
    top_p: float | None = Field(
        None, gt=0, le=1, description="choose among the likeliest words that together have this"
    )
    top_k: int | None = Field(
        None, ge=1, le=LARGEST, description="choose among so many of the likeliest words"
    )
    min_p: float | None = Field(
        None, ge=0, le=1, description="leave out words less likely than this share of the likeliest"
    )
    repeat_penalty: float | None = Field(
        None, gt=0, le=2, description="above 1 makes words that were written less likely"
    )
    stop: tuple[str, ...] = Field((), description="texts that end an answer where they come up")
    keep_alive: str = Field(
        "5m", description="how long Ollama keeps a model loaded: 5m, 1h, 0, or -1 for ever"
    )
    calls_at_once: int = Field(4, ge=1, le=64, description="calls that a model server gets at once")
    seconds_without_token: float = Field(
        300.0, gt=0, description="silence after which a model server is given up"
    )

    def sampling(self) -> Sampling:
        """How a model is asked to pick its words."""
        names = [one.name for one in fields(Sampling) if one.name in AnswerSettings.model_fields]
        return Sampling(**{name: getattr(self, name) for name in names})
