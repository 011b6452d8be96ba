"""What Ollama says of its models; another program may listen at its address, so it is checked."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

NO_TEMPLATE = ("", "{{ .Prompt }}", "{{.Prompt}}")  # what Ollama gives a model without a template


class Said(BaseModel):
    """One JSON object of Ollama; what it says besides is of no use here."""

    model_config = ConfigDict(frozen=True, extra="ignore", protected_namespaces=())


class ListedModel(Said):
    """A model in the list of all; one with ``remote_host`` runs on another machine."""

    name: str = ""
    size: int = 0
    digest: str = ""
    remote_host: str | None = None


class ListedModels(Said):
    """The list of all models."""

    models: tuple[ListedModel, ...] | None

    def find(self, name: str) -> ListedModel | None:
        """The model of this name; a name without a tag is that with the tag latest."""
        names = (name, f"{name}:latest")
        return next((model for model in self.models or () if model.name in names), None)


class Details(Said):
    """Where a model comes from."""

    family: str | None = None
    parameter_size: str | None = None
    quantization_level: str | None = None
    parent_model: str | None = None


class ShownModel(Said):
    """One model: its template and licence, and what its file says of it."""

    details: Details
    template: str | None = None
    license: str | None = None
    model_info: dict[str, Any] | None = None
    capabilities: tuple[str, ...] | None = None

    @property
    def has_template(self) -> bool:
        """Whether it is made for chats."""
        return (self.template or "").strip() not in NO_TEMPLATE

    @property
    def context_tokens(self) -> int | None:
        """The longest window that it was trained for, if its file says."""
        said = (self.model_info or {}).items()
        lengths = [value for key, value in said if key.endswith(".context_length")]
        return lengths[0] if lengths and isinstance(lengths[0], int) else None


class PullStep(Said):
    """A line of a pull; bytes, and 0 where it is not about bytes."""

    status: str = ""
    completed: int | None = None
    total: int | None = None
    error: str | None = None
