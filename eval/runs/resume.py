"""A run that was begun -> the ways to answer that it asks, so that it can be gone on with."""

from __future__ import annotations

from app.settings import AnswerSettings
from eval.runs.folder import Manifest, RunError, RunSetting
from eval.runs.plan import NEUTRAL
from eval.runs.variations import find_variation
from eval.runs.ways import SEARCH_SETTINGS, Way
from ingest.errors import SettingsError
from ingest.settings import IngestSettings, check_setting

FOUND = ("model_digest", "prompts", "variation")  # what is found out anew, and no setting


def ways_of_run(manifest: Manifest, settings: AnswerSettings) -> list[Way]:
    """The ways of a run; ``settings`` say where models are and how long they are waited for.

    Raises RunError where it has a setting that this program does not know, VariationError where a
    variation.
    """
    return [_way(setting, settings) for setting in manifest.settings]


def _way(setting: RunSetting, settings: AnswerSettings) -> Way:
    values = {name: value for name, value in setting.values.items() if name not in FOUND}
    search = {name: values.pop(name) for name in SEARCH_SETTINGS if name in values}
    try:
        checked = {
            name: check_setting(AnswerSettings, name, value)
            for name, value in values.items()
            if name not in NEUTRAL
        }
        found = {name: check_setting(IngestSettings, name, one) for name, one in search.items()}
    except (KeyError, SettingsError) as error:
        raise RunError(
            f"The way {setting.name} was asked by another version of the program ({error}); start "
            "a new run."
        ) from error
    named = setting.values.get("variation")
    return Way(
        setting.name,
        settings.model_copy(update=checked),
        found,
        find_variation(named) if named else None,
    )
