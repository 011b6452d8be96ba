"""Where settings come from: one TOML file and ``CITEBOUND_*`` variables, which win over the file.

The file is ``settings.toml`` in the user's configuration folder; each package reads its own table
of it into one frozen model.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

import platformdirs
from pydantic import Field, TypeAdapter, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    PyprojectTomlConfigSettingsSource,
    SettingsConfigDict,
)

from ingest.errors import SettingsError

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"

AnySettings = TypeVar("AnySettings", bound="TableSettings")


def settings_file() -> Path:
    """The settings file: ``CITEBOUND_SETTINGS`` if set, else in the user's configuration folder."""
    named = os.environ.get("CITEBOUND_SETTINGS")
    return (
        Path(named) if named else Path(platformdirs.user_config_dir("citebound")) / "settings.toml"
    )


def data_folder() -> Path:
    """Where libraries lie: ``CITEBOUND_HOME`` if set, else the user's data folder."""
    named = os.environ.get("CITEBOUND_HOME")
    return Path(named) if named else Path(platformdirs.user_data_dir("citebound"))


def cache_folder() -> Path:
    """Where converted models lie: ``CITEBOUND_CACHE`` if set, else the user's cache folder."""
    named = os.environ.get("CITEBOUND_CACHE")
    return Path(named) if named else Path(platformdirs.user_cache_dir("citebound"))


def library_folder(name_or_path: str | Path) -> Path:
    """The folder of a library: a bare name lies in the data folder, anything else is a path."""
    text = str(name_or_path)
    bare = Path(text).name == text and text not in ("", ".", "..")
    return data_folder() / "libraries" / text if bare else Path(text).expanduser()


class TableSettings(BaseSettings):
    """A frozen settings model read from one table of the settings file and from variables."""

    model_config = SettingsConfigDict(env_prefix="CITEBOUND_", frozen=True, extra="forbid")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over variables, variables over the file."""
        table = PyprojectTomlConfigSettingsSource(settings_cls, settings_file())
        return init_settings, env_settings, table


class IngestSettings(TableSettings):
    """How documents are read, cut, embedded and searched (table ``[ingest]``)."""

    model_config = SettingsConfigDict(pyproject_toml_table_header=("ingest",))

    library: str = Field("default", description="name or path of the library that is used")
    embedder: str = Field(
        DEFAULT_EMBEDDER, description="a sentence-transformers model: a name or a folder"
    )
    query_prompt: str | None = Field(None, description="instead of the model's own query prompt")
    document_prompt: str | None = Field(
        None, description="instead of the model's own document prompt"
    )
    chunk_tokens: int = Field(
        220, ge=32, description="tokens a chunk aims at, never over the embedder's own limit"
    )
    reranker: str = Field(
        "", description="a sentence-transformers CrossEncoder: a name or a folder; empty for none"
    )
    rerank_passages: int = Field(
        50, ge=1, description="how many of the best passages the reranker puts in order"
    )
    ocr: bool = Field(
        True, description="read text in pictures of PDF pages, where citebound[ocr] is installed"
    )
    seconds_per_page: float = Field(
        60.0, gt=0, description="processor's time after which reading one page is given up"
    )
    worker_memory_mb: int = Field(
        2048, ge=256, description="memory that a process which reads documents may take, in MB"
    )


def load_settings(model: type[AnySettings]) -> AnySettings:
    """Read one package's settings.

    Raises SettingsError naming the file or variable and the value that is not valid.
    """
    if settings_file().exists() and not settings_file().is_file():
        raise SettingsError(f"{settings_file()} is not a file; settings are one TOML file.")
    try:
        return model()
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{settings_file()} is not valid TOML: {error}.") from error
    except (OSError, UnicodeDecodeError, AttributeError, TypeError) as error:
        raise SettingsError(
            f"{settings_file()} cannot be read as settings ({error}); it is a TOML file of tables."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"The setting {name!r} ({settings_file()} or CITEBOUND_{name.upper()}) is not valid: "
            f"{first['msg']}."
        ) from error


def check_setting(model: type[TableSettings], name: str, value: object) -> object:
    """A value of one setting, as its field takes it. Raises SettingsError saying what is wrong."""
    field = model.model_fields[name]
    try:
        adapter: TypeAdapter[object] = TypeAdapter(cast("Any", Annotated[field.annotation, field]))
        return adapter.validate_python(value)
    except ValidationError as error:
        raise SettingsError(f"{error.errors()[0]['msg']}.") from error
