"""How questions are answered (table ``[answer]`` of the settings file)."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from ingest.settings import TableSettings


class AnswerSettings(TableSettings):
    """Model, addresses of model servers, and limits."""

    model_config = SettingsConfigDict(pyproject_toml_table_header=("answer",))

    model: str = Field("auto", description="auto, extractive, ollama:NAME, vllm:NAME or "
                       "openai-compatible:NAME")  # fmt: skip
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

    prompt: str = Field("answer", description="a prompt's name, or the path of a prompt file")
    passages: int = Field(8, ge=1, le=50, description="passages that are looked at for an answer")
    context_tokens: int = Field(
        8192, ge=1024, description="tokens that prompt and answer may have together"
    )
    answer_tokens: int = Field(1024, ge=16, description="tokens that an answer may have")
    temperature: float = Field(0.0, ge=0, le=2, description="0 is the most careful choice of words")
    seed: int = Field(0, description="the same seed gives the same answer where the server can")
    seconds_without_token: float = Field(
        300.0, gt=0, description="silence after which a model server is given up"
    )
