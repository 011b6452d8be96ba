"""What the checks of one examination share: settings, a tiny library, the model, what was heard."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar, cast

from app.doctor.connections import heard_hosts
from app.settings import AnswerSettings
from ingest.errors import SettingsError
from ingest.settings import IngestSettings, TableSettings, library_folder, load_settings

if TYPE_CHECKING:
    from app.models.choose import ModelChoice
    from ingest.library import Library

LONGEST_SILENCE = 120.0  # seconds; a large model may have to be loaded first

AnySettings = TypeVar("AnySettings", bound=TableSettings)


class Visit:
    """One examination, from beginning to end; ``library`` None is the one in settings."""

    def __init__(self, library: str | None, *, port: int) -> None:
        self.library = library
        self.port = port
        self._until_the_end = ExitStack()

    def __enter__(self) -> Self:
        self.heard = self._until_the_end.enter_context(heard_hosts())
        folder = tempfile.TemporaryDirectory(prefix="citebound-doctor-", ignore_cleanup_errors=True)
        self.folder = Path(self._until_the_end.enter_context(folder))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._until_the_end.close()

    @cached_property
    def ingest_settings(self) -> IngestSettings:
        """The settings, or those that come with the program where they are not valid."""
        return usable_settings(IngestSettings)

    @cached_property
    def answer_settings(self) -> AnswerSettings:
        """The settings for a question that shows whether the model works: one simple call."""
        settings = usable_settings(AnswerSettings)
        silence = min(settings.seconds_without_token, LONGEST_SILENCE)
        simple = {"strategy": "auto", "prompt": "", "unproved": "mark"}
        return settings.model_copy(update={**simple, "seconds_without_token": silence})

    @cached_property
    def tiny(self) -> Library:
        """A library in the temporary folder."""
        return self._opened(self.folder / "library", create=True)

    @property
    def own_folder(self) -> Path:
        """Where the user's library lies."""
        return library_folder(self.library or self.ingest_settings.library)

    @cached_property
    def own(self) -> Library:
        """The user's library. Raises LibraryError where it cannot be opened."""
        return self._opened(self.own_folder, create=False)

    @cached_property
    def choice(self) -> ModelChoice:
        """The model that would answer. Raises ModelError where settings name none."""
        from app.models.choose import choose_model

        return choose_model(self.answer_settings.model, self.tiny, self.answer_settings)

    def _opened(self, folder: Path, *, create: bool) -> Library:
        from ingest.library import Library

        opened = Library.open(folder, settings=self.ingest_settings, create=create)
        return self._until_the_end.enter_context(opened)


def usable_settings(model: type[AnySettings]) -> AnySettings:
    """The settings of a package, or those that come with it where they are not valid."""
    try:
        return load_settings(model)
    except SettingsError:  # which the check of settings tells
        return cast(AnySettings, model.model_construct())
