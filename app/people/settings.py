"""Settings of the page for several people (table ``[page]``), and where their files lie."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from ingest.settings import TableSettings, settings_file


class PageSettings(TableSettings):
    """How the page is served, and to whom (table ``[page]``)."""

    model_config = SettingsConfigDict(pyproject_toml_table_header=("page",))

    upload_mb: int = Field(200, ge=1, description="the largest file that can be uploaded, in MB")
    session_hours: float = Field(
        12.0, gt=0, le=24 * 30, description="hours after which one has to sign in again"
    )
    admins: tuple[str, ...] = Field(
        (), description="those who sign in with a provider and look after models and documents"
    )


def people_file() -> Path:
    """The people who sign in with a password; beside the settings file."""
    return settings_file().with_name("people.toml")


def secrets_file() -> Path:
    """The providers that people sign in with; beside the settings file."""
    return settings_file().with_name("secrets.toml")
